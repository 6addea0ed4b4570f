"""Where the sections and services of a damaged Compose file begin: told by keys and indents alone.

What stands between two of these anchors is a piece of its own, so that damage in one piece cannot take its
neighbours. A line that interrupts a section is blanked, and what follows it goes on with that section.
"""

from __future__ import annotations

from collections.abc import Sequence

from dockerlint.parse.compose.lines import INSIDE, IndentedLines, section_names, service_keys
from dockerlint.syntax import Problem
from dockerlint.text import Span
from dockerlint.yaml.nodes import BrokenYaml, Mapping, Node, Scalar
from dockerlint.yaml.outline import Anchor, Outline, Section


def refuse_swallowed_services(text: str, documents: Sequence[Node]) -> None:
    """Raise BrokenYaml for a text that is YAML, in which one line takes the services below it for its own.

    Such a line is a document marker among them, or a key whose value is all text that is indented: `note: |`.
    """
    for root in documents[1:]:
        if isinstance(root, Mapping) and root.span.start and text[root.span.start - 1] == " ":
            raise BrokenYaml(root.span.start, "a YAML document starts inside a section")
    for root in documents:
        for key, entry in root.entries.items() if isinstance(root, Mapping) else ():
            value = entry.value
            is_text = isinstance(value, Scalar) and value.style in ("|", ">") and not key.startswith("x-")
            if is_text and IndentedLines(text[value.span.start : value.span.end]).services:
                raise BrokenYaml(entry.span.start, f"{key} turns the services below it into text")


def outline(text: str) -> Outline:
    """Find the anchors of a text that does not parse."""
    return _Outliner(text).outline()


