"""What a package manager is asked to do: one reading for apt, apk, dnf, pip, npm and the rest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import ClassVar, Final

from dockerlint.data import table, word_list, word_table
from dockerlint.model.command.versions import bare_name, says_version
from dockerlint.shell.options import Arguments
from dockerlint.shell.words import Option, Word
from dockerlint.text import Span
from dockerlint.values import Located, Unknown


@dataclass(frozen=True, slots=True)
class Package:
    """One package a command names."""

    KINDS: ClassVar[tuple[str, ...]] = ("package",)
    CHILDREN: ClassVar[tuple[str, ...]] = ()

    name: str
    """Without version, extras and architecture."""
    text: str
    """The package as written, version included."""
    is_pinned: bool | Unknown
    """The text fixes a version, a file or a path; UNKNOWN where a variable could."""
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class PackageStep:
    """One call of a package manager."""

    KINDS: ClassVar[tuple[str, ...]] = ("package_step",)
    CHILDREN: ClassVar[tuple[str, ...]] = ("packages",)

    manager: str
    """`apt-get`, `apk`, `dnf`, `pip` …"""
    action: str
    """`install`, `update` (the index), `upgrade`, `dist-upgrade`, `clean`, `remove`; "" for anything else."""
    verb: Located[str]
    """The word that says so: `install`, `add`, `in` …"""
    packages: tuple[Package, ...]
    options: tuple[str, ...]
    """Every option of the call, its value left out."""
    assumes_yes: bool
    """Asks nobody: an option says yes, or `yes` is piped in."""
    skips_recommends: bool
    """Recommended packages are left out."""
    keeps_no_cache: bool
    """`--no-cache` of apk, `--no-cache-dir` of pip."""
    is_from_file: bool
    """What to install stands in a file: `-r requirements.txt`, a lock file, a folder."""
    span: Span = field(compare=False)
    call: Span = field(compare=False)
    """The verb, with the switches right behind it that say yes or keep quiet: `install -y`."""

    wants_recommends: bool = False
    """`--install-recommends`: somebody decided for them."""

    @property
    def unpinned(self) -> tuple[str, ...]:
        """Names of the packages without a version, where the text decides that."""
        return tuple(package.text for package in self.packages if package.is_pinned is False)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all packages."""
        return tuple(package.name for package in self.packages)

    @property
    def unsorted(self) -> Package | None:
        """The first package that belongs before the one in front of it; variables do not count."""
        named = [package for package in self.packages if not package.text.startswith("$")]
        pairs = pairwise(named)
        return next((other for one, other in pairs if other.name.lower() < one.name.lower()), None)

    @property
    def first_unpinned(self) -> Span | None:
        """Where the first package without a version stands."""
        return next((package.span for package in self.packages if package.is_pinned is False), None)


def is_true(text: str) -> bool:
    """How pip and apt read a switch."""
    return text.strip().strip('"').lower() in _TRUE


_VERBS: Final[Mapping[str, Mapping[str, str]]] = {
    manager: {verb: action for action, verbs in row.items() for verb in verbs.split()}
    for manager, row in table("commands", "package-verbs").items()
}

_BY_OPTION: Final = word_list("commands", "package-managers-by-option")
"""Those whose verbs are options."""
_YES: Final = word_table("commands", "yes-options")
_FAMILIES: Final = table("commands", "package-families")
_CURT = frozenset({"-y", "--yes", "--assume-yes", "-q", "--quiet"})
_NO_CACHE = frozenset({"--no-cache", "--no-cache-dir", "--no-network"})
_SIMULATES: Final = word_list("commands", "rehearsal-options")
_GROUPS: Final = word_list("commands", "group-verbs")
_GROUPED = ("module", "group", "groups", "global")
_SECOND_VERBS: Final = {"uv": ("tool", "pip")}
_TRUE = frozenset({"true", "1", "yes", "on"})
_FALSE = frozenset({"false", "0", "no", "off"})


def read_step(
    manager: str, read: Arguments, fed_by: tuple[str, ...], span: Span, given: Mapping[str, str]
) -> PackageStep | None:
    """What a command asks its package manager to do; None for a program that is none, and for a rehearsal.

    `given` are the variables that are set in front of the command.
    """
    verbs = _VERBS.get(manager)
    if verbs is not None and manager in _BY_OPTION:
        return _step_by_option(manager, read, span)
    if verbs is None or read.subcommand is None:
        return None
    verb, operands = _verb(manager, read)
    is_group = read.subcommand.text in _GROUPS
    action = verbs.get(verb.text, "")
    names = tuple(option.name for option in read.options)
    if _FAMILIES.get(manager) == "apt" and not _SIMULATES.isdisjoint(names):
        return None
    from_file = _is_from_file(manager, verb.text, names, operands)
    return PackageStep(
        manager=manager,
        action=action,
        verb=Located(verb.value, verb.span),
        packages=_packages(manager, operands, read.options) if action == "install" and not is_group else (),
        options=names,
        assumes_yes=_assumes_yes(manager, read.options, fed_by),
        skips_recommends=_skips_recommends(read.options),
        wants_recommends=any(option.name == "--install-recommends" for option in read.options),
        keeps_no_cache=not _NO_CACHE.isdisjoint(names) or is_true(given.get("PIP_NO_CACHE_DIR", "")),
        is_from_file=from_file,
        span=span,
        call=_call(verb.span, read.options),
    )


