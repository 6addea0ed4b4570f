"""Shell text or ready-made words → commands, the ones that other commands were asked to run included."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from dockerlint.model.command.command import Command
from dockerlint.shell.frames import Draft
from dockerlint.shell.lexer import SUBSTITUTED, ShellReader
from dockerlint.shell.sourcemap import Places, SourcePiece, without_filler
from dockerlint.shell.wordlists import spread_lists
from dockerlint.shell.words import Redirection, Word
from dockerlint.shell.wrappers import reads_script, script_words, wrapped_words
from dockerlint.values import UNKNOWN, Unknown

DEEPEST = 6
"""Scripts in scripts, and wrappers round wrappers, that are followed; bounds the work on hostile input."""

LONGEST_PIPE = 8
"""Programs in front of a command in its pipeline that are kept."""

_OTHER_LANGUAGES = frozenset({"powershell", "pwsh", "cmd"})

_Pieces = dict[int, list[SourcePiece]]


def is_posix(shell: Sequence[str]) -> bool:
    """Whether the words of SHELL name a shell whose language is read here; PowerShell and cmd are not."""
    if not shell:
        return True
    name = shell[0].replace("\\", "/").rsplit("/", 1)[-1].lower()
    return name.removesuffix(".exe") not in _OTHER_LANGUAGES


def parse_shell(
    text: str, base: int = 0, *, source: str = "", shell: Sequence[str] = ("/bin/sh", "-c")
) -> tuple[Command, ...]:
    """Every simple command of a script, in the order of the text; what runs another comes before it.

    `text` is a slice of the file `source` that starts at offset `base`; U+0000 in it has no width.
    Never raises and takes linear time; a language that is not a POSIX shell's gives ().
    """
    return parse_script(without_filler(text, base, source)) if is_posix(shell) else ()


def parse_script(places: Places) -> tuple[Command, ...]:
    """The same for a script that was put together from pieces of a file."""
    return _in_order(_commands(places, (), 0))


def command_of_words(words: Sequence[Word], pieces: _Pieces | None = None) -> tuple[Command, ...]:
    """The commands of a JSON form or a Compose list, `["sh", "-c", "…"]` unwrapped.

    `pieces` tells by the place of a word where its characters stand, where quotes or escapes moved them.
    """
    if not words:
        return ()
    span = words[0].span._replace(end=words[-1].span.end)
    command = Command(program_of(words), tuple(words), span)
    return (command, *_in_order(_run_by(command, pieces or {}, 0)))


def separators(text: str) -> frozenset[str]:
    """What parts the commands of a script that stand in no construct: `&&`, `||`, `;`, `&`, `|`."""
    reader = ShellReader(without_filler(text, 0, ""))
    reader.read()
    return frozenset(reader.separators)


def _in_order(commands: Iterable[Command]) -> tuple[Command, ...]:
    return tuple(sorted(commands, key=lambda command: command.span.start))


def program_of(words: Sequence[Word]) -> str | Unknown:
    """Base name of the first word; known too when only the folder in front of it is not."""
    if not words:
        return ""
    text = words[0].text.rsplit("/", 1)[-1]
    return UNKNOWN if isinstance(words[0].value, Unknown) and ("$" in text or not text) else text


def _commands(places: Places, wrappers: tuple[str, ...], depth: int) -> Iterator[Command]:
    reader = ShellReader(places)
    drafts = reader.read()
    spread_lists(drafts)
    upstream = _upstream(drafts)
    built: dict[int, Command] = {}
    # A reader and a holder end later than what they read or hold.
    for draft in reversed(drafts):
        command = Command(
            program_of(draft.words),
            tuple(draft.words),
            places.span(draft.start, draft.end),
            tuple(draft.assignments),
            tuple(draft.redirections),
            wrappers,
            upstream.get(id(draft), ()),
            built.get(id(draft.reader)),
            built.get(id(draft.holder)),
            draft.in_subshell,
        )
        _tell_source(command)
        inner = list(_run_by(command, reader.pieces, depth))
        built[id(draft)] = next((each for each in reversed(inner) if _stands_in(each, command)), command)
        yield command
        yield from inner


def _tell_source(command: Command) -> None:
    """Note with those who take its output what it comes from."""
    for taker in (command.reader, command.holder):
        if taker is not None:
            taker._memo.setdefault("sources", []).append(command)


def _upstream(drafts: Sequence[Draft]) -> dict[int, tuple[str, ...]]:
    """By the id of a draft: the programs whose output reaches it."""
    found: dict[int, tuple[str, ...]] = {}
    for draft in drafts:  # a reader ends after what it reads
        if draft.reader is not None:
            above = (*found.get(id(draft), ()), str(program_of(draft.words)))
            found[id(draft.reader)] = (*found.get(id(draft.reader), ()), *above)[-LONGEST_PIPE:]
    return found


def _stands_in(inner: Command, outer: Command) -> bool:
    """The inner command shares the pipe ends of the outer one: its words are the outer one's last words."""
    return bool(inner.words) and inner.words[-1] is outer.words[-1]


def _run_by(command: Command, pieces: _Pieces, depth: int) -> Iterator[Command]:
    """What a command runs: the words behind a wrapper, a script in a word, a script on its input."""
    current: Command | None = command
    while current is not None and depth < DEEPEST:
        depth += 1
        yield from _script_of(current, pieces, depth)
        current = _unwrapped(current)
        if current is not None:
            yield current


def _unwrapped(command: Command) -> Command | None:
    if not isinstance(command.program, str):
        return None
    words = wrapped_words(command.program, command.words)
    if not words:
        return None
    return Command(
        program_of(words),
        tuple(words),
        words[0].span._replace(end=words[-1].span.end),
        command.assignments,
        command.redirections,
        (*command.wrappers, command.program),
        command.fed_by,
        command.reader,
        command.holder,
        command.in_subshell,
    )


def _script_of(command: Command, pieces: _Pieces, depth: int) -> Iterator[Command]:
    if not isinstance(command.program, str):
        return
    words = list(script_words(command.program, command.words))
    if not words and reads_script(command.program, command.words):
        words = [entry.target for entry in command.redirections if _is_input(entry)]
    if not words:
        return
    places = Places(_script_pieces(words, pieces), command.span.source)
    if places.text.strip() == SUBSTITUTED:  # sh -c "$(…)": nobody knows its commands
        return
    yield from _commands(places, (*command.wrappers, command.program), depth)


def _is_input(redirection: Redirection) -> bool:
    return redirection.operator in ("<<", "<<-", "<<<")


def _script_pieces(words: Sequence[Word], pieces: _Pieces) -> Iterator[SourcePiece]:
    for index, word in enumerate(words):
        if index:
            yield SourcePiece(" ", word.span.start, word.span.start)
        yield from pieces.get(word.span.start) or (_piece_of(word),)


def _piece_of(word: Word) -> SourcePiece:
    """A word whose quotes, if any, are one character on either side; else its text stands for all of it."""
    start, end = word.span[:2]
    if end - start == len(word.text) + 2:
        return SourcePiece(word.text, start + 1, end - 1)
    return SourcePiece(word.text, start, end)
