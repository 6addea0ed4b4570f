"""Where a Compose file bounds what a service may use, and what a new bound must not contradict."""

from __future__ import annotations

from dockerlint.findings import Refused
from dockerlint.fixing.compose.demands import told_memory, told_processes, works_on_gpu
from dockerlint.fixing.compose.text import BOUNDS, ComposeText
from dockerlint.model.container.limits import amount
from dockerlint.parse.compose.values import Values
from dockerlint.regex import pattern
from dockerlint.values import Unknown
from dockerlint.yaml.document import Path
from dockerlint.yaml.nodes import Mapping, Scalar, as_mapping
from dockerlint.yaml.style import Value

_DEPLOYED = dict(zip(BOUNDS, ("memory", "cpus", "pids"), strict=True))
_LIMITS: tuple[str, ...] = ("deploy", "resources", "limits")
_CPU_SHARES_OF_TIME = ("cpu_period", "cpu_quota", "cpu_rt_period", "cpu_rt_runtime")
_WITHOUT_PIDS = pattern(r"3\.[0-8]\Z")
"""Versions of the file format in which Swarm refuses `deploy.resources.limits.pids` (docker stack config)."""


def limit_paths(file: ComposeText, service: Path, key: str) -> tuple[tuple[str, ...], ...]:
    """Where a bound goes, from the service on: below `deploy` where this service or the file does so.

    Compose refuses a service whose own bounds differ from those below `deploy`, also where one of them is
    missing; so where both are used, each bound goes to both. Swarm knows those below `deploy` only.
    """
    if key not in _DEPLOYED:
        return ((key,),)
    own, deployed = (key,), (*_LIMITS, _DEPLOYED[key])
    body = file.mapping(service)
    if any(name in body.entries for name in BOUNDS):
        return (own, deployed) if file.has((*service, *_LIMITS)) else (own,)
    return (deployed,) if "deploy" in body.entries or file.bounds_below_deploy else (own,)


def refuse_conflicts(file: ComposeText, service: Path, key: str, value: Value) -> None:
    """Raise Refused where the engine would not take a bound, or the service asks for more than it."""
    body = file.mapping(service)
    if key == "mem_limit":
        _refuse_memory(file, body, str(value))
    elif key == "cpus":
        _refuse_cpus(file, body, float(str(value)))
    elif key == "pids_limit":
        _refuse_processes(file, service, int(str(value)))


def _refuse_memory(file: ComposeText, body: Mapping, bound: str) -> None:
    values, reserved = Values(file.text), _reserved(body)
    for node in (body.get("mem_reservation"), reserved.get("memory"), body.get("shm_size")):
        asked = values.size(node)
        if asked is not None and (isinstance(asked.value, Unknown) or asked.value > amount(bound)):
            raise Refused(f"the service requests more memory than {bound}")
    if "memswap_limit" in body.entries:
        raise Refused("memswap_limit sets another limit")
    if works_on_gpu(body):
        raise Refused("it uses a GPU, whose programs need much memory of the host")
    if told := told_memory(body, amount(bound)):
        raise Refused(f"{told} asks for more than half of {bound}")


def _refuse_cpus(file: ComposeText, body: Mapping, bound: float) -> None:
    if any(name in body.entries for name in _CPU_SHARES_OF_TIME):
        raise Refused("the engine rejects cpus together with cpu_period or cpu_quota")
    share = Values(file.text).number(_reserved(body).get("cpus"))
    if share is not None and (isinstance(share.value, Unknown) or share.value > bound):
        raise Refused("the service reserves more CPUs than that")


def _refuse_processes(file: ComposeText, service: Path, bound: int) -> None:
    body, version = file.mapping(service), file.root.get("version")
    is_deployed = any(path[0] == "deploy" for path in limit_paths(file, service, "pids_limit"))
    if is_deployed and isinstance(version, Scalar) and _WITHOUT_PIDS.match(version.text):
        raise Refused(f"version {version.text} of the file format has no process limit below deploy")
    if told := told_processes(body, bound):
        raise Refused(f"{told} asks for more than half of {bound} processes")


def _reserved(body: Mapping) -> Mapping:
    return as_mapping(as_mapping(as_mapping(body.get("deploy")).get("resources")).get("reservations"))
