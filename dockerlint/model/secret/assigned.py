"""Secret-like names and the literal values behind them, in text that nobody has parsed.

`NAME=value`, `NAME: value`, `"NAME": "value"`, `--name value`, `<name>value</name>` are read alike wherever
they stand: in comments, in broken YAML, in files inside files. Reports are masked by it, and no rule reports
what it finds: it takes more for a secret than a rule may.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from dockerlint.data import ordered_words
from dockerlint.model.secret.name import is_password_name, is_secret_name
from dockerlint.model.secret.raw_value import (
    LONGEST_VALUE,
    Line,
    Lines,
    block,
    flow_value,
    inside,
    open_string,
    pieces,
    quoted,
    rest_of_line,
    rest_of_settings,
    shell_word,
)
from dockerlint.model.secret.value import is_passphrase, is_placeholder, looks_secret
from dockerlint.regex import pattern
from dockerlint.text import Span

_DECIDES = 400
"""Characters of a value that are looked at; a longer one is no placeholder, path or number."""

# Read on text in small letters; the name goes on to the end of the word, so that nothing is tried twice.
_WORDS = ordered_words("secrets", "name-marks")
_NAME = pattern(rf"(?:{'|'.join(_WORDS)})[\w.-]*")
_SIGN = pattern(
    r"\\{0,7}[\"'\]]{0,2}(?:[ \t]{0,40}(?P<sign>:=|=>|={1,2}|:)|[ \t]{0,9},\s{0,99}(?=[\"'\\])|>(?!=)"
    r"|\s{1,99}-[ \t](?=\S)|\s{1,99}value\\?[\"']?:|[ \t]*\r?\n[ \t]{0,99}:(?=[ \t])|[ \t]{1,40})"
)
_NAME_START = pattern(r"[\w.-]{0,200}")
_BLANKS = pattern(r"[ \t]*")
_PROPERTIES = pattern(r"[ \t]*(?:(?:!<[^\s>]{0,200}>|[&!][^\s,\]}\"']{0,200})[ \t]+){0,3}")
# One at the end of a line: its value stands below, deeper.
_OPEN_PROPERTY = pattern(r"[&!]\S{0,200}[ \t]*\r?\n([ \t]*)(?=\S)")
# An anchor of YAML and, behind the name, what is no mapping or list.
_ANCHOR = pattern(r"(?:.*[\s\[{,])?&", re.DOTALL)
_ANCHOR_NAME = pattern(r"(?<!\S)&([\w.-]{1,200})(?!\S)")
_SCALAR = pattern(r"(?![\[{*#&]|(?:[\w.-]{1,99}|\"[\w.-]{1,99}\"|'[\w.-]{1,99}'):(?:\s|\Z))")
_BLOCK = pattern(r"[|>][-+\d]{0,2}[ \t]*(?:#[^\n]*)?\r?$", re.MULTILINE)
_DECLARING = pattern(
    r"(?:^|[\s;&|(\"'#])(?:env|arg|label|export|set|setx|declare|set[ \t]+[\w./-]{1,60})[ \t]+\Z"
)
_DECLARING_WORDS = ("env", "arg", "label", "export", "set", "setx", "declare")
_PURE_REFERENCE = pattern(
    r"(?:\$\{[A-Za-z_]\w*(?:[^{}:-]|:[?+=])?[^{}]*\}|\$\$?[A-Z_][A-Z0-9_]*|\$?\$\(.*\)?|\$\{\{.*\}\}|\{\{.*\}\}"
    r"|%\w+%|[:/@.\s_-])+\Z",
    re.DOTALL,
)
# All of a variable with what stands in for it, behind its `${`.
_EXPANDED = pattern(r"(?P<name>\w{1,200}):?[-=+](?P<default>(?:[^{}\n]|\$?\{[^{}\n]{0,200}\}){1,400})\}")
_LONGEST_START = 202
"""Characters between `${` and the word of a name that speaks of a secret."""
_DEFAULT = pattern(r"\$\{\w{1,200}:?[-+]((?:[^{}$]|\$\$)+)\}")
# A string inside a string inside a string.
_DEEP = pattern(r"\\{2,7}[\"']([^\"'\\\n]{1,400})")
_VERSION = pattern(r"\d+\.\d")
_OTHER = pattern(r"(?:id|type|source|src|env|target)=|sha(?:256|512):")
_SENTENCE = pattern(r"[a-z]{1,40}[,.;:]? [a-z]{1,40}(?=[\s,.;:)]|\Z)|[a-z]{1,40} \S{0,20}\*{4}")
_LAST_WORD = pattern(r"\S{1,400}[ \t]*(?:#[^\n]*|\\)?\r?$", re.MULTILINE)
# Of Redis: they take a value behind a blank, and stand in no sentence.
_DIRECTIVES = ("requirepass", "masterauth")
_WITH_DIGIT = pattern(r"(?!\w+://|[\w.-]+:\d+\b)(?=\D{0,99}\d)(?=[^A-Za-z]{0,99}[A-Za-z])\S{8}")
_GOES_ON = pattern(r"[^\W_]")
_LIST = pattern(r"[;&,)}\]]| #")
_PLAIN_WORD = r"(?:[A-Z]?[a-z]+|[A-Z]+)"
_PROSE = pattern(rf"{_PLAIN_WORD}[,.;:!?)]?(?:\s+[(\"']?{_PLAIN_WORD}[,.;:!?)\"']{{0,2}})+\Z")


def assigned_secrets(text: str, small: str) -> Iterator[Span]:
    """Values of secret-like names, quotes left out; one value may be given in several readings. Linear.

    `small` is the text in small letters.
    """
    lines, behind = Lines(text), 0
    aliases = {f"*{name}" for name in _ANCHOR_NAME.findall(text)} if ": *" in text else ()
    for word in _NAME.finditer(small):
        if (
            word.start() >= behind
            and text.rfind("${", max(word.start() - _LONGEST_START, 0), word.start()) >= 0
        ):
            yield from _defaults(text, word.start())
        sign = _SIGN.match(small, word.end()) if word.start() >= behind else None
        if sign is None:
            continue
        start = _name_start(text, word.start())
        name = text[start : word.end()]
        if not is_secret_name(name.strip("-.")) or not _is_given(text, start, name, sign):
            continue
        line = lines.at(start)
        if line.remark < start and " #" in text[max(line.start, start - 400) : start]:
            line = line._replace(is_comment=True)
        if not sign["sign"] and sign[0][:1].isspace() and not _takes_blank(text, start, name, sign, line):
            continue
        is_password = is_password_name(name)
        for span in _values(text, sign, start, line):
            value = text[span.start : min(span.end, span.start + _DECIDES)]
            if value in aliases or not _is_secret(value, is_password):
                continue
            if " " not in value or not _is_prose(text, span, start, sign, line):
                behind = max(behind, span.end)
                yield from _readings(text, span)


def _defaults(text: str, at: int) -> Iterator[Span]:
    """What `${NAME:-value}` puts in place of a secret that is not set."""
    start = _name_start(text, at)
    found = _EXPANDED.match(text, start) if text[start - 2 : start] == "${" else None
    if found is None or not is_secret_name(found["name"]):
        return
    inner = [Span(*one.span(1)) for one in _DEFAULT.finditer(text, *found.span("default"))]
    for span in inner or [Span(*found.span("default"))]:
        if _is_secret(text[span.start : span.end], is_password_name(found["name"])):
            yield span


def _name_start(text: str, at: int) -> int:
    before = text[at - 1 : at]
    if not before.isalnum() and before not in "_.-":
        return at
    before = text[max(at - 200, 0) : at][::-1]
    found = _NAME_START.match(before)
    return at - (found.end() if found else 0)


def _is_given(text: str, start: int, name: str, sign: re.Match[str]) -> bool:
    """The sign gives the name a value: it is not read (`$TOKEN`), no part of a path, no closing tag."""
    before, bare = text[start - 1 : start], sign[0].strip("\\\"']")
    if name == "NOPASSWD" or (bare == "==" and _VERSION.match(text, sign.end())):
        return False
    if before == "$" or text[start - 2 : start] == "${":
        return False
    if bare == ">":
        return before == "<"
    if bare.isspace() and bare != sign[0]:
        return False
    if before == "/":
        return bare != ":" or text[sign.end() : sign.end() + 1].isspace()
    return not (name.startswith("lib") and text[sign.end() : sign.end() + 1].isdigit())


def _takes_blank(text: str, start: int, name: str, sign: re.Match[str], line: Line) -> bool:
    """Whether a blank alone gives the name a value: `--token x`, `ENV TOKEN x`, `TOKEN x` on a line."""
    before = text[max(start - 80, line.start) : start]
    if name.isupper() and _is_declared(before):
        return True
    if before.endswith("&"):
        return bool("\n" not in sign[0] and _ANCHOR.fullmatch(before) and _SCALAR.match(text, sign.end()))
    if _SENTENCE.match(text, sign.end()):
        return False
    if name.startswith("-"):
        return not text.startswith("--", sign.end())
    if "\n" in sign[0]:
        return sign[0].endswith(":")
    if name.startswith("_") or _is_declared(before):
        return True
    word = _LAST_WORD.match(text, sign.end()) if not before.strip(" \t#-") else None
    return word is not None and (name.isupper() or name in _DIRECTIVES or bool(_WITH_DIGIT.match(word[0])))


def _is_declared(before: str) -> bool:
    """What stands in front of a name on its line gives it a value: `ENV`, `export`, `aws configure set x`."""
    if before[-1:] not in (" ", "\t"):
        return False
    words = before.lower().split()[-2:]
    if not words or not (words[-1].endswith(_DECLARING_WORDS) or words[0].endswith("set")):
        return False  # most names, and cheaper than the expression
    return _DECLARING.search(before.lower()) is not None


def _values(text: str, sign: re.Match[str], name_start: int, line: Line) -> Iterator[Span]:
    """The value behind a sign, or the lines of a block."""
    between = (_PROPERTIES if sign[0].endswith(":") else _BLANKS).match(text, sign.end())
    at = between.end() if between else sign.end()
    if _BLOCK.match(text, at) or (at >= len(text) or text[at] in "\r\n"):
        if sign["sign"] == ":" or (not sign[0].strip() and text[name_start - 1 : name_start] == "&"):
            yield from block(text, at, line)
        return
    is_property = text[at] in "&!" and sign["sign"] == ":" and not line.is_comment
    below = _OPEN_PROPERTY.match(text, at) if is_property else None
    around = _string_around(text, name_start, line, sign[0])
    if below is not None and below.end() - below.start(1) > line.indent:
        yield from block(text, below.start(1) - 1, line)
    elif around:
        yield inside(text, at, around)
        if line.is_comment:
            yield rest_of_line(text, at, True)
    elif text[at] == "\\" and text[at + 1 : at + 2] in ("'", '"'):
        yield inside(text, at + 2, text[at : at + 2])
    elif text[at] == "\\" and (deep := _DEEP.match(text, at)):
        yield Span(*deep.span(1))
    elif text[at] in "\"'":
        yield from _strings(text, at, line)
    elif sign[0].endswith(">") and sign["sign"] is None:
        end = text.find("<", at, at + LONGEST_VALUE)
        yield Span(at, end if end >= 0 else at)
    else:
        yield from _bare(text, at, sign[0], name_start, line)


def _string_around(text: str, start: int, line: Line, sign: str) -> str:
    """The quote of the string that holds the name and its value, which the name opens or parts; else ""."""
    before = text[start - 1 : start]
    if "," in sign or not before or before not in "\"'&;?,":
        return ""
    if before in "\"'":
        return "" if sign.startswith(("\\", before)) else _quote_at(text, start - 1)
    for quote in "\"'":
        at = text.rfind(quote, max(line.start, start - 400), start)
        if at >= 0 and text.count(quote, max(line.start, start - 400), start) % 2:
            return _quote_at(text, at)
    return ""


def _quote_at(text: str, at: int) -> str:
    return text[at - 1 : at + 1] if text[at - 1 : at] == "\\" else text[at]


def _strings(text: str, at: int, line: Line) -> Iterator[Span]:
    span = quoted(text, at)
    if span.end > at:
        yield from pieces(text, span)
        if _GOES_ON.match(text, span.end):
            yield rest_of_line(text, at + 1, True)
    else:
        yield from open_string(text, at, line, text[at])


def _bare(text: str, at: int, sign: str, start: int, line: Line) -> Iterator[Span]:
    """A value without quotes: YAML and lists to the end of the line, a shell to the end of the word."""
    before, given = text[max(line.start, start - 80) : start], sign.strip()
    if given and (text[at - 1] in " \t" or "\n" in sign):
        is_flow = before.rstrip(" ").endswith(("{", ","))
        # In a file of settings a `#` may be part of a value.
        to_end = line.is_comment or given == "="
        yield flow_value(text, at) if is_flow else rest_of_line(text, at, to_end)
    elif not given and before.endswith("&"):
        yield flow_value(text, at) if "{" in before else rest_of_line(text, at, False)
    elif before.strip(" \t#") == "-":
        yield rest_of_line(text, at, line.is_comment)
    else:
        word = shell_word(text, at)
        if text[at : word.end].isalnum():
            yield word  # most values, and cheaper than a look for quotes
        else:
            yield from pieces(text, word)
        if line.is_comment:
            phrase = rest_of_line(text, at, True)
            yield from (phrase,) if is_passphrase(text[at : phrase.end]) else ()
        is_alone = given == "=" and not before.strip(" \t#-")
        if is_alone or _is_declared(before):
            rest = rest_of_settings(text, at)
            yield from () if rest == word else (rest,)


def _is_prose(text: str, span: Span, start: int, sign: re.Match[str], line: Line) -> bool:
    """Words with blanks that tell something about the name."""
    value = text[span.start : min(span.end, span.start + _DECIDES)]
    return (
        (line.is_comment or not line.is_opened_by(start))
        and not _is_code(text, span, text[start : sign.start()], sign, line)
        and bool(_PROSE.match(value))
        and not is_passphrase(value)
    )


def _is_code(text: str, span: Span, name: str, sign: re.Match[str], line: Line) -> bool:
    """Words are given to the name as its value, and tell nothing about it: a passphrase."""
    if sign["sign"] != ":":
        return sign["sign"] in ("=", ":=") or (name.isupper() and "," not in sign[0])
    return text[span.start - 1] in "\"'" or (line.is_comment and name.isupper())


@lru_cache(maxsize=256)
def _is_secret(value: str, is_password: bool) -> bool:
    default = _DEFAULT.search(value) if "$" in value else None
    if default is not None:
        value = default[1]
    if (
        not value.strip()
        or value.startswith("#")
        or is_placeholder(value)
        or _PURE_REFERENCE.match(value)
        or _OTHER.match(value)
    ):
        return False
    return looks_secret(value, is_password=is_password)


def _readings(text: str, span: Span) -> Iterable[Span]:
    """The value as it stands, and what it is without a scheme in front or a list behind."""
    return (span,) if text[span.start : span.end].isalnum() else _parts(text, span)


def _parts(text: str, span: Span) -> Iterator[Span]:
    default = None
    if "$" in text[span.start : span.end]:
        default = _DEFAULT.search(text, span.start, min(span.end, span.start + LONGEST_VALUE))
    if default is not None:
        yield Span(*default.span(1))
        if default.span() == (span.start, span.end):
            return
    yield span
    shorter = _LIST.search(text, span.start + 3, span.end) if default is None else None
    if shorter is not None:
        yield Span(span.start, shorter.start())
    words = text[span.start : span.end].split() if span.end - span.start < LONGEST_VALUE else ()
    if len(words) == 2 and words[0].isalpha():
        yield span._replace(start=span.end - len(words[1]))
