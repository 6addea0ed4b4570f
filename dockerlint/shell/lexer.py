"""Shell text → words: one pass, no recursion, nothing refused; `shellbuilder` makes commands of them.

The grammar is POSIX with what bash adds and Dockerfiles use. Control structure is only followed as far
as it decides what a command is, what reads its output, and where a substitution ends.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from dockerlint.regex import pattern
from dockerlint.shell.builder import CommandBuilder
from dockerlint.shell.frames import Draft, Frame
from dockerlint.shell.sourcemap import Places, SourcePiece
from dockerlint.shell.words import Word

DEEPEST = 100
"""Constructs inside each other; what is substituted deeper down is passed over, not read as commands."""
SUBSTITUTED = "${…}"
"""Stands in a word's text for the output of a command."""

# A run of plain characters, else one character that `_SPECIAL` has a method for: simple patterns, because
# compiling them is a part of every start. In code: blanks, 1 run, 2 special.
_CODE = pattern(r"""[ \t\r\f\v]+|([^ \t\r\n\f\v;&|()<>\\'"`$#][^ \t\r\n\f\v;&|()<>\\'"`$]*)|([\s\S])""")
_MORE_OF_RUN = pattern(r"""[^ \t\r\n\f\v;&|()<>\\'"`$]+""")
_QUOTED = pattern(r"""([^"\\`$]+)|[\s\S]""")
# Inside ${…} and $((…)): only what nests matters, the word is unknown already.
_INNER = pattern(r"""([^{}()"'\\`$]+)|[\s\S]""")
# 1 simple expansion, 2 arithmetic, 3 substitution, 4 other expansion; else a lone dollar
_DOLLAR = pattern(r"(\$[A-Za-z_]\w*|\$[0-9@*#?$!-]|\$\{[\w@*#?!-]*\})|(\$\(\()|(\$\()|(\$\{)|\$")
_PLAIN_QUOTES = pattern(r'"[^"\\`$]*"')
_ANSI_QUOTES = pattern(r"\$'((?:[^'\\]|\\[\s\S])*)'?")
_ANSI_ESCAPE = pattern(r"\\(?:x([0-9A-Fa-f]{1,2})|u([0-9A-Fa-f]{1,4})|([0-7]{1,3})|([\s\S]))")
_ANSI = dict(zip("ntrabfveE", "\n\t\r\a\b\f\v\x1b\x1b", strict=True))
_EMPTY_PARENTHESES = pattern(r"\([ \t]*\)")
_ESCAPED_IN_QUOTES = frozenset({"$", "`", '"', "\\", "\n", "\r\n"})
_ENDS_WORD = frozenset(" \t\n;&|)")
_OPERATORS = {
    ";": (";;&", ";;", ";&", ";"),
    "&": ("&&", "&>>", "&>", "&"),
    "|": ("||", "|&", "|"),
    "<": ("<<<", "<<-", "<(", "<<", "<&", "<>", "<"),
    ">": (">(", ">&", ">>", ">|", ">"),
}
_SEPARATORS = frozenset({*_OPERATORS[";"], *_OPERATORS["|"], "&&", "&"})


