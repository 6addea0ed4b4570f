"""Where a Compose file bounds what a service may use, and what a new bound must not contradict."""

from __future__ import annotations

from dockerlint.findings import Refused
from dockerlint.fixing.compose.text import BOUNDS, ComposeText
from dockerlint.model.container.limits import amount
from dockerlint.parse.compose.values import Values
from dockerlint.regex import pattern
from dockerlint.values import Unknown
from dockerlint.yaml.document import Path
from dockerlint.yaml.nodes import Mapping, Node, Scalar, Sequence, as_mapping
from dockerlint.yaml.style import Value

_DEPLOYED = dict(zip(BOUNDS, ("memory", "cpus", "pids"), strict=True))
_LIMITS: tuple[str, ...] = ("deploy", "resources", "limits")
_HEAP = pattern(r"-Xm[sx](\d+[kKmMgG]?)")
_CPU_SHARES_OF_TIME = ("cpu_period", "cpu_quota", "cpu_rt_period", "cpu_rt_runtime")


def limit_path(file: ComposeText, service: Path, key: str) -> tuple[str, ...]:
    """Where a bound goes, from the service on: below `deploy` where this service or the file does so."""
    if key not in _DEPLOYED:
        return (key,)
    deployed = (*_LIMITS, _DEPLOYED[key])
    if file.has((*service, *deployed)):
        return deployed
    body = file.mapping(service)
    if _DEPLOYED.keys() & body.entries.keys():
        return (key,)
    if file.has((*service, "deploy", "resources")):
        return deployed
    return deployed if file.bounds_below_deploy else (key,)


def refuse_conflicts(file: ComposeText, service: Path, key: str, value: Value) -> None:
    """Raise Refused where the engine would not take the bound beside what the service asks for."""
    body = file.mapping(service)
    reserved = as_mapping(as_mapping(as_mapping(body.get("deploy")).get("resources")).get("reservations"))
    values = Values(file.text, {})
    if key == "mem_limit":
        bound = amount(str(value))
        for node in (body.get("mem_reservation"), reserved.get("memory"), body.get("shm_size")):
            asked = values.size(node)
            if asked is not None and (isinstance(asked.value, Unknown) or asked.value > bound):
                raise Refused(f"the service requests more memory than {value}")
        if "memswap_limit" in body.entries:
            raise Refused("memswap_limit sets another limit")
        _refuse_large_heap(file, body, str(value))
    elif key == "cpus":
        if any(name in body.entries for name in _CPU_SHARES_OF_TIME):
            raise Refused("the engine rejects cpus together with cpu_period or cpu_quota")
        share = values.number(reserved.get("cpus"))
        if share is not None and (isinstance(share.value, Unknown) or share.value > float(str(value))):
            raise Refused("the service reserves more CPUs than that")


def _refuse_large_heap(file: ComposeText, body: Mapping, bound: str) -> None:
    """A Java program told to take as much as the bound, or more, would be ended by the kernel."""
    waiting: list[Node] = [node for key in ("environment", "command") if (node := body.get(key)) is not None]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Scalar):
            if any(amount(heap) >= amount(bound) for heap in _HEAP.findall(node.text)):
                raise Refused(f"its Java heap may use all of {bound}")
        else:
            waiting += (
                node.items if isinstance(node, Sequence) else [one.value for one in node.entries.values()]
            )
