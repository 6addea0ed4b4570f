"""Edits of a YAML text that touch nothing but what they name, in the style of their neighbours."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from collections.abc import Mapping as Lookup
from collections.abc import Sequence as Order

from dockerlint.findings import Edit, Refused
from dockerlint.regex import pattern
from dockerlint.text import Span
from dockerlint.yaml.document import Document, Path
from dockerlint.yaml.nodes import Entry, Mapping, Node, Scalar, Sequence
from dockerlint.yaml.style import (
    DEFAULT_INDENT,
    Value,
    block_lines,
    column,
    flow_text,
    is_plain,
    line_break_at,
    quoted,
    scalar_text,
    stands_plain,
)

_REST_OF_LINE = pattern(r"[ \t]*(?:#[^\r\n]*)?(?=\r?\n|\Z)")
_COMMENT_LINE = pattern(r"( *)#([^\r\n]*)(?:\r?\n|\Z)")
_BLANK_LINE = pattern(r"[ \t]*\r?\n")
_DEEPER = pattern(r" {2,}(?:-[ \t]|[\w.\"'/-]+[:=])")
_LISTED = pattern(r"[ \t]*-(?:[ \t]|\Z)")


def insert_entries(
    file: Document, path: Path, entries: Lookup[str, Value], order: Order[str] = ()
) -> list[Edit]:
    """Add keys to the mapping at `path`; keys that `order` names stand beside each other in that order.

    A key that has no value yet gets them as its mapping.
    """
    if (
        isinstance(there := file.node(path), Scalar)
        and not there.style
        and there.span.start == there.span.end
    ):
        return [_open_entry(file, path, entries)]
    body = file.mapping(path)
    if body.is_flow:
        return [_insert_in_flow(file, body, entries)]
    indent = file.indent_of(body)
    style = file.style(body, _step(file, path, indent))
    offsets: dict[str, int] = {}
    lines: dict[int, list[str]] = {}
    for key in sorted(entries, key=lambda key: order.index(key) if key in order else len(order)):
        after = _neighbour(body, key, order, offsets)
        offset = offsets[after] if isinstance(after, str) else line_end_after(file.text, after, indent)
        offsets[key] = offset
        lines.setdefault(offset, []).extend(block_lines({key: entries[key]}, style))
    return [insert_lines(file.text, offset, indent, found) for offset, found in lines.items()]


def _open_entry(file: Document, path: Path, entries: Lookup[str, Value]) -> Edit:
    """The first lines below a key."""
    found = file.entry(path)
    if found.around.is_flow:
        raise Refused("its key is in braces")
    key = found.entry.key.span
    colon = file.text.index(":", key.end) + 1
    indent = column(file.text, key.start)
    step = _step(file, path[:-1], indent)
    offset = line_end_after(file.text, Span(colon, colon), indent)
    return insert_lines(
        file.text, offset, indent + step, block_lines(entries, file.style(found.around, step))
    )


def _step(file: Document, path: Path, indent: int) -> int:
    """The indent that the mapping itself was given, or its first child."""
    if path not in file.steps:
        file.steps[path] = _found_step(file, path, indent)
    return file.steps[path]


def _found_step(file: Document, path: Path, indent: int) -> int:
    for entry in _own(file.mapping(path)):
        if isinstance(entry.value, Mapping) and not entry.value.is_flow and entry.value.entries:
            step = column(file.text, entry.value.span.start) - indent
            if step > 0 and _is_inside(entry.value, entry):
                return step
    if not path or isinstance(path[-1], int):
        return DEFAULT_INDENT
    step = indent - column(file.text, file.entry(path).entry.key.span.start)
    return step if step > 0 else DEFAULT_INDENT


def _own(body: Mapping) -> list[Entry]:
    """The entries that are written here, in order."""
    return [entry for entry in body.entries.values() if not entry.is_merged]


def _is_inside(node: Node, entry: Entry) -> bool:
    return entry.span.start <= node.span.start and node.span.end <= entry.span.end


_IDENTITY = ("image", "build", "container_name", "hostname", "platform")
"""What opens a service; other things follow before a block about its hardening."""


def _neighbour(body: Mapping, key: str, order: Order[str], offsets: Lookup[str, int]) -> str | Span:
    """What the new key comes after: a key that was just placed, or the text of an entry."""
    if not order and not offsets:
        return body.span
    own = {entry.key.text: entry for entry in _own(body)}
    entries = list(own.values())
    rank = order.index(key) if key in order else -1
    before = order[: max(rank, 0)]
    for name in reversed(before):
        if name in offsets:
            return name
        if name in own:
            return own[name].span if name == before[-1] else _last_of_run(entries, own[name], before).span
    for name in order[rank + 1 :] if rank >= 0 else ():
        if name in own:
            at = entries.index(own[name])
            return entries[max(at - 1, 0)].span
    if offsets:
        return list(offsets)[-1]
    simple = [entry for entry in entries if _is_simple(entry) and entry.key.text not in _IDENTITY]
    if not simple or not order:
        return body.span
    return max(entry.span for entry in [simple[-1], *(one for one in entries if one.key.text in _IDENTITY)])


def _last_of_run(entries: list[Entry], first: Entry, names: Order[str]) -> Entry:
    """The last entry of those in a row that begin with one, all of them with such names."""
    last = first
    for entry in entries[entries.index(first) + 1 :]:
        if entry.key.text not in names:
            break
        last = entry
    return last


def _is_simple(entry: Entry) -> bool:
    value = entry.value
    return isinstance(value, Scalar) and value.style in ("", "'", '"') and bool(value.text)


def line_end_after(text: str, span: Span, indent: int) -> int:
    """The offset of the line below a node whose key or dash stands at column `indent`.

    Comments below it that are indented deeper, or that are items or keys of it commented out, belong to it,
    with comments and blank lines in front: uncommented, they must not land in what is written here.
    """
    rest = _REST_OF_LINE.match(text, span.end)
    if rest is None:
        raise Refused("there is other text on its line")
    end = text.find("\n", rest.end())
    if end < 0:
        return len(text)
    below = at = end + 1
    last = text[text.rfind("\n", 0, span.end) + 1 : span.end]
    is_list, is_nested = _LISTED.match(last) is not None, len(last) - len(last.lstrip(" ")) > indent
    while (comment := _COMMENT_LINE.match(text, _behind_blank_lines(text, at))) and comment.end() > at:
        # What a blank line parts may be about something else, unless it is indented as a part.
        is_nested = is_nested and comment.start() == at
        at = comment.end()
        is_item = (is_list and _LISTED.match(comment[2])) or (is_nested and _DEEPER.match(comment[2]))
        if len(comment[1]) > indent or is_item:
            below = at
    return below


def _behind_blank_lines(text: str, at: int) -> int:
    while blank := _BLANK_LINE.match(text, at):
        at = blank.end()
    return at


def insert_lines(text: str, offset: int, indent: int, lines: Iterable[str]) -> Edit:
    """Put whole lines, without their indent, before the line that starts at `offset`."""
    newline = line_break_at(text, max(offset - 1, 0))
    written = newline.join(" " * indent + line for line in lines)
    if offset and text[offset - 1] != "\n":
        return Edit(Span(offset, offset), newline + written)
    return Edit(Span(offset, offset), written + newline)


def _insert_in_flow(file: Document, body: Mapping, entries: Lookup[str, Value]) -> Edit:
    quote = file.habits.quote
    written = ", ".join(f"{key}: {flow_text(value, quote)}" for key, value in entries.items())
    return insert_before_bracket(file.text, body, file.own_entries(body), written)


def insert_before_bracket(
    text: str, body: Mapping | Sequence, inside: Order[Entry | Node], written: str
) -> Edit:
    """Put text behind the last of what stands in brackets."""
    last = inside[-1].span.end if inside else body.span.start + 1
    between = text[last : body.span.end - 1]
    if any(line.split("#", 1)[0].strip() for line in between.splitlines()):
        raise Refused("the end of the brackets is not understood")
    return Edit(Span(last, last), f", {written}" if inside else written)


def replace_scalar(file: Document, path: Path, value: str | int | float | bool) -> list[Edit]:
    """Put another value in the place of one, in the quotes that are there."""
    node = file.node(path)
    if not isinstance(node, Scalar) or node.style in ("|", ">"):
        raise Refused("it spans several lines")
    return [Edit(node.span, replacement(file, node, value))]


def replacement(file: Document, node: Scalar, value: str | int | float | bool) -> str:
    """How `value` is written where `node` stands; raises Refused where a variable stands there."""
    if "$" in node.text:
        raise Refused("it contains a variable")
    written = file.text[node.span.start : node.span.end]
    if not written or "\n" in written:
        raise Refused("it spans several lines")
    text = value if isinstance(value, str) else scalar_text(value, '"')
    if node.style:
        return quoted(text, node.style)
    if not isinstance(value, str):
        return text
    is_bare = is_plain(text, in_flow=_in_brackets(file, node))
    return text if is_bare else quoted(text, file.habits.quote)


def requoted(file: Document, node: Scalar, *, with_quotes: bool) -> str:
    """A word in the quotes of the file, or in none; raises Refused where it would be read as another one."""
    written = file.text[node.span.start : node.span.end]
    if "\n" in written:
        raise Refused("it spans several lines")
    if with_quotes:
        return quoted(written if not node.style else node.text, file.habits.quote)
    if not stands_plain(node.text, in_flow=_in_brackets(file, node)):
        raise Refused("without quotes it would be read as something else")
    return node.text


def _in_brackets(file: Document, node: Scalar) -> bool:
    """A neighbour says so cheaply: the word is followed by a comma or a closing bracket."""
    rest = file.text[node.span.end : node.span.end + 40].lstrip()
    return rest[:1] in (",", "]", "}")


def remove_entry(file: Document, path: Path) -> list[Edit]:
    """Take a key and its value out of a mapping that has others."""
    found = file.entry(path)
    file.node(path)
    own = file.own_entries(found.around)
    if len(own) < 2:
        raise Refused("nothing would be left around it")
    if found.around.is_flow:
        at = bisect_left(own, found.entry.span.start, key=lambda one: one.span.start)
        return [Edit(flow_gap(file.text, own, at), "")]
    start = found.entry.span.start
    if file.text[start - column(file.text, start) : start].strip(" "):
        raise Refused("its key does not start its line")
    lines = lines_of(file.text, found.entry.span)
    remark = file.text.find("#", found.entry.span.end, lines.end)
    if remark >= 0 and len(path) == 1:
        return [Edit(Span(start, remark), "")]  # it may be about the file
    return [Edit(_without_double_blank(file.text, lines), "")]


def lines_of(text: str, span: Span) -> Span:
    """The whole lines of a node; the line break above it where it ends the text."""
    rest = _REST_OF_LINE.match(text, span.end)
    if rest is None:
        raise Refused("there is other text on its line")
    start, end = text.rfind("\n", 0, span.start) + 1, text.find("\n", rest.end())
    if end >= 0 or start == 0:
        return Span(start, len(text) if end < 0 else end + 1)
    start -= 2 if text[start - 2 : start] == "\r\n" else 1
    return Span(start, len(text))


def _without_double_blank(text: str, span: Span) -> Span:
    """With the blank line below where one stands above too, or nothing does."""
    line = text.rfind("\n", 0, max(span.start - 1, 0)) + 1
    above = text[line : span.start].splitlines()[-1:] if span.start else [""]
    blank = _BLANK_LINE.match(text, span.end)
    if above and not above[0].strip() and blank is not None:
        return Span(span.start, blank.end())
    return span


def flow_gap(text: str, inside: Order[Entry | Node], at: int) -> Span:
    """One of several in brackets, with the comma that belongs to it."""
    one = inside[at].span
    gap = (
        Span(one.start, inside[at + 1].span.start)
        if at + 1 < len(inside)
        else Span(inside[at - 1].span.end, one.end)
    )
    outside = text[gap.start : one.start] + text[one.end : gap.end]
    if "#" in outside or outside.strip() != ",":
        raise Refused("the items in the brackets cannot be separated")
    return gap
