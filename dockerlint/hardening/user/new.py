"""How the distribution below an image makes a user."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from dockerlint.data import word_list
from dockerlint.findings import Refusal
from dockerlint.model.command.command import Command
from dockerlint.model.image import Image
from dockerlint.regex import pattern
from dockerlint.values import Unknown, known

NAME: Final = "app"
NUMBER: Final = "65532"
"""The user of images without a shell: what distroless calls nonroot."""
_BUSYBOX: Final = f"addgroup -S {NAME} && adduser -S -G {NAME} {NAME}"
_SHADOW: Final = f"useradd --system --no-log-init --user-group --create-home {NAME}"

_DEBIAN_NAMES: Final = word_list("images", "images-with-useradd-of-debian")
"""Images whose tags stand on Debian or Ubuntu unless they say otherwise."""
_SHADOW_NAMES: Final = word_list("images", "images-with-useradd")
_UBI: Final = pattern(r"registry\.access\.redhat\.com/ubi\d+(?:/ubi)?\Z")
_WITHOUT_TOOLS: Final = word_list("images", "images-without-useradd")
"""Images that have no useradd (README.md of their publishers: install shadow-utils first)."""
_OTHER_SYSTEM = pattern(
    r"ubi|windows|nano|oracle|centos|rockylinux|fedora|amazon|al2|corretto|musl|mariner|azure"
)
_SMALL = pattern(r"minimal|micro|slim|init|distroless|chiseled")
_OLD_JDK = pattern(r"(?:7|8|9|10|11)(?:\D|\Z)")
"""Tags of openjdk that stand on Debian; later ones stand on Oracle Linux."""
_MAKERS: Final = frozenset(("useradd", "adduser"))
_GROUP_MAKERS: Final = frozenset(("groupadd", "addgroup"))


_PUTS_INTO_GROUPS: Final = word_list("privileges", "group-changers")
_POWERFUL: Final = word_list("privileges", "powerful-groups")


class MadeUser(NamedTuple):
    """A user that a RUN makes."""

    name: str
    group: str | None
    """Its group where the command names it; None where that is left to the distribution."""


def creation(base: Image) -> str | Refusal | None:
    """The command that makes the user `app` as the base's distribution does it.

    None for a base that has no command for it, where a number does; a refusal where the distribution is not
    known.
    """
    name = "" if isinstance(base.name, Unknown) else base.name
    tag = known(base.tag) or ""
    if not name or (base.tag is not None and base.tag.known is None):
        return Refusal("the name or the tag of the base image is not known")
    if name in _WITHOUT_TOOLS and "alpine" not in tag:
        return None
    if name in ("alpine", "busybox") or ("alpine" in tag and (name in _DEBIAN_NAMES or name in _JDKS)):
        return _BUSYBOX
    if name in _DEBIAN_NAMES and not _OTHER_SYSTEM.search(tag):
        return _SHADOW
    if name == "openjdk" and _OLD_JDK.match(tag) and not _OTHER_SYSTEM.search(tag):
        return _SHADOW
    if (name in _SHADOW_NAMES or _UBI.match(name)) and not _SMALL.search(tag):
        return _SHADOW
    return Refusal(f"how {name}:{tag or 'latest'} creates a user is not known")


_JDKS: Final = ("openjdk", "amazoncorretto")


def made_users(commands: Iterable[Command]) -> tuple[MadeUser, ...] | None:
    """The users that commands make, in order; None where a name cannot be read."""
    found: dict[str, MadeUser] = {}
    for command in commands:
        if command.tool in _MAKERS and not _is_membership(command):
            name = command.arguments[0] if len(command.arguments) == 1 else command.words[-1].text
            if not name.replace("-", "").replace("_", "").isalnum() or name.startswith("-"):
                return None
            found[name] = MadeUser(name, _group(command, name))
    return tuple(found.values())


def taken_groups(commands: Iterable[Command]) -> frozenset[str]:
    """Names of the groups that commands make."""
    return frozenset(each.words[-1].text for each in commands if each.tool in _GROUP_MAKERS and each.words)


def powerful_group(commands: Iterable[Command], name: str) -> str | None:
    """The group with rights of root that commands put a user into; None for none."""
    for command in commands:
        words = [word.text for word in command.words]
        if command.tool in _PUTS_INTO_GROUPS and name in words:
            groups = {group for word in words for group in word.split(",")} & _POWERFUL
            if groups:
                return min(groups)
    return None


def _is_membership(command: Command) -> bool:
    """`adduser NAME GROUP` puts somebody into a group."""
    return command.tool == "adduser" and not command.read.options and len(command.arguments) == 2


def _group(command: Command, name: str) -> str | None:
    option = command.option("-g", "--gid") if command.tool == "useradd" else command.option("-G", "--ingroup")
    if option is not None and option.value is not None:
        return option.value.text
    is_own = command.option("-U", "--user-group", "--group") is not None
    return name if is_own else None
