"""ShellCheck's findings in the scripts of a Dockerfile, at their places: an extra that must be asked for.

The program is that of the environment dockerlint is installed in (`dockerlint[shellcheck]`). It gets the
scripts through open descriptors, reads no settings and no other file, and runs nothing.
"""

from __future__ import annotations

import json
import os
import sysconfig
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from dockerlint.errors import UserError
from dockerlint.findings import Confidence, Finding, RuleDocs, RuleInfo, Severity
from dockerlint.linting.fingerprint import identified, in_order
from dockerlint.linting.linted import Linted
from dockerlint.model.dockerfile.build import Build
from dockerlint.model.dockerfile.instruction import Arg, Env, Onbuild
from dockerlint.model.dockerfile.running import Run
from dockerlint.model.dockerfile.stage import Stage
from dockerlint.shell.sourcemap import Places, without_filler
from dockerlint.values import known

if TYPE_CHECKING:
    from subprocess import Popen

SECONDS: Final = 60.0
"""How long ShellCheck may look at the scripts of one file."""
MOST_SCRIPTS: Final = 200
"""How many of them one process is given, each through a descriptor of its own."""
_LEVELS: Final = {"error": Severity.MEDIUM, "warning": Severity.LOW}
_NOT_FOR_BUILDS: Final = "SC1090,SC1091,SC2187,SC2148,SC3014"
"""Files that are sourced are not there, and ash is a shell of images."""
_DIALECTS: Final = {"bash": "bash", "dash": "dash", "ksh": "ksh", "ash": "busybox", "busybox": "busybox"}


class _ShellScript(NamedTuple):
    """One script, its way back to the file, and the line before which it has lines of ours."""

    text: str
    places: Places
    head: int
    """Lines in front of it."""
    stage: Stage


def with_shellcheck(linted: Linted, build: Build, text: str) -> Linted:
    """Everything a Dockerfile gave, with what ShellCheck says of its scripts; raises UserError without it."""
    scripts = list(_scripts(build))
    found = [one for part in _parts(scripts) for one in _asked(part, linted)]
    if not found:
        return linted
    mine = identified(found, text, lambda: linted.mask.places_in(text, ()))
    return replace(linted, findings=in_order([*linted.findings, *mine]))


def _parts(scripts: Sequence[_ShellScript]) -> Iterator[Sequence[_ShellScript]]:
    return (scripts[at : at + MOST_SCRIPTS] for at in range(0, len(scripts), MOST_SCRIPTS))


def _scripts(build: Build) -> Iterator[_ShellScript]:
    for stage in build.stages:
        settings = (one for one in stage.all_instructions if isinstance(one, (Env, Arg)))
        names = {variable.name for one in settings for variable in one.variables}
        for one in stage.instructions:
            run = one.trigger if isinstance(one, Onbuild) else one
            if isinstance(run, Run):
                yield from _scripts_of(run, names, stage)


def _scripts_of(run: Run, names: Iterable[str], stage: Stage) -> Iterator[_ShellScript]:
    shell = "sh" if run.shell is None else _DIALECTS.get(str(run.shell.name), "sh")
    declared = " ".join(f"{name}=1" for name in sorted(names) if name.isidentifier())
    for script in run.scripts:
        places = without_filler(known(script) or "", script.span.start)
        # What a trigger is run with, other builds declare.
        directive = f"# shellcheck shell={shell}" + (" disable=SC2154" if run.is_onbuild else "")
        head = [directive, *([f"export {declared}"] if declared else [])]
        yield _ShellScript("\n".join([*head, places.text]) + "\n", places, len(head), stage)


def _asked(scripts: Sequence[_ShellScript], linted: Linted) -> Iterator[Finding]:
    """One process for all of them; each is an open file without a name."""
    from tempfile import TemporaryFile

    with ExitStack() as stack:
        files = [stack.enter_context(TemporaryFile()) for _ in scripts]
        for file, script in zip(files, scripts, strict=True):
            file.write(script.text.encode("utf-8", "surrogateescape"))
            file.seek(0)
        paths = {f"/dev/fd/{file.fileno()}": script for file, script in zip(files, scripts, strict=True)}
        for comment in _comments(list(paths), [file.fileno() for file in files]):
            yield _finding(comment, paths[comment["file"]], linted)


def _comments(paths: Sequence[str], descriptors: Sequence[int]) -> list[dict[str, Any]]:
    import subprocess

    command = [program(), "--norc", "--format=json1", f"--exclude={_NOT_FOR_BUILDS}", *paths]
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            pass_fds=descriptors,
            cwd=os.sep,
            env={"LC_ALL": "C.UTF-8"},
        )
        told: dict[str, list[dict[str, Any]]] = json.loads(_output(process))
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        raise UserError(f"ShellCheck gave no answer ({type(error).__name__})") from error
    return told["comments"]


def _output(process: Popen[bytes]) -> bytes:
    """What it says; raises TimeoutExpired where it takes too long, and leaves no process."""
    with process:
        try:
            return process.communicate(timeout=SECONDS)[0]
        finally:
            process.kill()


def program() -> str:
    """The program of the extra; raises UserError where it is not installed."""
    path = os.path.join(sysconfig.get_path("scripts"), "shellcheck")
    if os.name != "posix":
        raise UserError("--shellcheck: needs /dev/fd, which this system does not have")
    if not os.access(path, os.X_OK):
        raise UserError("--shellcheck: ShellCheck is not installed; pip install 'dockerlint[shellcheck]'")
    return path


def _finding(comment: dict[str, Any], script: _ShellScript, linted: Linted) -> Finding:
    code, stage = f"SC{comment['code']}", script.stage
    last = max(len(script.places.text) - 1, 0)
    start = min(_offset(script, comment["line"], comment["column"]), last)
    end = _offset(script, comment["endLine"], comment["endColumn"])
    name = None if stage.name is None else stage.name.known
    severity = _LEVELS.get(comment["level"], Severity.INFO)
    return Finding(
        rule=_rule(code, severity),
        span=script.places.span(start, max(end, start + 1)),
        message=linted.mask.text(comment["message"]),
        severity=severity,
        confidence=Confidence.HIGH,
        kind="dockerfile",
        subject=name,
        subject_kind="stage",
        label="" if name else "final stage" if stage.is_final else f"stage {stage.index}",
    )


def _offset(script: _ShellScript, line: int, column: int) -> int:
    """Where a line and column of ShellCheck stand in the script."""
    at = 0
    for _ in range(line - 1 - script.head):
        at = script.places.text.find("\n", at) + 1
    return min(at + column - 1, len(script.places.text))


def _rule(code: str, severity: Severity) -> RuleInfo:
    why = f"See https://www.shellcheck.net/wiki/{code}."
    return RuleInfo(
        id=f"shellcheck:{code}",
        name=f"shellcheck-{code.lower()}",
        title=f"ShellCheck {code}",
        severity=severity,
        confidence=Confidence.HIGH,
        profile="default",
        docs=RuleDocs(why=why),
        aliases=(f"shellcheck:{code}", f"hadolint:{code}"),
    )
