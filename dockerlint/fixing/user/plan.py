"""The plan that takes root from a stage: its user made, its files handed over, USER in the right place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from dockerlint.data import records
from dockerlint.findings import Edit, Refusal
from dockerlint.fixing.dockerfile.lines import Joint, indent_of, insertion, joint_of, newline_of, paragraph
from dockerlint.fixing.request import Outcome, Request
from dockerlint.fixing.user.ownership import Handover, handovers, owned_copies
from dockerlint.fixing.user.place import user_place
from dockerlint.hardening.user.choice import fitting_user
from dockerlint.hardening.user.fitting import FittingUser
from dockerlint.model.dockerfile.appfolder import absolute, is_within
from dockerlint.model.dockerfile.copying import Copy
from dockerlint.model.dockerfile.folders import StageStep, stage_steps
from dockerlint.model.dockerfile.instruction import Instruction, User, Workdir
from dockerlint.model.dockerfile.running import Run
from dockerlint.model.dockerfile.stage import Stage
from dockerlint.regex import pattern
from dockerlint.text import Span

_NOTES: Final[tuple[tuple[re.Pattern[str], str], ...]] = tuple(
    (pattern(row["pattern"]), row["reason"]) for row in records("privileges", "root-notes")
)
"""Of a `docker run` in a comment or a label: what calls for root, or leads into its home."""
_MOUNT = pattern(
    r"(?:-v|--volume)[= \t]+[\"']?[~./$<`][^:\n]{0,200}:(/[^\s:\"'\\]+)(?![^\s:\"'\\])(?!:[\w,]*\bro\b)"
)
"""A folder of the host that such a note mounts, with the right to write."""
_ONLY_READ: Final = ("/etc/", "/dev/", "/sys/", "/proc/", "/lib/", "/usr/", "/run/", "/var/run/", "/tmp/.")
LONGEST_LINE: Final = 80
"""A RUN that is longer goes over lines."""


class _UserPlan(NamedTuple):
    """What is decided for one stage."""

    stage: Stage
    user: FittingUser
    steps: Sequence[StageStep]
    owned: Sequence[StageStep]
    """The COPY and ADD that get `--chown`."""
    given: Sequence[Handover]
    """The folders that a RUN gives to the user."""
    end: int
    """USER stands before the instruction of this number, or takes its place."""
    former: User | None
    """The USER whose name is exchanged; None where one is written."""


def run_as(request: Request) -> Outcome:
    """Let a stage run as the user that the model found for it."""
    stage = request.node
    if not isinstance(stage, Stage) or not stage.instructions:
        return Refusal("there is no place for USER")
    user = fitting_user(stage)
    if isinstance(user, Refusal):
        return user
    if refusal := request.shared.answer(_noted, request.text):
        return refusal
    plan = _plan(stage, user)
    if late := next((one.path for one in plan.given if one.first > one.last), None):
        return Refusal(f"a step below the place where {late} must be made makes it itself")
    lines = _lines(plan, request.text, request.shared.answer(joint_of, request.text))
    if any(line.startswith("RUN") for line in lines.values()) and not _has_shell(stage):
        return Refusal("the shell that would create the user is not known")
    edits = [_with_owner(step.node, user.owner) for step in plan.owned]
    if plan.former is not None and plan.former.text is not None:
        edits.append(Edit(plan.former.text.span, user.name))
    for number, line in lines.items():
        inserted = _inserted(request.text, plan.steps, number, line)
        if isinstance(inserted, Refusal):
            return inserted
        edits.append(inserted)
    return tuple(edits)


def _noted(text: str) -> Refusal | None:
    """Why those who run the image as a note in the file says would miss root; None where there is none."""
    for words, reason in _NOTES:
        if found := words.search(text):
            return Refusal(reason.format(found[0]))
    for path in _MOUNT.findall(text):
        if not path.startswith(_ONLY_READ):
            return Refusal(f"a comment mounts a host directory at {path[:60]}, where only root may write")
    return None


def _plan(stage: Stage, user: FittingUser) -> _UserPlan:
    steps = stage_steps(stage)
    home = steps[-1].folder if stage.workdir is not None else None
    owned = owned_copies(steps, home, _started(stage, steps), user.since) if user.owns_files else []
    former = stage.user
    number = next((step.number for step in steps if step.node is former), -1)
    if former is None or number < 0 or _changes_files(steps[number:]):
        number, former = user_place(stage, steps, user, owned), None
    given = handovers(stage, steps, owned, number) if user.owns_files else []
    whole = [one.path for one in given if one.is_whole]
    left = [step for step, path in owned if not any(is_within(path, one) for one in whole)]
    return _UserPlan(stage, user, steps, left, given, number, former)


def _changes_files(steps: Iterable[StageStep]) -> bool:
    return any(isinstance(step.node, (Run, Copy, Workdir)) for step in steps)


def _started(stage: Stage, steps: Sequence[StageStep]) -> frozenset[str]:
    """The paths that the start names: programs and their first files, which are run and not written."""
    folder = steps[-1].folder if steps else None
    starts = (start for start in (stage.entrypoint, stage.cmd) if start is not None)
    words = (word.text for start in starts for one in start.commands for word in one.words)
    return frozenset(path for word in words if word[:1] != "-" and (path := absolute(folder, word)))


def _has_shell(stage: Stage) -> bool:
    return stage.shell is not None and stage.shell.is_posix is True


def _lines(plan: _UserPlan, text: str, joint: Joint) -> dict[int, str]:
    """What is written before which instruction, by number."""
    lines: dict[int, list[str]] = {}
    for number, commands in _runs(plan):
        neighbours = plan.steps[min(number, len(plan.steps) - 1)].node.span.start
        lines.setdefault(number, []).append(_run(commands, joint.inside(_indent(text, neighbours))))
    if plan.former is None:
        lines.setdefault(plan.end, []).append(f"USER {plan.user.name}")
    return {number: "\n".join(written) for number, written in lines.items()}


def _runs(plan: _UserPlan) -> Iterator[tuple[int, list[str]]]:
    """As few RUNs as will do, each with its commands and the number of the instruction behind it."""
    waiting = list(plan.given)
    if plan.user.creation is not None:
        first_use = min([plan.end, *(step.number for step in plan.owned)])
        waiting.append(Handover("", 1, first_use))
    waiting.sort(key=lambda one: one.last)
    while waiting:
        number = waiting[0].last
        group = [one for one in waiting if one.first <= number]
        waiting = [one for one in waiting if one.first > number]
        yield number, list(_commands(group, plan.user))


def _commands(group: Sequence[Handover], user: FittingUser) -> Iterator[str]:
    whole = sorted({one.path for one in group if one.is_whole})
    folders = sorted({one.path for one in group if one.path}.difference(whole))
    made = sorted({one.path for one in group if one.is_made})
    if user.creation is not None and any(not one.path for one in group):
        yield user.creation
    if made:
        yield "mkdir -p " + " ".join(made)
    if folders:
        yield f"chown {user.owner} " + " ".join(folders)
    if whole:
        yield f"chown -R {user.owner} " + " ".join(whole)


def _run(commands: Sequence[str], joint: str) -> str:
    line = "RUN " + " && ".join(commands)
    return line if len(line) <= LONGEST_LINE else "RUN " + joint.join(commands)


def _indent(text: str, start: int) -> str:
    """What stands before an instruction on its line."""
    return text[text.rfind("\n", 0, start) + 1 : start]


def _with_owner(node: Instruction, owner: str) -> Edit:
    return insertion(node.keyword.span.end, f" --chown={owner}")


def _inserted(text: str, steps: Sequence[StageStep], number: int, lines: str) -> Edit | Refusal:
    """Lines before the instruction of a number and the comments above it, or at the end of the stage."""
    is_end = number >= len(steps)
    span: Span = steps[-1].node.span if is_end else steps[number].node.span
    indent, line_break = indent_of(text, span.start), newline_of(text)
    if isinstance(indent, Refusal):
        return indent
    written = line_break.join(f"{indent}{line}" for line in lines.split("\n"))
    if is_end:
        return insertion(span.end, line_break * (1 + _parts(text, steps)) + written)
    return paragraph(text, span.start - len(indent), f"{written}{line_break}")


def _parts(text: str, steps: Sequence[StageStep]) -> bool:
    """A blank line stands between the last two instructions of the stage."""
    between = text[steps[-2].node.span.end : steps[-1].node.span.start] if len(steps) > 1 else ""
    return "\n\n" in between.replace("\r", "")
