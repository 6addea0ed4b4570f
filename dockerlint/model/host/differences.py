"""A container next to the service that made it: the differences that the texts prove, and no others."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from dockerlint.model.container.container import Container
from dockerlint.model.host.counterpart import Counterpart
from dockerlint.model.host.drift import Drift
from dockerlint.model.host.exposure import differing_mounts, differing_ports
from dockerlint.model.host.launching import differing_launch
from dockerlint.model.image import Image
from dockerlint.values import UNKNOWN, Located, Unknown, known

_MEBI: Final = 1 << 20
_MEMORY: Final = "memory"
_NO_VALUE: Final = ("", "private", "shareable", "default")
"""What a namespace says when nobody chose one."""


def drifts(pair: Counterpart) -> Iterator[Drift]:
    """Every difference."""
    yield from _image(pair)
    yield from _user(pair)
    yield from differing_ports(pair)
    yield from differing_mounts(pair)
    yield from _rights(pair)
    yield from _limits(pair)
    yield from _security(pair)
    yield from _namespaces(pair)
    yield from _networks(pair)
    yield from _environment(pair)
    yield from differing_launch(pair)


def _image(pair: Counterpart) -> Iterator[Drift]:
    image, service = pair.container.image, pair.service
    if image is None or not image.is_resolved:
        return
    if service.image is not None:
        wanted = service.image
        if wanted.is_resolved and _identity(wanted) != _identity(image):
            yield pair.drift("image", f"runs {image.reference}", f"says {wanted.reference}", span=image.span)
    elif service.is_built and pair.deployment.name:
        names = [f"{pair.deployment.name}{sign}{pair.key}" for sign in "-_"]
        if image.name not in names:
            yield pair.drift("image", f"runs {image.reference}", f"builds {names[0]}", span=image.span)


def _identity(image: Image) -> tuple[object, ...]:
    digest = known(image.digest)
    return image.registry, image.name, digest or known(image.tag) or "latest"


def _user(pair: Counterpart) -> Iterator[Drift]:
    wanted = pair.image_user if pair.service.account is None else pair.service.account.text
    account = pair.container.account
    found = "" if account is None else account.text
    if wanted is None or isinstance(wanted, Unknown) or isinstance(found, Unknown) or found == wanted:
        return
    if pair.service.is_partial and pair.service.account is None:
        return
    is_root = account is None or account.is_root is True
    span = None if account is None else account.span
    yield pair.drift(
        "user", f"runs as {found or 'root'}", f"says {wanted or 'root'}", span=span, weakens=is_root
    )


def _rights(pair: Counterpart) -> Iterator[Drift]:
    made, said = pair.container, pair.service
    flag = _flag_drift(pair, "capabilities", "privileged", made.privileged, said.privileged)
    if flag is not None:
        yield flag
    rights = _Rights.of(made), _Rights.of(said)
    if rights[0] is None or rights[1] is None or said.is_partial:
        return
    more, less = list(rights[0].beyond(rights[1])), list(rights[0].below(rights[1]))
    if more or less:
        span = made.capabilities[0].span if made.capabilities else made.dropped_at
        yield pair.drift("capabilities", ", ".join([*more, *less]), "does not", span=span, weakens=bool(more))


class _Rights(NamedTuple):
    """The capabilities that a container is given, and those that it is denied."""

    added: frozenset[str]
    dropped: frozenset[str]

    @classmethod
    def of(cls, container: Container) -> _Rights | None:
        """None where a variable decides."""
        added = [one.name for one in container.capabilities]
        dropped = [one.value for one in container.dropped]
        if UNKNOWN in (*added, *dropped):
            return None
        return cls(frozenset(map(str, added)), frozenset(map(str, dropped)))

    def beyond(self, other: _Rights) -> Iterator[str]:
        yield from (f"adds {one}" for one in sorted(self.added - other.added))
        yield from (f"keeps {one}" for one in sorted(other.dropped - self.dropped))

    def below(self, other: _Rights) -> Iterator[str]:
        yield from (f"lacks {one}" for one in sorted(other.added - self.added))
        yield from (f"drops {one}" for one in sorted(self.dropped - other.dropped))


def _limits(pair: Counterpart) -> Iterator[Drift]:
    made, said = pair.container.limits, pair.service.limits
    pairs: tuple[tuple[str, Located[Any] | None, Located[Any] | None], ...] = (
        (_MEMORY, made.memory, said.memory),
        ("CPUs", made.cpus, said.cpus),
        ("processes", made.pids, said.pids),
    )
    for name, has, wanted in pairs:
        if _is_open(has) or _is_open(wanted) or (wanted is None and pair.service.is_partial):
            continue
        found, told = max(known(has) or 0, 0), max(known(wanted) or 0, 0)
        if abs(found - told) > 0.001:
            weakens = bool(told) and (not found or found > told)
            span = None if has is None else has.span
            words = _amount(name, found), f"says {_amount(name, told)}"
            yield pair.drift("limits", *words, span=span, weakens=weakens)


def _is_open(value: Located[Any] | None) -> bool:
    return value is not None and isinstance(value.value, Unknown)


def _amount(name: str, value: float) -> str:
    if not value:
        return f"no limit of {name}"
    return f"{name} {value / _MEBI:g}m" if name == _MEMORY else f"{name} {value:g}"


def _flag_drift(
    pair: Counterpart,
    aspect: str,
    name: str,
    has: Located[bool] | None,
    wanted: Located[bool] | None,
    weak: bool = True,
) -> Drift | None:
    """A switch that is off unless somebody says otherwise; `weak` is its dangerous side."""
    if _is_open(has) or _is_open(wanted) or (wanted is None and pair.service.is_partial):
        return None
    found, told = known(has) or False, known(wanted) or False
    if found == told:
        return None
    span = None if has is None else has.span
    words = (name, "does not say so") if found else (f"not {name}", f"says {name}")
    return pair.drift(aspect, *words, span=span, weakens=found is weak)


def _security(pair: Counterpart) -> Iterator[Drift]:
    made, said = pair.container, pair.service
    flag = _flag_drift(pair, "security", "read-only", made.read_only, said.read_only, weak=False)
    if flag is not None:
        yield flag
    found, wanted = _options(made), _options(said)
    if found is None or wanted is None or found == wanted or said.is_partial:
        return
    off = {str(one.disables) for one in made.security_options if one.is_disabling is True}
    meant = {str(one.disables) for one in said.security_options if one.is_disabling is True}
    loosens = bool(off - meant) or ("no-new-privileges" in wanted and "no-new-privileges" not in found)
    span = made.security_options[0].span if made.security_options else None
    has, told = (", ".join(sorted(one)) for one in (found - wanted, wanted - found))
    words = f"security option {has}" if has else f"no security option {told}"
    yield pair.drift("security", words, f"says {told}" if told else "does not", span=span, weakens=loosens)


def _options(container: Container) -> set[str] | None:
    """The security options in one spelling; a profile that is a file or its content is `custom`."""
    found = set()
    for one in container.security_options:
        if isinstance(one.name, Unknown) or isinstance(one.value, Unknown):
            return None
        if one.name == "no-new-privileges":
            continue
        value = "custom" if one.name == "seccomp" and one.value != "unconfined" else one.value or ""
        found.add(f"{one.name}={value.replace(':', '=')}")
    forbids = container.forbids_new_privileges
    if isinstance(forbids, Unknown):
        return None
    return found | ({"no-new-privileges"} if forbids else set())


def _namespaces(pair: Counterpart) -> Iterator[Drift]:
    made, said = pair.container.namespaces, pair.service.namespaces
    for name in ("pid", "ipc", "uts", "user", "cgroup"):
        has, wanted = getattr(made, name), getattr(said, name)
        if _is_open(has) or _is_open(wanted) or (wanted is None and pair.service.is_partial):
            continue
        if name == "cgroup" and wanted is None:
            continue  # the kernel decides, and the daemon
        found, told = _mode(has), _mode(wanted)
        if found != told:
            has_it, says = (
                f"{name} {value}" if value else f"its own {name} namespace" for value in (found, told)
            )
            span = None if has is None else has.span
            yield pair.drift("network", has_it, f"says {says}", span=span, weakens=found == "host")


def _mode(namespace: Located[str] | None) -> str:
    text = known(namespace) or ""
    if text in _NO_VALUE:
        return ""
    return "of another container" if text.startswith(("service:", "container:")) else text


def _networks(pair: Counterpart) -> Iterator[Drift]:
    made, said, deployment = pair.container, pair.service, pair.deployment
    mode, wanted_mode = made.namespaces.network, said.namespaces.network
    if _is_open(mode) or _is_open(wanted_mode) or said.is_partial or not deployment.name:
        return
    keys = [known(one) for one in said.networks]
    if None in keys:
        return
    found = {_mode(mode) or "bridge"} if mode is not None else {str(known(one)) for one in made.networks}
    if wanted_mode is not None:
        wanted = {_mode(wanted_mode) or "bridge"}
    else:
        wanted = {deployment.network(str(key)) for key in keys} or {deployment.network("default")}
    if found == wanted or (said.host_network is not None and "host" in found):
        return
    span = mode.span if mode is not None else made.networks[0].span if made.networks else None
    more, less = (", ".join(sorted(one)) for one in (found - wanted, wanted - found))
    words = f"on network {more}" if more else f"not on network {less}"
    yield pair.drift("network", words, f"says {less}" if less else "does not", span=span, weakens=bool(more))


def _environment(pair: Counterpart) -> Iterator[Drift]:
    from_files = pair.deployment.variables.get(pair.key, frozenset())
    has = {one.name for one in pair.container.variables}
    own = {one.name for one in pair.service.variables if one.value is not None}
    passed = {one.name for one in pair.service.variables if one.value is None}
    gone = sorted((own | (from_files or frozenset())) - has)
    if gone and pair.container.variables:
        yield pair.drift("environment", f"lacks {', '.join(gone)}", "sets it")
    if from_files is None or pair.image_variables is None or pair.service.is_partial:
        return
    more = sorted(has - own - passed - from_files - pair.image_variables)
    if more:
        first = next(one for one in pair.container.variables if one.name == more[0])
        yield pair.drift("environment", f"has {', '.join(more)}", "does not", span=first.name_span)
