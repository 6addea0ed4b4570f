"""Fixes of a Dockerfile that is written inside a Compose file, brought to that file."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

from dockerlint.findings import Edit, Finding, Fix, Refusal, Refused
from dockerlint.fixing.dockerfile.lines import BLANKS, newline_of
from dockerlint.link.inline import Offsets, to_file
from dockerlint.text import Span

NOT_LITERAL = "dockerfile_inline is not a literal block (|), or Compose interpolates variables in it"


@dataclass(frozen=True)
class Inside:
    """A text inside another one."""

    inner: str
    outer: str
    offsets: Offsets

    def brought(self, finding: Finding) -> Finding:
        """A finding in the inner text with its fix in the outer one, or why it has none there."""
        if finding.fix is None:
            return finding
        fix = self._fix(finding.fix)
        if isinstance(fix, Refusal):
            return replace(finding, fix=None, unfixed=fix)
        return replace(finding, fix=fix, unfixed=None)

    def _fix(self, fix: Fix) -> Fix | Refusal:
        if fix.files:
            return Refusal("the Dockerfile is in dockerfile_inline")
        if not self._is_literal:
            return Refusal(NOT_LITERAL)
        try:
            return replace(fix, edits=tuple(map(self._edit, fix.edits)))
        except Refused as refused:
            return refused.refusal

    @cached_property
    def _is_literal(self) -> bool:
        """Every line stands in the file as it is, on a line of its own."""
        lines = self.inner.split("\n")
        if len(lines) != len(self.offsets):
            return False
        starts = [file for _, file in self.offsets]
        is_parted = all("\n" in self.outer[one:other] for one, other in pairwise(starts))
        return is_parted and all(map(self.outer.startswith, lines, starts))

    def _edit(self, edit: Edit) -> Edit:
        if "$" in edit.text:
            raise Refused("Compose would interpolate the $ in it")
        start, end = edit.span.start, edit.span.end
        indent = self._indent(start)
        opens = start == 0 or self.inner[start - 1] == "\n"
        if opens and not edit.text and self.inner[end - 1 : end] == "\n":
            return Edit(Span(self._line_start(start), self._line_end(end - 1) + 1), "")
        if self.inner[end - 1 : end] == "\n" and end == len(self.inner):
            raise Refused("the edit is at the end of dockerfile_inline")
        text = edit.text.replace("\r\n", "\n").replace("\n", newline_of(self.outer) + indent)
        return Edit(to_file(edit.span, self.offsets), text)

    def _line_start(self, offset: int) -> int:
        """The start of the line of the file that holds an offset of the inner text."""
        return self.outer.rfind("\n", 0, to_file(Span(offset, offset), self.offsets).start) + 1

    def _line_end(self, offset: int) -> int:
        """The line break of that line."""
        end = self.outer.find("\n", to_file(Span(offset, offset), self.offsets).start)
        return len(self.outer) - 1 if end < 0 else end

    def _indent(self, offset: int) -> str:
        """The blanks in front of the line, which belong to the block."""
        line = self.inner.rfind("\n", 0, offset) + 1
        file = to_file(Span(line, line), self.offsets).start
        indent = self.outer[self._line_start(offset) : file]
        if not indent or indent.strip(BLANKS):
            raise Refused("the indentation of dockerfile_inline is ambiguous")
        return indent
