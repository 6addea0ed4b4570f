"""The layers that are proven one after another, each on top of those before it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from dockerlint.images.privilege import is_root
from dockerlint.prove.host.images import LocalImage
from dockerlint.prove.layers.bounds import bounds_of
from dockerlint.prove.layers.capabilities import drop_capabilities, held
from dockerlint.prove.layers.proof import Note, NotProven, OutOfBudget, Proof
from dockerlint.prove.layers.readonly import as_user, drop_idle_tmpfs, make_read_only
from dockerlint.prove.trials.variant import folder_of

NO_NEW_PRIVILEGES: Final = "no-new-privileges"


@dataclass(frozen=True)
class Subject:
    """The service that is proven: what Compose and the engine say of it, and what is known."""

    service: Mapping[str, Any]
    image: LocalImage
    users: tuple[str, ...] = ()
    """Users of its image that it may be able to run as, the likeliest first."""
    has_own_data: bool = False
    """Its volumes hold copies of the user's data."""

    @property
    def mounted(self) -> tuple[str, ...]:
        """The folders that mounts hold."""
        targets = [str(one.get("target")) for one in self.service.get("volumes") or ()]
        tmpfs = self.service.get("tmpfs") or ()
        entries = [tmpfs] if isinstance(tmpfs, str) else tmpfs
        return tuple(one.rstrip("/") for one in (*targets, *map(folder_of, entries), *self.image.volumes))

    @property
    def starts_as_root(self) -> bool:
        """The user of the service, or else of the image, is root."""
        user = str(self.service.get("user") or self.image.user)
        return not user or is_root(user)

    @property
    def writes_data(self) -> bool:
        """A mount that it can write to may hold what root has written."""
        return any(not one.get("read_only") for one in self.service.get("volumes") or ()) or bool(
            self.image.volumes
        )


def prove_layers(proof: Proof, subject: Subject, *, is_used: bool) -> None:
    """Prove what can be proven; raises NotProven where nothing can be concluded.

    `is_used` says that a test of the user ran, so that what it took at most means something.
    """
    try:
        proof.begin()
    except OutOfBudget as error:
        raise NotProven(str(error)) from error
    try:
        if not subject.service.get("read_only"):
            make_read_only(proof, subject.mounted)
        _take_user(proof, subject)
        drop_capabilities(proof, held(subject.service))
        _forbid_new_privileges(proof, subject)
        if is_used:
            _bound(proof, subject)
    except OutOfBudget as error:
        proof.notes.append(Note("more", str(error)))


def _take_user(proof: Proof, subject: Subject) -> None:
    """Another user than root, where the image does not leave root by itself."""
    first = min(proof.processes, key=lambda one: one.pid, default=None)
    if not subject.starts_as_root or first is None or first.uid or not subject.users:
        return
    if subject.writes_data and not subject.has_own_data:
        proof.notes.append(Note("user", "its volumes may hold files that root has written"))
        return
    for user in subject.users:
        variant = proof.proven._replace(user=user, tmpfs=as_user(proof.proven.tmpfs))
        if proof.attempt(variant, f"user {user}").works:
            drop_idle_tmpfs(proof)
            return
    proof.notes.append(Note("user", f"as {subject.users[-1]}: {proof.last.phase}: {proof.last.line}"))


def _forbid_new_privileges(proof: Proof, subject: Subject) -> None:
    if any(NO_NEW_PRIVILEGES in str(one) for one in subject.service.get("security_opt") or ()):
        return
    verdict = proof.attempt(proof.proven._replace(no_new_privileges=True), NO_NEW_PRIVILEGES)
    if not verdict.works:
        proof.notes.append(Note(NO_NEW_PRIVILEGES, f"{verdict.phase}: {verdict.line}"))


def _bound(proof: Proof, subject: Subject) -> None:
    """Limits of memory and processes, with head-room over what the test took."""
    memory, pids = bounds_of(proof.verdicts[0].seen)
    limits = ((subject.service.get("deploy") or {}).get("resources") or {}).get("limits") or {}
    memory = 0 if "memory" in limits or subject.service.get("mem_limit") else memory
    pids = 0 if "pids" in limits or subject.service.get("pids_limit") else pids
    if not memory and not pids:
        return
    variant = proof.proven._replace(memory=memory, pids=pids)
    verdict = proof.attempt(variant, variant.limits())
    if not verdict.works:
        proof.notes.append(Note("limits", f"{verdict.phase}: {verdict.line}"))


def users_in(names: Sequence[str | None]) -> tuple[str, ...]:
    """Those that are known and not root, each once."""
    return tuple(dict.fromkeys(one for one in names if one and not is_root(one)))
