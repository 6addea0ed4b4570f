"""Images whose own start is a server: may somebody else than root start it?"""

from __future__ import annotations

from typing import Final

from dockerlint.model.dockerfile.stage import Stage
from dockerlint.model.image import Image
from dockerlint.regex import pattern
from dockerlint.values import known

_VERSION = pattern(r"(\d+)(?:\.(\d+))?(?:\.(\d+))?")
_PHP_SERVERS: Final = frozenset(("apache2-foreground", "php-fpm", "docker-php-entrypoint"))


def why_base_stays(base: Image) -> str:
    """Why what the base starts must be started by root; "" where it starts nothing of its own."""
    tag = known(base.tag) or ""
    if base.name == "nginx":
        return "nginx drops root itself; nginxinc/nginx-unprivileged is a base image without root"
    if (base.name == "tomcat" and not serves(base)) or (_is_php(base, tag) and not _may_be_started(tag)):
        return f"{base.name}:{tag or 'latest'} is too old to run as a user other than root"
    if base.name == "tomcat" or _is_php(base, tag):
        return "it adds no program to its base image, so it may be a base image itself"
    role = base.facts.role if base.facts is not None else ""
    return f"{base.label} includes a server that starts as root" if role not in ("", "base") else ""


def _is_php(base: Image, tag: str) -> bool:
    """php:apache or php:fpm, which bring a server."""
    return base.name == "php" and ("apache" in tag or "fpm" in tag)


def is_php_server(stage: Stage, base: Image) -> bool:
    """php:apache and php:fpm of releases that may be started by any user, with their own start.

    Since 2018-11-26 (docker-library/php#743); their workers are www-data's in any case.
    """
    tag = known(base.tag) or ""
    if not _is_php(base, tag) or not _may_be_started(tag):
        return False
    commands = [one for start in (stage.entrypoint, stage.cmd) if start for one in start.commands]
    return all(one.program in _PHP_SERVERS for one in commands)


def _may_be_started(tag: str) -> bool:
    """A tag of php whose image is newer than that change."""
    version = _VERSION.match(tag)
    numbers = tuple(int(part) for part in version.groups() if part) if version else (8,)
    if len(numbers) < 3:
        return numbers[0] > 7 or numbers == (7,) or numbers >= (7, 1)
    return numbers >= (7, 2, 13) or (7, 1, 25) <= numbers < (7, 2)


def serves(base: Image) -> bool:
    """tomcat, whose tree anybody may read and whose logs, temp and work anybody may write."""
    version = _VERSION.match(known(base.tag) or "")
    numbers = tuple(int(part) for part in version.groups() if part) if version else ()
    return base.name == "tomcat" and (
        numbers[:1] >= (10,) or numbers in ((9,), (9, 0), (8, 5)) or numbers >= (9, 0, 26)
    )
