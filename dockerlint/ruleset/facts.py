"""What rules may ask of a node besides its own fields: what it would need once it is hardened.

The model says what a file means and nothing about fixing; this table joins a node class to the questions that
the room `hardening` answers about it, so that a rule says `fitting_user.name` of a stage as it says `name`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import Any, Final

_MODULES: Final[dict[str, dict[str, tuple[str, ...]]]] = {
    "Container": {
        "advertised": ("advertises_elsewhere",),
        "bounds": (
            *("memory_bound", "memory_evidence", "cpus_bound", "cpus_evidence"),
            *("pids_bound", "pids_evidence"),
        ),
        "gains": ("privilege_evidence",),
        "healthcheck": ("fitting_healthcheck",),
        "hints": ("hinted_capabilities", "sudo_variable"),
        "needs": (
            *("needed_capabilities", "capability_evidence", "read_only_capabilities", "check_capabilities"),
            *("needed_tmpfs", "tmpfs_evidence", "fitting_user", "user_tmpfs", "user_capabilities"),
        ),
        "receipts": ("receipt_evidence", "receipt_note", "stale_receipt", "user_evidence"),
        "release_line": ("binding_mount", "mounted_tag"),
    },
    "Stage": {
        "devpackages": ("runs_without_dev_packages",),
        "recommends": ("missed_recommend",),
        "stage_healthcheck": ("fitting_healthcheck",),
        "user.base_server": ("leaves_root",),
        "user.choice": ("fitting_user",),
    },
}
"""By the name of a node class: the modules of `hardening`, and which of their functions are facts."""

FACT_NAMES: Final = frozenset(
    name for modules in _MODULES.values() for names in modules.values() for name in names
)


def fact(cls: type[Any], name: str) -> Callable[[Any], object] | None:
    """The function that answers a question about nodes of a class; None for a name that is no such fact."""
    return _answer(cls.__name__, name)


@cache
def _answer(class_name: str, name: str) -> Callable[[Any], object] | None:
    """Its module is loaded here: most runs ask few of them."""
    for module, names in _MODULES.get(class_name, {}).items():
        if name in names:
            answer: Callable[[Any], object] = getattr(import_module(f"dockerlint.hardening.{module}"), name)
            return answer
    return None


def facts_of(cls: type[Any]) -> dict[str, Callable[[Any], object]]:
    """Every fact about nodes of a class, by its name."""
    names = (name for names in _MODULES.get(cls.__name__, {}).values() for name in names)
    return {name: answer for name in names if (answer := fact(cls, name)) is not None}
