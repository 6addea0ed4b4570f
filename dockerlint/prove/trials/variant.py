"""What is taken away from a service in a trial, as keys of Compose and in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple


class Variant(NamedTuple):
    """The hardening of one trial, on top of what the service says itself."""

    read_only: bool = False
    tmpfs: tuple[str, ...] = ()
    """Entries of `tmpfs:`; with read_only, or where a user needs a folder of their own."""
    user: str = ""
    """`user:`; "" leaves what the service says."""
    capabilities: tuple[str, ...] | None = None
    """What is left after `cap_drop: [ALL]`, in alphabetical order; None where none is dropped."""
    no_new_privileges: bool = False
    memory: int = 0
    """Bytes; 0 sets no limit."""
    pids: int = 0
    """Processes and threads; 0 sets no limit."""

    def applied(self, service: Mapping[str, Any]) -> dict[str, Any]:
        """The service as Compose is told to run it."""
        changed = dict(service)
        if self.read_only:
            changed["read_only"] = True
        if self.tmpfs:
            changed["tmpfs"] = [*_listed(service.get("tmpfs")), *self.tmpfs]
        if self.user:
            changed["user"] = self.user
        if self.capabilities is not None:
            changed["cap_drop"], changed["cap_add"] = ["ALL"], list(self.capabilities)
        if self.no_new_privileges:
            changed["security_opt"] = [*_listed(service.get("security_opt")), "no-new-privileges:true"]
        if self.memory:
            changed["mem_limit"] = self.memory
        if self.pids:
            changed["pids_limit"] = self.pids
        return changed

    def words(self) -> str:
        """What is taken away, for a line: `read_only, tmpfs /run, cap_drop ALL + SETUID`."""
        return ", ".join(self._words()) or "nothing"

    def _words(self) -> Iterable[str]:
        if self.read_only:
            yield "read_only"
        if self.tmpfs:
            yield f"tmpfs {' '.join(self.tmpfs)}"
        if self.user:
            yield f"user {self.user}"
        if self.capabilities is not None:
            yield " + ".join(("cap_drop ALL", *self.capabilities))
        if self.no_new_privileges:
            yield "no-new-privileges"
        if limits := self.limits():
            yield limits

    def limits(self) -> str:
        """Its limits, for a line; "" without any."""
        memory = f"mem_limit {self.memory >> 20}m" if self.memory else ""
        return ", ".join(filter(None, (memory, f"pids_limit {self.pids}" if self.pids else "")))


def folder_of(entry: str) -> str:
    """`/run` of `/run:mode=1777`."""
    return entry.partition(":")[0]


def _listed(value: object) -> list[str]:
    return (
        [value] if isinstance(value, str) else [str(one) for one in value] if isinstance(value, list) else []
    )
