"""The one module that runs git, and what git says about a repository.

A repository can name programs in its settings (`core.fsmonitor`, `core.hooksPath`, filters, pagers, ways to
fetch), and git runs them. So only commands are used that need none of those, git itself comes from outside
the project, and what could still start something is turned off: https://git-scm.com/docs/git-config. To ask
costs a few milliseconds, so a plain check does so only for a file of variables that holds a secret.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final, NamedTuple

from dockerlint.errors import UserError
from dockerlint.regex import pattern
from dockerlint.workspace.door import LARGEST, is_below
from dockerlint.workspace.roots import repository_top

if TYPE_CHECKING:
    from subprocess import Popen

SECONDS: Final = 10.0
"""How long git may take for one answer."""
LARGEST_ANSWER: Final = 50_000_000
"""Bytes; a list of half a million files."""
_SETTINGS: Final = (
    "core.fsmonitor=false",
    f"core.hooksPath={os.devnull}",
    "core.askPass=",
    "credential.helper=",
    "protocol.allow=never",
    "safe.bareRepository=explicit",
)
_VARIABLES: Final = {
    "GIT_ALLOW_PROTOCOL": "none",  # a partial clone fetches what it lacks, over whatever transport it names
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}
_REVISION: Final = pattern(r"[^\s:\-\x00-\x1f\x7f][^\s:\x00-\x1f\x7f]*\Z")


class GitError(UserError):
    """Git did not answer; the text says why and what to do."""


class _Answer(NamedTuple):
    code: int
    output: bytes


def top_level(folder: str) -> str | None:
    """The top of the repository around an absolute folder, as git sees it; None where it sees none."""
    top = repository_top(os.path.realpath(folder))
    if top is None:
        return None
    try:
        answer = _ask(top, ("rev-parse", "--show-toplevel"))
    except GitError:
        return None
    return None if answer.code else os.path.normpath(os.fsdecode(answer.output.rstrip(b"\r\n")))


def rev_exists(root: str, rev: str) -> bool:
    """Whether the repository whose top is `root` holds a commit by this name; raises GitError."""
    return _commit(root, rev) is not None


def show(root: str, rev: str, path: str) -> bytes | None:
    """What a file held in a commit; None where it was not there, or was no regular file.

    `path` is from the top, with forward slashes. Raises GitError, also for more than `LARGEST` bytes.
    """
    found = next((one for one in _tree(root, rev, path) if one.path == path), None)
    return None if found is None else content(root, rev, found)


def content(root: str, rev: str, file: CommittedFile) -> bytes:
    """What a file of a commit holds, without filters or conversions; raises GitError as `show` does."""
    if file.size is None:
        raise GitError(f"this clone lacks {file.path} in {rev}; fetch the complete history")
    if file.size > LARGEST:
        raise GitError(f"{file.path} in {rev} is too large: more than {LARGEST // 1_000_000} MB")
    answer = _ask(root, ("cat-file", "blob", file.name))
    if answer.code:
        raise GitError(f"git cannot read {file.path} in {rev}")
    return answer.output


def list_files(root: str, rev: str, under: str = "") -> tuple[str, ...]:
    """The regular files of a commit at or below a folder, from the top, in stable order; raises GitError."""
    return tuple(sorted(one.path for one in _tree(root, rev, under)))


def committed_files(root: str, rev: str) -> dict[str, CommittedFile]:
    """The regular files of a commit by their paths from the top; raises GitError."""
    return {one.path: one for one in _tree(root, rev, "")}


def is_ignored(
    root: str, paths: Sequence[str], planned: Mapping[str, bytes] | None = None
) -> frozenset[str] | None:
    """Those of some paths from the top that git leaves out of the repository; None where git does not say.

    `planned` has ignore files as they are to be, by their paths from the top.
    """
    # In front of the dot a colon would begin a pattern of its own kind.
    asked = b"".join(b"./" + os.fsencode(path) + b"\0" for path in paths)
    try:
        with _as_planned(root, paths, planned or {}) as (folder, places):
            command = (*places, "check-ignore", "--verbose", "-z", "--stdin")
            answer = _ask(folder, command, asked, outside=root)
    except (GitError, OSError):
        return None
    if answer.code not in (0, 1):
        return None
    # Source, line, pattern and path, also of what a pattern with ! lets in.
    fields = answer.output.split(b"\0")[:-1]
    found = zip(fields[2::4], fields[3::4], strict=True)
    return frozenset(os.fsdecode(path)[2:] for wanted, path in found if not wanted.startswith(b"!"))


def is_tracked(root: str, path: str) -> bool:
    """Whether a file, named from the top, is in the index: part of what is committed next. False where
    git does not say."""
    command = ("--literal-pathspecs", "ls-files", "--cached", "-z", "--", path)
    try:
        answer = _ask(root, command)
    except (GitError, OSError):
        return False
    return answer.code == 0 and os.fsencode(path) in answer.output.split(b"\0")


class CommittedFile(NamedTuple):
    """A regular file of a commit."""

    path: str
    name: str
    """Of its content, in the store of the repository: the hash of `blob`, its length, a null and itself."""
    size: int | None
    """Bytes; None where a partial clone lacks it."""


def _tree(root: str, rev: str, under: str) -> Iterator[CommittedFile]:
    commit = _commit(root, rev)
    if commit is None:
        raise GitError(f"no commit {rev} in this repository")
    command = ["--literal-pathspecs", "ls-tree", "-r", "-z", "-l", "--full-tree", commit]
    answer = _ask(root, [*command, "--", under] if under else command)
    if answer.code:
        raise GitError(f"git cannot list the files of {rev}")
    for line in answer.output.split(b"\0")[:-1]:
        about, _, path = line.partition(b"\t")
        mode, _, name, size = about.split()
        if mode.startswith(b"100"):
            yield CommittedFile(os.fsdecode(path), name.decode(), int(size) if size.isdigit() else None)


def _commit(root: str, rev: str) -> str | None:
    """The whole name of a commit; None where there is none."""
    if not _REVISION.match(rev):
        return None
    answer = _ask(root, ("rev-parse", "--verify", "--quiet", f"{rev}^{{commit}}"))
    if answer.code == 0:
        return answer.output.decode("ascii", "replace").strip()
    _refuse_unusable(root)
    return None


def _refuse_unusable(root: str) -> None:
    """Raise GitError where git wants to know nothing of the repository at all."""
    answer = _ask(root, ("rev-parse", "--git-dir"), with_errors=True)
    if answer.code == 0:
        return
    if b"dubious ownership" in answer.output or b"unsafe repository" in answer.output:
        command = f"git config --global --add safe.directory {root}"
        raise GitError(f"the repository belongs to another user, so that git does not read it; {command}")
    raise GitError(f"git finds no repository at {root}")


@contextmanager
def _as_planned(
    root: str, paths: Sequence[str], planned: Mapping[str, bytes]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Where to ask git, and what to tell it of the place: a copy of the ignore files with those to be."""
    if not planned:
        yield root, ()
        return
    from tempfile import TemporaryDirectory

    from dockerlint.workspace.door import Unreadable, read_bytes

    answer = _ask(root, ("rev-parse", "--absolute-git-dir"))
    if answer.code:
        raise GitError(f"git finds no repository at {root}")
    with TemporaryDirectory(prefix="dockerlint-") as copy:
        for folder in sorted({above for path in paths for above in _folders_above(path)}):
            os.makedirs(os.path.join(copy, folder), exist_ok=True)
            name = f"{folder}/.gitignore" if folder else ".gitignore"
            with suppress(Unreadable):
                text = planned[name] if name in planned else read_bytes(os.path.join(root, name), root)
                with open(os.path.join(copy, name), "xb") as stream:
                    stream.write(text)
        yield copy, ("--git-dir", os.fsdecode(answer.output.rstrip(b"\r\n")), "--work-tree", copy)