class ShellReader:
    """Reads one text."""

    def __init__(self, places: Places) -> None:
        self._builder = CommandBuilder(places)
        self._text = places.text
        self._places = places
        self._at = 0
        self._ticks = 0

    @property
    def pieces(self) -> dict[int, list[SourcePiece]]:
        """By the file offset of a quoted word: where the characters of its text stand."""
        return self._builder.pieces

    @property
    def separators(self) -> list[str]:
        """What parts the commands that stand in no construct; complete when all is read."""
        return self._builder.separators

    def read(self) -> list[Draft]:
        """Every simple command of the text, in the order in which they end."""
        text, size, stack = self._text, len(self._text), self._builder.stack
        while self._at < size:
            frame = stack[-1]
            if frame.code is frame:
                self._read_code(frame, text)
            elif frame.kind == '"':
                self._read_quoted(frame.code, text)
            else:
                self._read_inner(frame, text)
        while stack:
            self._builder.pop(size)
        return self._builder.drafts

    # -- one run or special character -----------------------------------------------------------------

    def _read_code(self, frame: Frame, text: str) -> None:
        size, match, stack = len(text), _CODE.match, self._builder.stack
        while self._at < size and stack[-1] is frame:
            start = self._at
            found = match(text, start)
            assert found is not None
            self._at = end = found.end()
            kind = found.lastindex
            if kind == 1:
                run = found[1]
                if frame.word is None and (end == size or text[end] in _ENDS_WORD):
                    word = Word(run, run, self._places.span(start, end))
                    self._builder.take_word(frame, word, start, end, True)
                else:
                    frame.add(run, start, end)
            elif kind == 2:
                _SPECIAL[found[2]](self, frame, start)
            elif frame.word is not None:
                self._builder.end_word(frame, start)

    def _read_quoted(self, code: Frame, text: str) -> None:
        start = self._at
        found = _QUOTED.match(text, start)
        assert found is not None
        self._at, token = found.end(), found[0]
        if found[1]:
            code.add(token, start, self._at)
        elif token == '"':
            self._builder.stack.pop()
        elif token == "$":
            self._expansion(code, start)
        elif token == "`":
            self._tick(code, start)
        else:
            token = self._escaped(start)
            kept = token[1:].rstrip("\r\n") if token[1:] in _ESCAPED_IN_QUOTES else token
            code.add(kept, start, self._at)

    def _read_inner(self, frame: Frame, text: str) -> None:
        start = self._at
        found = _INNER.match(text, start)
        assert found is not None
        self._at, token = found.end(), found[0]
        is_braced = frame.kind == "${"
        if token == "$":
            self._nest(frame.code, start)
        elif token == "`":
            self._tick(frame.code, start)
        elif token == '"':
            self._builder.push('"', is_code=False)
        elif token == "\\":
            self._escaped(start)
        elif token == "'" and not (
            is_braced and frame.quoted
        ):  # an apostrophe in "${x:-it's}" quotes nothing
            self._at = self._behind_quote(start)
        elif token == "(" and not is_braced:
            self._builder.push("(arith", is_code=False)
        elif token == ")" and not is_braced:
            self._builder.stack.pop()
            self._at += frame.kind == "((" and text.startswith("))", start)
        elif token == "}" and is_braced:
            self._builder.stack.pop()

    # -- quotes and expansions ------------------------------------------------------------------------

    def _behind_quote(self, start: int) -> int:
        end = self._text.find("'", start + 1)
        return len(self._text) if end < 0 else end + 1

    def _escaped(self, start: int) -> str:
        """A backslash and what it escapes: one character, or a line break of either kind."""
        length = 3 if self._text.startswith("\r\n", start + 1) else 2
        token = self._text[start : start + length]
        self._at = start + len(token)
        return token

    def _escape(self, frame: Frame, start: int) -> None:
        token = self._escaped(start)
        if token[-1] == "\n":
            if frame.word is not None:
                frame.add("", start, self._at)
            return
        frame.open_word(start).is_quoted = True
        frame.add(token[1:] or token, start, self._at)

    def _single(self, frame: Frame, start: int) -> None:
        self._at = self._behind_quote(start)
        end = self._at - (self._at > start + 1 and self._text[self._at - 1] == "'")
        word = frame.open_word(start)
        word.is_quoted = True
        word.is_known = word.is_known and not self._places.is_open(start + 1, end)
        frame.add(self._text[start + 1 : end], start + 1, end)

    def _double(self, frame: Frame, start: int) -> None:
        frame.open_word(start).is_quoted = True
        found = _PLAIN_QUOTES.match(self._text, start)
        if found is None:
            self._builder.push('"', is_code=False)
            return
        self._at = found.end()
        frame.add(found[0][1:-1], start + 1, self._at - 1)

    def _dollar(self, frame: Frame, start: int) -> None:
        found = _ANSI_QUOTES.match(self._text, start)
        if found is None:
            self._expansion(frame, start)
            return
        self._at, body = found.end(), found[1]
        frame.open_word(start).is_quoted = True
        if "\\" in body:
            frame.add(_ANSI_ESCAPE.sub(_ansi_character, body), start, self._at)
        else:
            frame.add(body, start + 2, start + 2 + len(body))

    def _expansion(self, code: Frame, start: int) -> None:
        found = _DOLLAR.match(self._text, start)
        assert found is not None
        if found[1]:
            self._at = found.end()
            code.expand(found[1], start, self._at)
        elif not found.lastindex:
            code.add("$", start, start + 1)
        else:
            code.expand(SUBSTITUTED, start, found.end())
            self._nest(code, start)

    def _nest(self, code: Frame, start: int) -> None:
        """Open what a dollar opens."""
        found = _DOLLAR.match(self._text, start)
        assert found is not None
        self._at = found.end()
        kind = {2: "((", 3: "$(", 4: "${"}.get(found.lastindex or 0)
        if kind:
            is_code = kind == "$(" and len(self._builder.stack) < DEEPEST
            self._builder.push(kind, is_code=is_code)

    def _tick(self, code: Frame, start: int) -> None:
        if self._ticks:
            self._ticks -= 1
            while self._builder.stack[-1].kind != "`":
                self._builder.pop(start)
            self._builder.pop(start)
            return
        if self._builder.stack[-1].kind in ('"', code.kind):  # else ${…} around it has a stand-in already
            code.expand(SUBSTITUTED, start, self._at)
        self._builder.push("`", is_code=True)
        self._ticks += 1

    # -- operators ------------------------------------------------------------------------------------

    def _newline(self, frame: Frame, start: int) -> None:
        self._builder.end_word(frame, start)
        if not frame.pipeline or frame.draft is not None or frame.element:
            self._builder.separate(frame, ";", start)  # else the pipeline goes on behind the line break
        self._at = self._builder.read_heredocs(self._at)

    def _operator(self, frame: Frame, start: int) -> None:
        text = self._text
        token = next(each for each in _OPERATORS[text[start]] if text.startswith(each, start))
        self._at = start + len(token)
        if token in _SEPARATORS:
            self._builder.separate(frame, token, start)
        elif token[-1] == "(":
            frame.expand(SUBSTITUTED, start, self._at)
            self._builder.push("$(", is_code=True)
        else:
            self._builder.redirect(frame, token, start, self._at)

    def _parenthesis(self, frame: Frame, start: int) -> None:
        word = frame.word
        if frame.testing or frame.pattern:
            return
        if word is None and frame.may_name_function and self._skip_empty(start):
            frame.draft = None
        elif word is None:
            is_arithmetic = self._text.startswith("((", start) and (frame.skipping or frame.is_at_command)
            self._at = start + 1 + is_arithmetic
            self._builder.push("((" if is_arithmetic else "(", is_code=not is_arithmetic)
        elif word.pieces and word.pieces[-1][0].endswith("="):
            word.is_known = False
            self._builder.push("array", is_code=True)
        elif frame.is_at_command and self._skip_empty(start):
            frame.word, frame.naming = None, False
        else:
            frame.add("(", start, self._at)  # a pattern such as !(x)

    def _skip_empty(self, start: int) -> bool:
        """Go behind the `()` of a function."""
        found = _EMPTY_PARENTHESES.match(self._text, start)
        self._at = self._at if found is None else found.end()
        return found is not None

    def _close(self, frame: Frame, start: int) -> None:
        if frame.pattern:
            self._builder.end_word(frame, start)
            frame.pattern = "" if frame.pattern == "pattern" else frame.pattern
            frame.held = []
        elif frame.closable and not frame.testing:
            while self._builder.stack[-1].kind not in ("(", "$(", "array"):
                self._builder.pop(start)
            self._builder.pop(start)
        elif frame.word is not None:
            frame.add(")", start, self._at)

    def _comment(self, frame: Frame, start: int) -> None:
        if frame.word is None:
            end = self._text.find("\n", start)
            self._at = len(self._text) if end < 0 else end
            return
        run = _MORE_OF_RUN.match(self._text, start)
        assert run is not None
        self._at = run.end()
        frame.add(run[0], start, self._at)


def _ansi_character(found: re.Match[str]) -> str:
    if found[4]:
        return _ANSI.get(found[4], found[4])
    return chr(int(found[1] or found[2], 16) if found[1] or found[2] else int(found[3], 8))


_SPECIAL: dict[str, Callable[[ShellReader, Frame, int], None]] = {
    **dict.fromkeys(_OPERATORS, ShellReader._operator),
    "\n": ShellReader._newline,
    "'": ShellReader._single,
    '"': ShellReader._double,
    "$": ShellReader._dollar,
    "`": ShellReader._tick,
    "\\": ShellReader._escape,
    "(": ShellReader._parenthesis,
    ")": ShellReader._close,
    "#": ShellReader._comment,
}