class _Outliner:
    def __init__(self, text: str) -> None:
        self._text = text
        self._layout = IndentedLines(text)
        self._lines = self._layout.lines
        self._strays: set[int] = set()
        self._counted = self._brackets = 0
        self._sections: list[Section] = []
        self._problems: list[Problem] = []

    def outline(self) -> Outline:
        """The anchors, and the text without what is in the way."""
        for at, line in enumerate(self._lines):
            if line.indent > self._layout.root:
                self._below_top(at)
            elif line.key:
                self._key_at_top(at)
            else:
                self._damage_at_top(at)
        ends = [(one.start, one.line) for one in self._sections[1:]]
        ends.append((len(self._text), len(self._lines)))
        for section, (end, last) in zip(self._sections, ends, strict=False):
            section.end = end
            if section.name == "services" and self._layout.services > self._layout.root:
                self._cut_services(section, range(section.line + section.has_key, last))
        return Outline(self._blanked(), self._sections, self._problems)

    @property
    def _is_among_services(self) -> bool:
        return bool(self._sections) and self._sections[-1].name == "services"

    def _below_top(self, at: int) -> None:
        """Services below no section, or below one that a line interrupted, are a section all the same."""
        is_lost = not self._sections or (at - 1 in self._strays and not self._is_among_services)
        if is_lost and self._layout.has_service(at):
            line = self._lines[at]
            self._problem("no-services", "services without a services: key", "add services:", at)
            self._sections.append(
                Section("services", line.start, line.start, at, has_key=False, is_whole=False)
            )
        elif not self._sections:
            self._stray(at)

    def _key_at_top(self, at: int) -> None:
        line = self._lines[at]
        if self._is_stray(at):
            self._stray(at)
        elif not self._is_dedented_service(at):
            is_whole = line.key != "services" or line.is_open or not self._holds_nothing(at)
            if not is_whole:
                self._problem("yaml-syntax", "no value is allowed after services:", "", at)
            body = line.start if is_whole and not line.is_open else line.end
            self._sections.append(Section(line.key, line.start, body, at, is_whole=is_whole))

    def _holds_nothing(self, at: int) -> bool:
        """What stands behind `services:` cannot hold the services below it."""
        return self._layout.below(at) is not None and not self._lines[at].value.startswith("{")

    def _is_dedented_service(self, at: int) -> bool:
        """A service in the middle of the others whose key lost its indent."""
        return (
            self._is_among_services
            and self._layout.services > self._layout.root
            and self._layout.begins_service(at)
        )

    def _is_stray(self, at: int) -> bool:
        """A key that cannot own what stands below it: that belongs to the section above."""
        line, below, layout = self._lines[at], self._layout.below(at), self._layout
        if below is None:
            return False
        if line.is_open:
            is_service = layout.begins_service(at)
            return self._is_among_services and not is_service and layout.is_rest_of_service(at)
        if line.key == "services":
            return False
        if line.value[0] in "|>[{" and not line.value.rstrip().endswith(("}", "]")):
            return not line.key.startswith("x-") and layout.has_service(at + 1)
        return bool(below.key) or below.is_item

    def _damage_at_top(self, at: int) -> None:
        """A line at the top that is no key."""
        line = self._lines[at]
        is_followed = self._layout.below(at) is not None
        if line.is_marker:
            self._strays.add(at)
            if self._sections and is_followed:
                self._problem("stray-line", "document marker inside a section", "", at)
        elif line.word in section_names() and is_followed:
            self._problem("yaml-syntax", f"missing colon after {line.word}", f"write {line.word}:", at)
            self._sections.append(Section(line.word, line.start, line.end, at, is_whole=False))
        elif not (line.is_closer and self._is_open_bracket(line.start)):
            self._stray(at)

    def _is_open_bracket(self, end: int) -> bool:
        """The section opens a bracket that is not closed above `end`."""
        start = self._sections[-1].start if self._sections else end
        if start > self._counted:
            self._counted, self._brackets = start, 0
        above = self._text[self._counted : end]
        self._brackets += sum(map(above.count, "{[")) - sum(map(above.count, "}]"))
        self._counted = end
        return self._brackets > 0

    def _cut_services(self, section: Section, lines: range) -> None:
        for at in lines:
            line = self._lines[at]
            if at in self._strays:
                self._hurt(section, at)
            elif (name := self._name_at(at)) is not None:
                section.anchors.append(Anchor(line.start, line.indent, name, bool(name)))
            elif line.indent <= self._layout.services and not line.is_closer:
                self._stray(at)
                self._hurt(section, at)
            elif not section.anchors and at == lines.start:
                self._problem("yaml-syntax", "no service above these keys", "", at)

    def _name_at(self, at: int) -> str | None:
        """The name of the service that begins here where its colon is lost, else ""; None for no service."""
        line, layout = self._lines[at], self._layout
        if line.indent == layout.services and line.key:
            return ""
        is_moved = line.indent < layout.keys or line.indent == INSIDE
        if (layout.begins_service(at) and is_moved) or layout.is_misfit(at):
            self._problem("bad-indent", f"service {line.key} is not indented like the others", "", at)
            return "" if line.indent < layout.keys else line.key
        below = layout.below(at)
        if line.indent == layout.services and line.word and below and below.key in service_keys():
            self._problem("yaml-syntax", f"missing colon after {line.word}", f"write {line.word}:", at)
            return line.word
        return None

    def _hurt(self, section: Section, at: int) -> None:
        """Note that a line was taken out of a service, unless it stands between two of them."""
        line = self._lines[at]
        following = self._lines[at + 1] if at + 1 < len(self._lines) else None
        is_inside = following is not None and following.indent > self._layout.services
        if section.anchors and (is_inside or line.is_item or line.key in service_keys()):
            section.anchors[-1].is_hurt = True

    def _stray(self, at: int) -> None:
        self._strays.add(at)
        self._problem("stray-line", "this line interrupts the block around it", "", at)

    def _problem(self, code: str, message: str, hint: str, at: int) -> None:
        line = self._lines[at]
        written = self._text[line.start : line.end]
        start = line.start + len(written) - len(written.lstrip())
        span = Span(start, line.start + len(written.rstrip()))
        self._problems.append(Problem(code, message, hint, True, span))

    def _blanked(self) -> str:
        parts: list[str] = []
        done = 0
        for at in sorted(self._strays):
            line = self._lines[at]
            written = self._text[line.start : line.end]
            bare = written.rstrip("\r\n")
            parts += [self._text[done : line.start], " " * len(bare), written[len(bare) :]]
            done = line.end
        return "".join([*parts, self._text[done:]])
