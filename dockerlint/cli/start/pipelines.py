"""A workflow of GitHub, and a job in the pipeline of GitLab."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from dockerlint.cli.start.addition import Addition, Existing, NotAdded, existing, proven
from dockerlint.cli.start.origin import PackageSource
from dockerlint.data import table
from dockerlint.findings import Refused
from dockerlint.text import Span
from dockerlint.yaml.document import Document
from dockerlint.yaml.edit import insert_lines, line_end_after
from dockerlint.yaml.tree import plain_of

WORKFLOW: Final = ".github/workflows/dockerlint.yml"
PIPELINE: Final = ".gitlab-ci.yml"
JOB: Final = "dockerlint"
_STAGE: Final = "test"
"""The stage of a job that names none, and one of those that there are if nobody says which."""

_CHECKS: Final = ("lint", "check", "verify", "validate")


def _recipe(name: str) -> str:
    text: str = table("recipes", "pipeline-recipes")[name]
    return text


def workflow_text(origin: PackageSource) -> str:
    """The workflow: with the action where it comes from GitHub, else with the program itself."""
    if origin.on_github:
        step = _recipe("github-action").replace("SOURCE", f"{origin.on_github}@{origin.revision}")
    else:
        step = _recipe("github-command").replace("SOURCE", origin.requirement)
    return _recipe("github-head") + step + _recipe("github-upload")


def job_text(origin: PackageSource, stage: str = _STAGE) -> str:
    """The job; git is installed only where pip needs it."""
    text = _recipe("gitlab-job").replace("STAGE", stage).replace("SOURCE", origin.requirement)
    if origin.address:
        return text
    return "".join(f"{line}\n" for line in text.splitlines() if "git;" not in line and "apt-get" not in line)


def workflow_addition(origin: PackageSource) -> Addition:
    """A workflow of its own; one that is there is left as it is."""
    if existing(WORKFLOW) is not None:
        return Addition(WORKFLOW, note="exists already, and is left as it is")
    return Addition(WORKFLOW, workflow_text(origin), note=_note(origin))


def job_addition(origin: PackageSource) -> Addition:
    """What the pipeline of the working directory gets.

    Raises Unreadable where it cannot be read, and NotAdded where it can only be completed by a person.
    """
    there = existing(PIPELINE)
    if there is None:
        return Addition(PIPELINE, _recipe("gitlab-head") + job_text(origin), note=_note(origin))
    try:
        return _completed(there, origin)
    except Refused as why:
        raise NotAdded(PIPELINE, why, job_text(origin)) from None


ADDITIONS: Final[Mapping[str, Callable[[PackageSource], Addition]]] = {
    "github": workflow_addition,
    "gitlab": job_addition,
}
"""What `--ci` adds, by the service."""


def _note(origin: PackageSource) -> str:
    if not origin.is_placeholder:
        return ""
    return (
        "put the address and the revision of dockerlint in the place of OWNER and REVISION, or name --source"
    )


def _completed(there: Existing, origin: PackageSource) -> Addition:
    """The pipeline with the job behind its others; raises Refused."""
    document = there.document()
    if JOB in document.root.entries:
        return Addition(PIPELINE, note=f"has a job {JOB} already, and is left as it is")
    if document.root.is_flow:
        raise Refused("it is written in braces")
    # Where it is added, no comment: the proof that nothing else changes takes one for a foreign one.
    lines = [line for line in job_text(origin, _stage(document)).splitlines() if "# " not in line]
    end = line_end_after(document.text, Span(document.root.span.start, document.root.span.end), 0)
    edit = insert_lines(document.text, end, 0, ["", *lines])
    return proven(PIPELINE, "".join(f"{line}\n" for line in lines), there, [edit], _note(origin))


def _stage(document: Document) -> str:
    """The stage for a check: of those that the pipeline names, one that sounds like it, else the first."""
    named = document.root.entries.get("stages")
    stages = plain_of(named.value) if named else None
    if not isinstance(stages, list) or not stages or _STAGE in stages:
        return _STAGE
    return next((one for one in _CHECKS if one in stages), str(stages[0]))
