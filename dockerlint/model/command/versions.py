"""What a package operand says about the version, by the rules of each package manager."""

from __future__ import annotations

import re
from collections.abc import Callable

from dockerlint.regex import pattern
from dockerlint.values import UNKNOWN, Unknown

_PIP_OPERATOR = pattern(r"===|==|>=|<=|!=|~=|<|>")
_RPM_VERSION_PART = pattern(r"[0-9A-Za-z.~^_:+]+$")
_ARCHIVE = (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".zip", ".whl")
_VCS = ("git+", "hg+", "svn+", "bzr+")
_NPM_GIT = ("git:", "git+", "github:", "gitlab:", "bitbucket:", "ssh:")


def _apt(name: str) -> bool:
    return "=" in name or "/" in name or name.endswith(".deb")


def _apk(name: str) -> bool:
    return any(sign in name for sign in "=~<>") or name.endswith(".apk")


def _rpm(name: str) -> bool:
    """`bash-5.2` and `openssl-1:3.0.7-2.el9`: behind the first dash only version text, a number among it."""
    if name.endswith((".rpm", "/*")) or name.startswith(("http:", "https:")) or ":" in name.partition("-")[0]:
        return True  # a file, a URL, or name:stream of a module
    if name.startswith("/"):
        return False  # whatever package holds that file
    parts = name.split("-")[1:]
    return any(part[:1].isdigit() for part in parts) and all(_RPM_VERSION_PART.match(part) for part in parts)


def _zypper(name: str) -> bool:
    return any(sign in name for sign in "=<>") or name.endswith(".rpm")


def _pip(name: str) -> bool:
    if name.startswith(_VCS) or (" @ " in name and "git+" in name):
        return "@" in name.rpartition("/")[2] or "@" in name.split("//", 1)[-1].partition("/")[2]
    return (
        _PIP_OPERATOR.search(name) is not None
        or name.partition("#")[0].endswith(_ARCHIVE)
        or "/" in name
        or name[:1] == "."
    )


def _uv(name: str) -> bool:
    """What pip understands, and `tool@1.2`."""
    name, at, version = name.partition("@")
    return _pip(name + at + version) or (bool(at) and version not in ("latest", ""))


def _npm(name: str) -> bool:
    if name.startswith(_NPM_GIT) or name.endswith(".git") or ".git#" in name:
        return "#" in name
    if (
        name.startswith(("/", "./", "../", "~/", "file:"))
        or name in (".", "..")
        or name.endswith((".tar", ".tgz", ".tar.gz"))
    ):
        return True
    return "@" in name[1:]


def _gem(name: str) -> bool:
    return ":" in name or name.endswith(".gem")


def _go(name: str) -> bool:
    if name.startswith((".", "/")):
        return True
    return "@" in name and name.rpartition("@")[2] not in ("latest", "none", "upgrade", "patch", "")


_TESTS: dict[str, Callable[[str], bool]] = {
    "apt-get": _apt,
    "apt": _apt,
    "aptitude": _apt,
    "apk": _apk,
    "yum": _rpm,
    "dnf": _rpm,
    "dnf5": _rpm,
    "microdnf": _rpm,
    "tdnf": _rpm,
    "zypper": _zypper,
    "pip": _pip,
    "pipx": _pip,
    "uv": _uv,
    "npm": _npm,
    "yarn": _npm,
    "pnpm": _npm,
    "gem": _gem,
    "go": _go,
}


def says_version(manager: str, name: str, *, is_known: bool) -> bool | Unknown:
    """Whether the operand itself fixes a version; UNKNOWN where a variable could hold one."""
    test = _TESTS.get(manager)
    if test is None:
        return UNKNOWN
    if is_known:
        return test(name)
    # `curl=${CURL_VERSION}` says it whatever the variable holds; `$PACKAGES` may hold anything
    stand_in = re.sub(r"\$\{[^}]*\}|\$\w+", "1", name)
    return True if stand_in.strip("1") and test(stand_in) else UNKNOWN


def bare_name(manager: str, text: str) -> str:
    """The name of the package without version, release, architecture or extras."""
    if manager in ("npm", "yarn", "pnpm", "go"):
        return text[:1] + text[1:].partition("@")[0]
    if text.startswith((".", "/")):
        return text
    if manager == "gem":
        return text.partition(":")[0]
    return re.split(r"[=<>~!/\[;@]|:(?=[a-z0-9]+$)", text, maxsplit=1)[0] or text
