"""What a path on the host gives away when a container gets to see it.

Paths are those of a Linux host, cleaned: absolute, below `~`, or relative to the project (`./data`, `../..`).
Sources: Filesystem Hierarchy Standard 3.0; CIS Docker Benchmark 5.6 and 5.32;
https://docs.docker.com/engine/security/#docker-daemon-attack-surface
"""

from __future__ import annotations

from collections.abc import Callable
from posixpath import normpath
from typing import Final, TypeAlias

from dockerlint.data import ordered_words, word_list
from dockerlint.regex import pattern

Test: TypeAlias = Callable[[str], bool]
"""A question about a cleaned path."""

CONTROL_SOCKET = pattern(
    r"(?:\A|[/\\.-])(?:docker|docker\.raw|containerd|crio|podman|cri-dockerd|buildkitd)\.sock(?:et)?\Z"
    r"|[/\\]pipe[/\\](?:docker_engine|dockerDesktop\w*|containerd-containerd)\Z"
)
"""Sockets and pipes that start containers with any mount: whoever may write there is root on the host."""

_SOCKET_FOLDERS = pattern(
    r"/(?:var)?\Z|(?:/var)?/run(?:/(?:containerd|podman|crio|systemd|user(?:/\w+(?:/podman)?)?))?\Z"
    r"|(?:/var)?/run/systemd/private\Z"
)
_TAKEOVER_TREES: Final = ordered_words("folders", "takeover-trees")
_TAKEOVER_FOLDERS: Final = word_list("folders", "takeover-folders")
_DISCLOSURE_TREES: Final = ordered_words("folders", "disclosure-trees")
_HARMLESS_DEVICES: Final = word_list("folders", "harmless-devices")
_SHOWN_DEVICES = ("/dev/dri", "/dev/snd")
"""Graphics and sound: they hold nothing, and a mount alone does not open them."""
_OWN_SCRATCH = pattern(r"/dev/shm/[^/]")
"""A folder in memory that somebody made for the purpose."""
_CLOCK_FILES = frozenset(("/etc/localtime", "/etc/timezone"))
_HOME = pattern(r"(?:~|/home(?:/[^/]+)?)\Z")
_CREDENTIALS = pattern(
    r"(?:~|/home/[^/]+|/root)/(?:\.ssh|\.docker|\.aws|\.azure|\.kube|\.gnupg|\.config/gcloud|\.netrc)(?:/|\Z)"
)
_SESSION = pattern(r"(?:/var)?/run/user/[^/]+/(.+)\Z")
_SESSION_SECRETS: Final = ordered_words("folders", "session-secrets")
_ABOVE_ALL = pattern(r"(?:\.\./){6,}")
"""More folders up than a project lies deep: `..` of the root is the root."""
_UPWARDS = pattern(r"\A(?:\.\./)+")
_CLIMBS = pattern(r"\.\./\.\.(?:/|\Z)")


def clean_path(path: str) -> str:
    """The path without `.`, `..` and double slashes; a relative one starts with `./` or `../`."""
    if path.startswith("/"):
        # normpath keeps two leading slashes, which mean nothing on Linux.
        return normpath("/" + path.lstrip("/"))
    cleaned = normpath(path)
    if _ABOVE_ALL.match(f"{cleaned}/"):
        return normpath("/" + _UPWARDS.sub("", f"{cleaned}/"))
    return cleaned if cleaned.startswith(("../", "~")) or cleaned in ("..", ".") else f"./{cleaned}"


def is_control_socket(path: str) -> bool:
    """A socket that controls a container engine or the init system, or a folder that holds one."""
    return bool(CONTROL_SOCKET.search(path) or _SOCKET_FOLDERS.match(path))


def gives_takeover(path: str) -> bool:
    """Whoever writes here becomes root on the host; the root folder itself is a matter of control sockets."""
    return path not in _CLOCK_FILES and (path in _TAKEOVER_FOLDERS or _is_below(path, _TAKEOVER_TREES))


def gives_disclosure(path: str) -> bool:
    """Whoever reads here learns secrets, keys or the state of the host."""
    if path in _HARMLESS_DEVICES or path in _CLOCK_FILES or is_control_socket(path):
        return False
    if _is_below(path, _SHOWN_DEVICES) or _OWN_SCRATCH.match(path):
        return False
    session = _SESSION.match(path)
    if session is not None:
        return session[1].startswith(_SESSION_SECRETS)
    if path == "/var/lib" or path.startswith(("/run/", "/var/run/")):
        return True
    return bool(_is_below(path, _DISCLOSURE_TREES) or is_home(path) or holds_credentials(path))


def is_clock_file(path: str) -> bool:
    """`/etc/localtime` and `/etc/timezone`: harmless to read, not to write."""
    return path in _CLOCK_FILES


def is_home(path: str) -> bool:
    """The home folder of a user, or the folder of all of them."""
    return _HOME.match(path) is not None


def holds_credentials(path: str) -> bool:
    """The place where tools keep a user's keys: ssh, Docker, cloud, Kubernetes, GnuPG."""
    return _CREDENTIALS.match(path) is not None


def climbs_out(path: str) -> bool:
    """Relative, and more than one folder above the project."""
    return _CLIMBS.match(path) is not None


def _is_below(path: str, trees: tuple[str, ...]) -> bool:
    return any(path == tree or path.startswith(tree + "/") for tree in trees)
