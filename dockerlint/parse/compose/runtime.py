"""How a Compose service is started, watched, restarted and limited."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

from dockerlint.model.container.limits import Limits
from dockerlint.model.container.runtime import Account, Hook, Logging, Restart, ServiceHealthcheck, Ulimit
from dockerlint.parse.compose.command import read_command, read_test
from dockerlint.parse.compose.values import Values, known_text
from dockerlint.syntax import Problem
from dockerlint.text import Span
from dockerlint.values import UNKNOWN, UNRESOLVED, Located, Unknown
from dockerlint.yaml.nodes import Mapping, Node, Scalar, Sequence, as_mapping

Bound = TypeVar("Bound", int, float)
_TEST_KINDS = ("CMD", "CMD-SHELL", "NONE")
"""How a list under `healthcheck.test` begins."""

CPU_PERIOD = 100_000
"""Microseconds; what `cpu_quota` is a share of unless `cpu_period` says otherwise."""


def read_account(node: Node | None, values: Values) -> Account | None:
    """`user`; None when there is none, or an empty one, which Compose leaves out."""
    text = values.text_of(node)
    if text is None or isinstance(text.value, Unknown) or not text.value:
        return None
    name, colon, group = text.value.partition(":")
    # A variable without a default may bring the group along.
    group_of = known_text(group) if colon else (UNKNOWN if UNRESOLVED in name else None)
    return Account(known_text(text.value), known_text(name), group_of, text.span)


def read_ulimits(node: Node | None, values: Values) -> Iterator[Ulimit]:
    """`ulimits`, in both forms."""
    for name, entry in as_mapping(node).entries.items():
        if isinstance(entry.value, Mapping):
            soft, hard = (values.integer(entry.value.get(key)) for key in ("soft", "hard"))
        else:
            soft = hard = values.integer(entry.value)
        if soft is not None and hard is not None:
            yield Ulimit(name, soft.value, hard.value, entry.span)


def read_limits(body: Mapping, deploy: Mapping, values: Values) -> Limits:
    """Limits of the service itself, else those of `deploy`."""
    resources = as_mapping(deploy.get("resources"))
    limits = as_mapping(resources.get("limits"))
    number, integer = values.number, values.integer
    memory = values.size(body.get("mem_limit")), values.size(limits.get("memory"))
    cpus = number(body.get("cpus")), number(limits.get("cpus"))
    pids = integer(body.get("pids_limit")), integer(limits.get("pids"))
    if not body.is_partial and body.get("extends") is None:
        if limits.entries:
            _report_difference("mem_limit", *memory, values)
            _report_difference("cpus", *cpus, values)
            _report_difference("pids_limit", *pids, values)
        _report_reservation(body, resources.get("reservations"), values)
        _report_scale(integer(body.get("scale")), integer(deploy.get("replicas")), values)
    return Limits(
        memory=_bound(*memory), cpus=_bound(_bound(*cpus), _quota(body, values)), pids=_bound(*pids)
    )


def limits_key(body: Mapping, values: Values) -> Located[str] | None:
    """The last key of `deploy`, `resources`, `limits` that the service itself has."""
    found: Located[str] | None = None
    for key in ("deploy", "resources", "limits"):
        entry = body.entries.get(key)
        if entry is None or entry.is_merged or not isinstance(entry.value, Mapping):
            break
        found = Located(key, values.content(entry.key))
        if entry.value.span.start < entry.span.start or entry.value.span.end > entry.span.end:
            break  # an alias, whose text other services share
        body = as_mapping(entry.value)
    return found


def _report_difference(
    key: str,
    own: Located[Bound] | None,
    deployed: Located[Bound] | None,
    values: Values,
    called: str = "limit in deploy.resources.limits",
) -> None:
    """Compose takes a limit beside `deploy.resources` only with the same one there (compose-go)."""
    other = 0 if deployed is None else deployed.value
    if own is not None and own.value not in (UNKNOWN, 0, other) and not isinstance(other, Unknown):
        message = f"{key} is not the {called}, so Compose refuses the service"
        what = called.partition(" ")[0]
        values.problem("limit", message, own.span, f"write the {what} in one place, or the same in both")


def _report_reservation(body: Mapping, reservations: Node | None, values: Values) -> None:
    """The same of memory that is reserved, also where `deploy` reserves something else, or nothing."""
    if isinstance(reservations, Mapping):
        own, deployed = values.size(body.get("mem_reservation")), values.size(reservations.get("memory"))
        called = "reservation in deploy.resources.reservations"
        _report_difference("mem_reservation", own, deployed, values, called)


def _report_scale(own: Located[int] | None, deployed: Located[int] | None, values: Values) -> None:
    """Compose takes `scale` beside `deploy.replicas` only where both say the same (compose-go)."""
    if own is None or deployed is None or UNKNOWN in (own.value, deployed.value):
        return
    if own.value != deployed.value:
        message = "scale is not the number in deploy.replicas, so Compose refuses the service"
        values.problem("scale", message, own.span, "write the number in one place, or the same in both")


def _bound(own: Located[Bound] | None, deployed: Located[Bound] | None) -> Located[Bound] | None:
    """Zero leaves the word to the other one; Compose refuses two that differ."""
    return deployed if deployed is not None and (own is None or own.value == 0) else own


def _quota(body: Mapping, values: Values) -> Located[float] | None:
    quota, period = values.number(body.get("cpu_quota")), values.number(body.get("cpu_period"))
    if quota is None:
        return None
    share = period.value if period is not None else CPU_PERIOD
    if isinstance(quota.value, Unknown) or isinstance(share, Unknown):
        return Located(UNKNOWN, quota.span)
    return Located(quota.value / (share or CPU_PERIOD), quota.span)


def read_healthcheck(body: Mapping, values: Values) -> ServiceHealthcheck | None:
    """`healthcheck`."""
    node = body.get("healthcheck")
    if not isinstance(node, Mapping):
        return None
    disable, test = values.flag(node.get("disable")), node.get("test")
    first = next(iter(test.items), None) if isinstance(test, Sequence) else test
    _tell_test(test, values)
    # As a string it would be a command called NONE.
    is_none = first is not test and isinstance(first, Scalar) and first.text == "NONE"
    return ServiceHealthcheck(
        is_disabled=True if is_none else disable.value if disable else False,
        has_test=first is not None and not is_none,
        interval=values.string(node.get("interval")),
        timeout=values.string(node.get("timeout")),
        retries=values.integer(node.get("retries")),
        commands=read_test(test, values),
        span=body.entries["healthcheck"].span,
        disabled_at=next(
            (node.entries[key].span for key in ("test" if is_none else "disable",) if key in node.entries),
            None,
        ),
    )


def _tell_test(test: Node | None, values: Values) -> None:
    """A `test` that Compose refuses, or that runs something else than it says."""
    if isinstance(test, Scalar) and test.text == "NONE":
        message = "the text NONE is run as a command"
        values.problems.append(Problem("bad-test", message, 'write ["NONE"]', False, test.span))
    if not isinstance(test, Sequence) or not test.items:
        return
    how = test.items[0]
    if not isinstance(how, Scalar) or "$" in how.text:
        return
    if how.text not in _TEST_KINDS:
        hint = 'begin the list with "CMD"' if how.text.upper() not in _TEST_KINDS else "write it in capitals"
        values.problem("bad-test", f"a list in test begins with {_shown_kinds()}", how.span, hint)
    elif len(test.items) == 1 and how.text != "NONE":
        values.problem("bad-test", f"{how.text} without a command", how.span, "write the command behind it")
    elif how.text == "CMD-SHELL" and len(test.items) > 2:
        message = "the shell of CMD-SHELL runs the first string only"
        hint = "make one string of it, or write CMD"
        values.problems.append(Problem("bad-test", message, hint, False, test.span))


def _shown_kinds() -> str:
    return f"{', '.join(_TEST_KINDS[:-1])} or {_TEST_KINDS[-1]}"


def read_logging(body: Mapping, values: Values) -> Logging | None:
    """`logging`."""
    node = body.get("logging")
    if not isinstance(node, Mapping):
        return None
    options = values.variables(node.get("options"), "logging-option")
    return Logging(values.string(node.get("driver")), options, body.entries["logging"].span)


def read_restart(body: Mapping, deploy: Mapping, values: Values) -> Restart | None:
    """The policy of `deploy`, which Compose and Swarm prefer, else `restart`."""
    if isinstance(declared := deploy.get("restart_policy"), Mapping):
        return _deployed_restart(declared, deploy.entries["restart_policy"].span, values)
    node = body.get("restart")
    # Quotes are easily forgotten round no, and YAML 1.1 readers make false of it.
    if (policy := values.string(node)) is not None:
        if isinstance(policy.value, Unknown):
            return Restart(UNKNOWN, UNKNOWN, policy.span)
        name, _, attempts = policy.value.partition(":")
        return Restart(
            name, int(attempts) if attempts.isdecimal() and len(attempts) < 10 else None, policy.span
        )
    return None


def _deployed_restart(declared: Mapping, span: Span, values: Values) -> Restart:
    condition, attempts = (
        values.string(declared.get("condition")),
        values.integer(declared.get("max_attempts")),
    )
    name = condition.value if condition else "any"
    return (
        Restart(name, None, span) if attempts is None else Restart(name, attempts.value, span, attempts.span)
    )


def read_hooks(body: Mapping, values: Values) -> Iterator[Hook]:
    """Commands of `pre_start`, `post_start` and `pre_stop`."""
    for when in ("pre_start", "post_start", "pre_stop"):
        node = body.get(when)
        for item in node.items if isinstance(node, Sequence) else ():
            if isinstance(item, Mapping):
                yield Hook(
                    when,
                    values.flag(item.get("privileged")),
                    read_account(item.get("user"), values),
                    values.variables(item.get("environment"), "environment"),
                    read_command(item.get("command"), values),
                    item.span,
                )
