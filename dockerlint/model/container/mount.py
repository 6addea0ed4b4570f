"""What of its host, or of other storage, a container gets to see."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from dockerlint.model.container import hostpath
from dockerlint.regex import pattern
from dockerlint.text import Span
from dockerlint.values import UNKNOWN, UNRESOLVED, Located, Unknown

_DRIVE = pattern(r"[A-Za-z]:[\\/]")


@dataclass(frozen=True, slots=True)
class Mount:
    """One entry of `volumes:` or `tmpfs:`, or a secret or config that is a file of the host."""

    KINDS: ClassVar[tuple[str, ...]] = ("mount",)
    CHILDREN: ClassVar[tuple[str, ...]] = ()

    type: str | Unknown
    """`bind`, `volume`, `tmpfs`, `npipe`, `image` or `cluster`.

    A named volume of the local driver that binds a host path is a `bind`.
    """
    source: Located[str] | None
    """Host path, volume name or image; None for an anonymous volume or tmpfs. UNRESOLVED may stand inside."""
    target: Located[str] | None
    """Path in the container."""
    origin: str
    """Where it stands: `volumes`, `tmpfs`, `secrets`, `configs`."""
    read_only: Located[bool] | None
    """Whether the container cannot write to it."""
    propagation: Located[str] | None
    """`private`, `shared`, `slave` or one of these with an `r` before it."""
    options: tuple[str, ...]
    """All options of the short form, or of a tmpfs, in lower case."""
    span: Span = field(compare=False)
    volume: str | None = None
    """The named volume it comes from."""
    is_quoted_for_nothing: bool = False
    """Written in quotes, and the same word without them."""

    @property
    def is_on_drive(self) -> bool:
        """It appears in the container on a drive of Windows: `C:\\data`."""
        return self.target is not None and _DRIVE.match(self.target.known or "") is not None

    @property
    def is_bind(self) -> bool | Unknown:
        """It shows a path of the host."""
        return UNKNOWN if isinstance(self.type, Unknown) else self.type in ("bind", "npipe")

    @property
    def is_tmpfs(self) -> bool | Unknown:
        """It lives in memory."""
        return UNKNOWN if isinstance(self.type, Unknown) else self.type == "tmpfs"

    @property
    def is_anonymous(self) -> bool | Unknown:
        """A volume without a name: its data is lost with the container."""
        if isinstance(self.type, Unknown):
            return UNKNOWN
        return self.type == "volume" and self.source is None

    @property
    def is_read_only(self) -> bool | Unknown:
        """Writable unless the text says otherwise."""
        return False if self.read_only is None else self.read_only.value

    @property
    def path(self) -> str | Unknown | None:
        """The host path of a bind, cleaned; `~/x` for a home folder; None for anything that is no bind."""
        if self.is_bind is False or self.source is None:
            return None
        source = self.source.value
        if isinstance(source, Unknown) or UNRESOLVED in source:
            return UNKNOWN
        return hostpath.clean_path(source)

    @property
    def label(self) -> str:
        """How to name it in a sentence: what it shows, with `…` for what a variable brings."""
        source = None if self.source is None else self.source.value
        if self.volume is not None and isinstance(self.path, str):
            return f"{self.path} (volume {self.volume})"
        return str(source).replace(UNRESOLVED, "…") if isinstance(source, str) else "this mount"

    @property
    def is_host_root(self) -> bool | Unknown:
        """The whole file system of the host."""
        return self._path_is(lambda path: path == "/")

    @property
    def is_control_socket(self) -> bool | Unknown:
        """The socket of a container engine, or a folder that holds one: root on the host, even read-only."""
        source = self.source.value if self.is_bind is True and self.source is not None else ""
        # ${XDG_RUNTIME_DIR}/docker.sock is one wherever the folder may be.
        if isinstance(source, str) and hostpath.CONTROL_SOCKET.search(source.rpartition(UNRESOLVED)[2]):
            return True
        return self._path_is(hostpath.is_control_socket)

    @property
    def gives_takeover(self) -> bool | Unknown:
        """A writable place from which the host can be taken over: /etc, /usr/bin, /var/lib/docker …"""
        return _both(self._path_is(hostpath.gives_takeover), _negated(self.is_read_only))

    @property
    def gives_disclosure(self) -> bool | Unknown:
        """A place that holds secrets or state of the host, and no takeover as it is mounted."""
        writes_clock = _both(self._path_is(hostpath.is_clock_file), _negated(self.is_read_only))
        reads = _both(self._path_is(hostpath.gives_disclosure), _negated(self.gives_takeover))
        return writes_clock if writes_clock is True else reads

    @property
    def is_home(self) -> bool | Unknown:
        """A whole home folder, or all of them."""
        return self._path_is(hostpath.is_home)

    @property
    def holds_credentials(self) -> bool | Unknown:
        """A folder where tools keep a user's keys: ~/.ssh, ~/.docker, ~/.aws …"""
        return self._path_is(hostpath.holds_credentials)

    @property
    def climbs_out(self) -> bool | Unknown:
        """A relative path that leaves the project by more than one folder."""
        return self._path_is(hostpath.climbs_out)

    @property
    def is_shared(self) -> bool | Unknown:
        """Mounts made inside the container appear on the host."""
        if self.propagation is None:
            return False
        mode = self.propagation.value
        return UNKNOWN if isinstance(mode, Unknown) else mode in ("shared", "rshared")

    @property
    def allows_exec(self) -> bool:
        """A tmpfs that programs may be started from on request; the default is noexec."""
        return "exec" in self.options

    @property
    def allows_suid(self) -> bool:
        """A tmpfs on which set-user-ID bits count on request; the default is nosuid."""
        return "suid" in self.options

    @property
    def allows_devices(self) -> bool:
        """A tmpfs on which device files work on request; the default is nodev."""
        return "dev" in self.options

    def _path_is(self, test: hostpath.Test) -> bool | Unknown:
        path = self.path
        if path is None:
            return False
        return UNKNOWN if isinstance(path, Unknown) else test(path)


def _negated(fact: bool | Unknown) -> bool | Unknown:
    return UNKNOWN if isinstance(fact, Unknown) else not fact


def _both(one: bool | Unknown, other: bool | Unknown) -> bool | Unknown:
    if one is False or other is False:
        return False
    return UNKNOWN if isinstance(one, Unknown) or isinstance(other, Unknown) else True
