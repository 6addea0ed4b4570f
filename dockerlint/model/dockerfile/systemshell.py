"""Which program is /bin/sh in an image?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from dockerlint.data import records, table, word_list
from dockerlint.model.image import Image
from dockerlint.regex import pattern
from dockerlint.values import Unknown, known

if TYPE_CHECKING:
    from dockerlint.model.command.command import Command

_DASH: Final = word_list("images", "images-with-dash")
"""Images that stand on Debian or Ubuntu, where their tags name no other system; bash is there too."""
_BASH: Final = word_list("images", "images-with-bash")
_UBI = pattern(r"registry\.access\.redhat\.com/ubi\d+(?:/ubi(?:-minimal|-init)?)?\Z")
_ASH: Final = word_list("images", "images-with-busybox")
_RPM_TAG = pattern(r"ubi|oracle|centos|rockylinux|fedora|al20|amazon|corretto")
_OTHER_TAG = pattern(r"windows|nano|distroless|chiseled|mariner|azurelinux|scratch")
_OLD_JDK = pattern(r"(?:7|8|9|10|11)(?:\D|\Z)")
"""Tags of openjdk that stand on Debian; later ones stand on Oracle Linux."""
_BY_PRODUCT: Final[dict[str, str]] = {
    row["system"]: row["shell"] for row in records("images", "shells-of-systems")
}
_WITH_PIPEFAIL: Final = {
    row["system"]: row["pipefail"] for row in records("images", "shells-of-systems") if "pipefail" in row
}
"""First releases whose /bin/sh has the option."""
_BY_MANAGER: Final = table("images", "shells-by-manager")


def shell_by_manager(commands: Iterable[Command]) -> str | None:
    """The system's shell, told by the package manager that commands call; None where they call none."""
    steps = (command.step for command in commands)
    found = (_BY_MANAGER[step.manager] for step in steps if step is not None and step.manager in _BY_MANAGER)
    return next(found, None)


def knows_pipefail(image: Image | None) -> bool:
    """Whether /bin/sh takes `set -o pipefail`, as far as name and tag tell."""
    shell = system_shell(image)
    if image is None or shell != "dash":
        return shell is not None
    releases = (
        one for one in (image.base, image.release) if one is not None and one.product in _WITH_PIPEFAIL
    )
    return any(_number(one.cycle) >= _number(_WITH_PIPEFAIL[one.product]) for one in releases)


def _number(cycle: str) -> tuple[int, ...]:
    return tuple(int(part) for part in cycle.split(".") if part.isdecimal())


def system_shell(image: Image | None) -> str | None:
    """`dash`, `ash` (of BusyBox) or `bash`; None where the name and the tag of the image do not tell.

    Sources: the packages dash and bash of Debian are essential; alpine-baselayout links /bin/sh to BusyBox;
    Fedora and its relatives, Arch Linux and openSUSE link it to bash.
    """
    if (
        image is None
        or isinstance(image.name, Unknown)
        or (image.tag is not None and image.tag.known is None)
    ):
        return None
    name, tag = image.name, (known(image.tag) or "").lower()
    if _OTHER_TAG.search(tag):
        return None
    if name in _ASH or "alpine" in tag:
        return "ash"
    if image.base is not None and image.base.product in _BY_PRODUCT:
        return _BY_PRODUCT[image.base.product]
    if name in _BASH or _UBI.match(name) or _RPM_TAG.search(tag):
        return "bash"
    return "dash" if name in _DASH or (name == "openjdk" and _OLD_JDK.match(tag)) else None