def _step_by_option(manager: str, read: Arguments, span: Span) -> PackageStep | None:
    """`pacman -Syu`: letters say what is done, and several may stand together."""
    names = tuple(option.name for option in read.options)
    told = {_VERBS[manager][name] for name in names if name in _VERBS[manager]}
    if not told:
        return None
    # With packages it fetches the lists and installs, so that nothing waits for another call.
    order = ("remove", "clean", "upgrade", "update", "install") if told != {"install"} else ("install",)
    action = next(one for one in order if one in told)
    first = read.options[0].span
    if action == "update" and read.operands:
        action = "upgrade"
    return PackageStep(
        manager=manager,
        action=action,
        verb=Located("".join(name.lstrip("-") for name in names if name[:2] != "--"), first),
        packages=_packages(manager, read.operands, read.options) if action == "install" else (),
        options=names,
        assumes_yes="--noconfirm" in names,
        skips_recommends=False,
        keeps_no_cache=False,
        is_from_file=not read.operands,
        span=span,
        call=first,
    )


def _call(verb: Span, options: tuple[Option, ...]) -> Span:
    end = verb.end
    for option in options:
        is_next = option.span.start == end + 1 or option.span.end == end
        if is_next and option.value is None and option.name in _CURT:
            end = option.span.end
    return verb._replace(end=end)


def _verb(manager: str, read: Arguments) -> tuple[Word, tuple[Word, ...]]:
    """`dnf module install` and `yarn global add`: the second word says what is done."""
    assert read.subcommand is not None
    first, rest = read.subcommand, read.operands
    if rest and first.text in _SECOND_VERBS.get(manager, _GROUPED):
        return rest[0], rest[1:]
    if manager == "go" and first.text == "run" and rest:
        return first._replace(text="install"), rest[:1]
    return first, rest


def _packages(manager: str, operands: tuple[Word, ...], options: tuple[Option, ...]) -> tuple[Package, ...]:
    all_pinned = _pins_all(manager, options)
    return tuple(_package(manager, word, is_pinned=all_pinned) for word in operands if word.text)


def _package(manager: str, word: Word, *, is_pinned: bool) -> Package:
    is_known = not isinstance(word.value, Unknown)
    pinned = is_pinned or says_version(manager, word.text, is_known=is_known)
    return Package(bare_name(manager, word.text), word.text, pinned, word.span)


def _pins_all(manager: str, options: tuple[Option, ...]) -> bool:
    names = {option.name for option in options}
    if manager == "gem":
        return bool(names & {"-v", "--version"})
    return manager in ("pip", "uv") and bool(names & {"-c", "--constraint", "-r", "--requirement"})


def _is_from_file(manager: str, verb: str, names: tuple[str, ...], operands: tuple[Word, ...]) -> bool:
    if manager in ("pip", "uv"):
        return bool(
            {"-r", "--requirement", "-c", "--constraint", "-e", "--editable"}.intersection(names)
        ) or any(word.text[:1] in "./" for word in operands)
    return verb in ("ci", "clean-install") or not operands


def _assumes_yes(manager: str, options: tuple[Option, ...], fed_by: tuple[str, ...]) -> bool:
    family = _FAMILIES.get(manager, manager)
    if family not in _YES or "yes" in fed_by:
        return True
    names = [option.name for option in options]
    if any(name in _YES[family] for name in names):
        return True
    return family == "apt" and (
        _is_very_quiet(options) or _apt_setting(options, "apt::get::assume-yes") is True
    )


def _is_very_quiet(options: tuple[Option, ...]) -> bool:
    """`-qq` and `-q=2` of apt-get imply yes."""
    quiet = [option for option in options if option.name in ("-q", "--quiet")]
    return len(quiet) > 1 or any(option.value is not None and option.value.text >= "2" for option in quiet)


def _skips_recommends(options: tuple[Option, ...]) -> bool:
    return (
        any(option.name == "--no-install-recommends" for option in options)
        or _apt_setting(options, "apt::install-recommends") is False
    )


def _apt_setting(options: tuple[Option, ...], wanted: str) -> bool | None:
    """The value that `-o Name=value` gives a setting of apt; names do not care for case."""
    found: bool | None = None
    for option in options:
        if option.name not in ("-o", "--option") or option.value is None:
            continue
        name, _, value = option.value.text.partition("=")
        if name.strip().lower() == wanted and value.strip().strip('"').lower() in _TRUE | _FALSE:
            found = is_true(value)
    return found
