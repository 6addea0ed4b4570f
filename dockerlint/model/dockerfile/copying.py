"""COPY and ADD: what comes into the image, from where, and what should not."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import ClassVar, Final

from dockerlint.data import ordered_words
from dockerlint.model.command.moving import is_moving_branch
from dockerlint.model.command.permissions import lets_all_write, narrowed, runs_as_owner
from dockerlint.model.dockerfile.instruction import Instruction
from dockerlint.model.image import Image
from dockerlint.regex import pattern
from dockerlint.text import Span
from dockerlint.values import UNKNOWN, Located, Unknown, known

# What ADD unpacks: docs.docker.com/reference/dockerfile/#adding-local-tar-archives
_ARCHIVE = pattern(r"\.(?:tar|t(?:gz|bz2?|b2|lz|pz|xz|z|zst)|z|lz|gz|bz2|xz|zst|lzma)\Z", re.I)
_URL = pattern(r"(?:https?|ftp)://", re.I)
_GIT = pattern(r"(?:git@[\w.-]+:|git://|ssh://)|https?://[^?#]+\.git(?:[#?]|\Z)", re.I)

# How `docker history` writes a source; tools turn that back into Dockerfiles.
_HISTORY = pattern(r"(?:file|dir|multi):[0-9a-f]{64}\Z")

_OPEN: Final = pattern(
    r"(?:^|[._-])(?:public|pub|gpg|apt|archive|release|repo|example|sample|template|dist|tmpl|default"
    r"|dh\d*|dhparams?\d*|ffdhe\d+|modp\d+|csr|crl)(?:[._-]|\Z)",
    re.I,
)
"""Words of names whose files are made to be seen: public halves, package signing keys, samples,
Diffie-Hellman groups (RFC 7919), requests and revocations of certificates."""

_CERTIFICATE: Final = pattern(r"(?:^|[._-])(?:cert|certs|ca|fullchain|chain|bundle)[\w.-]*\.pem\Z", re.I)

_KEY: Final = pattern(
    r"id_(?:rsa|dsa|ecdsa|ed25519)(?:_sk)?|.+\.(?:pem|key|ppk|p12|pfx|jks|keystore|kdbx)"
    r"|\.(?:npmrc|netrc|pypirc|pgpass|my\.cnf|git-credentials|dockercfg|htpasswd)|_netrc"
    r"|\.(?:aws|ssh|gnupg|kube|azure)|\.docker/config\.json|\.?kubeconfig|credentials(?:\.json|\.csv)?"
    r"|service[-_]?account.*\.json|\.vault-token|.+\.tfstate|secrets?\.(?:ya?ml|json|env|txt|toml)",
    re.I,
)
LONGEST_NAME: Final = 255
"""Bytes that the name of a file has at most (NAME_MAX of Linux); nothing is told by a longer one."""
_PLACES_OF_ACCOUNTS: Final = frozenset(("", "/etc", "/etc/passwd"))
STEP_DOWN_PROGRAMS: Final = ordered_words("commands", "step-down-programs")
_NPM_LOCKS: Final = frozenset({"package-lock.json", "npm-shrinkwrap.json"})
_PROGRAM: Final = pattern(r"\.(?:sh|bash|fish|ps1|[cm]?[jt]s|py|rb|php|go|rs|java|kt|cs|vue|md)\Z", re.I)
"""Endings of text that is run or read by people, whatever its name begins with."""
_ENVIRONMENT: Final = pattern(r"\.env(?:rc|\.[\w.-]+)?|[\w-]+\.env", re.I)


@dataclass(frozen=True, slots=True)
class CopySource:
    """One source of COPY or ADD."""

    KINDS: ClassVar[tuple[str, ...]] = ("copy_source",)
    CHILDREN: ClassVar[tuple[str, ...]] = ()

    path: Located[str]
    """Variables resolved."""
    origin: str
    """`context` for the build context, `stage` for --from, `heredoc`, `url`, `git`, or `history`."""
    span: Span = field(compare=False)
    exposes: tuple[str, ...] = ()
    """When it is the whole context: names such as `.env` and `.git` that no `.dockerignore` keeps out."""
    label: str = ""
    """How to name it in a sentence, with `…` for what a variable brings."""
    may_unpack: bool = False
    """ADD may unpack it whatever its name: its content is an archive, or a pattern may match one."""
    has_no_login: bool = False
    """Settings of npm as they lie in the build context, without a token or password."""
    has_no_secret: bool = False
    """A file of variables as it lies in the build context, in which no secret stands."""
    is_ignored: bool = False
    """The `.dockerignore` beside the file keeps it out of the build, so the build fails."""

    @property
    def is_local(self) -> bool:
        """It comes from the build context."""
        return self.origin == "context"

    @property
    def is_remote(self) -> bool:
        """The builder downloads it."""
        return self.origin == "url"

    @property
    def moves(self) -> bool | Unknown:
        """A repository of git without a revision, or with a branch as its revision."""
        value = self.path.value
        if self.origin != "git":
            return False
        if isinstance(value, Unknown):
            return UNKNOWN
        revision = value.partition("#")[2].partition(":")[0]
        return not revision or is_moving_branch(revision)

    @property
    def is_plain_http(self) -> bool | Unknown:
        """Downloaded without TLS."""
        return UNKNOWN if self.label.startswith("…") else self.label.lower().startswith(("http://", "ftp://"))

    @property
    def is_whole_context(self) -> bool | Unknown:
        """`.`, `./`, `/`, `*`: everything the client sends."""
        if not self.is_local or isinstance(self.path.value, Unknown):
            return UNKNOWN if self.is_local else False
        return is_whole(self.path.value)

    @property
    def may_be_archive(self) -> bool | Unknown:
        """ADD would unpack it: an archive by its name, or a pattern that one may match."""
        value = self.path.value
        if isinstance(value, Unknown):
            return UNKNOWN
        return bool(_ARCHIVE.search(value)) or (value.rstrip("/").endswith("*") and not value.endswith("/*"))

    @property
    def is_environment_file(self) -> bool | Unknown:
        """`.env` or a relative of it; samples and programs are not."""
        name = self._name
        if isinstance(name, Unknown):
            return UNKNOWN
        return bool(_ENVIRONMENT.fullmatch(name)) and not _OPEN.search(name) and not _PROGRAM.search(name)

    @property
    def is_key_file(self) -> bool | Unknown:
        """A private key, a keystore or a file with credentials, by its name."""
        if self.has_no_login:
            return False
        name = self._name
        if isinstance(name, Unknown):
            return UNKNOWN
        return bool(_KEY.fullmatch(name)) and not _OPEN.search(name) and not _CERTIFICATE.search(name)

    @property
    def is_git_folder(self) -> bool | Unknown:
        """`.git`: the whole history, remotes with tokens included."""
        return UNKNOWN if isinstance(self._name, Unknown) else self._name == ".git"

    @property
    def _name(self) -> str | Unknown:
        """Last part of a local path; "" for what does not come from the context."""
        if not self.is_local:
            return ""
        value = self.path.value
        if isinstance(value, Unknown):
            return UNKNOWN
        parts = [part for part in value.replace("\\", "/").split("/") if part not in ("", ".", "*")]
        if not parts:
            return ""
        if parts[-2:] == [".docker", "config.json"]:
            return ".docker/config.json"
        return parts[-1] if len(parts[-1]) <= LONGEST_NAME else UNKNOWN


def is_whole(path: str) -> bool:
    """Whether a source in the build context is all of it."""
    return not path.replace("/", "").strip(".*") and ".." not in path


def origin_of(value: str) -> str:
    """Where a source comes from that is not of a stage: `git`, `url`, `history` or `context`."""
    if _HISTORY.match(value):
        return "history"
    if _GIT.match(value):
        return "git"
    return "url" if _URL.match(value) else "context"


@dataclass(frozen=True, slots=True)
class Copy(Instruction):
    """COPY or ADD; `keyword` tells which."""

    KINDS: ClassVar[tuple[str, ...]] = ("instruction", "copy")
    CHILDREN: ClassVar[tuple[str, ...]] = ("undefined", "sources", "image")

    sources: tuple[CopySource, ...] = ()
    destination: Located[str] | None = None
    """Where it copies to, as written."""
    copies_from: Located[str] | None = None
    """What `--from` names."""
    image: Image | None = None
    """The external image that `--from` names; None for a stage."""
    is_from_self: bool | Unknown = False
    """`--from` names the stage it stands in."""
    is_from_unknown: bool | Unknown = False
    """`--from` names no earlier stage, and is written like a stage, not like an image."""
    is_from_index: bool = False
    """`--from` is the number of a stage."""
    checksum: Located[str] | None = None
    """The value of `--checksum`."""
    owner: Located[str] | None = None
    """The value of `--chown`."""
    mode: Located[str] | None = None
    """The value of `--chmod`."""
    as_root: bool | Unknown = False
    """The user at this point of the stage is root."""
    absolute_destination: str | None = None
    """Where a relative destination leads; None where a variable or a base that is not known decides."""
    has_workdir_before: bool = False
    """The stage, or one it builds on, has set WORKDIR."""

    @property
    def lets_all_write(self) -> bool | Unknown:
        """`--chmod` gives every user the right to write."""
        mode = None if self.mode is None else self.mode.value
        return UNKNOWN if isinstance(mode, Unknown) else mode is not None and lets_all_write(mode)

    @property
    def narrowed_mode(self) -> str | None:
        """That mode without the right to write of group and others; None where it is written in letters."""
        mode = known(self.mode)
        return None if mode is None else narrowed(mode)

    @property
    def brings_whole_context(self) -> bool:
        """One of the sources is the whole build context."""
        return any(source.is_whole_context is True for source in self.sources)

    @property
    def brings_accounts(self) -> bool:
        """It may bring /etc/passwd: it copies there, or to the root, or to where a variable says."""
        path = self.absolute_destination
        return path is None or path.rstrip("/") in _PLACES_OF_ACCOUNTS

    @property
    def brings_npm_lock(self) -> bool:
        """One of the sources is named as a lock file of npm is, without a wildcard: so it is there."""
        names = (source.path.known or "" for source in self.sources if not source.is_ignored)
        return any(name.rpartition("/")[2] in _NPM_LOCKS for name in names)

    @property
    def brings_step_down(self) -> bool:
        """One of the sources is named as a program is with which entrypoints leave root."""
        names = ((source.path.known or "").rpartition("/")[2] for source in self.sources)
        return any(name.startswith(STEP_DOWN_PROGRAMS) for name in names)

    @property
    def sets_identity(self) -> bool:
        """`--chmod` makes programs run as their owner."""
        mode = known(self.mode)
        return mode is not None and runs_as_owner(mode)

    @property
    def lacks_slash(self) -> bool | Unknown:
        """Several sources, and a destination that is not written as a directory: Docker refuses it."""
        if len(self.sources) < 2 or self.destination is None or self.unread_list is not None:
            return False
        if self.sources[0].origin == "history":
            return False
        path = self.destination.value
        return (
            UNKNOWN
            if isinstance(path, Unknown)
            else not path.endswith(("/", "\\")) and path not in (".", "..")
        )

    @property
    def is_relative_without_workdir(self) -> bool | Unknown:
        """Where the files land is up to the base image."""
        if self.destination is None or self.has_workdir_before:
            return False
        path = self.destination.value
        if isinstance(path, Unknown):
            return UNKNOWN
        return not path.startswith(("/", "\\")) and path[1:2] != ":"


@dataclass(frozen=True, slots=True)
class Add(Copy):
    """ADD: COPY that also downloads and unpacks."""

    KINDS: ClassVar[tuple[str, ...]] = ("instruction", "copy", "add")

    @property
    def may_unpack(self) -> bool:
        """What one of its sources holds, or may hold, is an archive, which ADD knows by its content."""
        return any(source.may_unpack for source in self.sources)

    @property
    def is_plain_copy(self) -> bool | Unknown:
        """Every source is a local file or folder that is not unpacked: COPY would do."""
        for source in self.sources:
            if source.origin != "context":
                return False
            if source.may_be_archive is not False:
                return UNKNOWN if isinstance(source.may_be_archive, Unknown) else False
        return bool(self.sources)