def _folders_above(path: str) -> Iterator[str]:
    parts = path.split("/")
    return ("/".join(parts[:depth]) for depth in range(len(parts)))


def _ask(
    folder: str, arguments: Sequence[str], asked: bytes = b"", *, outside: str = "", with_errors: bool = False
) -> _Answer:
    """Run git in a folder, with a program from outside of it, or of `outside`; raises GitError."""
    import subprocess
    import tempfile

    project = os.path.realpath(outside or folder)
    trusted = _trusted_folders(project)
    settings = [part for setting in _SETTINGS for part in ("-c", setting)]
    options = ["--no-optional-locks", "--no-pager", *settings, "-C", folder]
    command = [_program(trusted, project), *options, *arguments]
    errors = subprocess.STDOUT if with_errors else subprocess.DEVNULL
    environment = _environment(folder, trusted)
    with tempfile.TemporaryFile() as given:
        given.write(asked)
        given.seek(0)
        try:
            process = subprocess.Popen(
                command, stdin=given, stdout=subprocess.PIPE, stderr=errors, env=environment
            )
        except (OSError, ValueError) as error:
            raise GitError("git cannot be run") from error
        with process:
            return _answer(process)


def _answer(process: Popen[bytes]) -> _Answer:
    """What a process says, as long as it ends in time and says no more than fits."""
    from threading import Timer

    assert process.stdout is not None
    timer = Timer(SECONDS, process.kill)
    timer.start()
    try:
        output = process.stdout.read(LARGEST_ANSWER + 1)
        if len(output) > LARGEST_ANSWER:
            raise GitError("the output of git is too long: the repository is too large")
        code = process.wait()
    finally:
        timer.cancel()
        process.kill()
    if code < 0:
        raise GitError(f"git was killed, or took longer than {SECONDS:.0f} s")
    return _Answer(code, output)


def _environment(folder: str, trusted: Sequence[str]) -> dict[str, str]:
    """The variables of the user without those that direct git, which is to look at no folder above."""
    kept = {name: value for name, value in os.environ.items() if not name.upper().startswith("GIT_")}
    ceiling = os.path.dirname(os.path.realpath(folder))
    return {**kept, **_VARIABLES, "PATH": os.pathsep.join(trusted), "GIT_CEILING_DIRECTORIES": ceiling}


def _trusted_folders(project: str) -> list[str]:
    """The folders of programs that lie outside of a real folder."""
    folders = os.environ.get("PATH", os.defpath).split(os.pathsep)
    return [one for one in folders if os.path.isabs(one) and not is_below(os.path.realpath(one), project)]


def _program(trusted: Sequence[str], project: str) -> str:
    """The path of git; raises GitError."""
    name = "git.exe" if os.name == "nt" else "git"
    for folder in trusted:
        path = os.path.join(folder, name)
        is_ours = os.path.isfile(path) and os.access(path, os.X_OK)
        if is_ours and not is_below(os.path.realpath(path), project):
            return path
    raise GitError("git is not installed")
