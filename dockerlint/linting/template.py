"""Templates of Dockerfiles and Compose files, whose syntax nobody has to repair: Docker never reads them."""

from __future__ import annotations

import re
from typing import Final

from dockerlint.findings import Finding, Severity
from dockerlint.regex import pattern

PARSE_PROBLEM: Final = "parse-problem"
_OF_SYNTAX: Final = frozenset({PARSE_PROBLEM, "invalid-image-reference", "undefined-variable"})
"""Rules that speak of what the template fills in."""
_CODE: Final = pattern(r"^[ \t]*(<%)[-=#%_]?(?:[ \t]|\r?$)|^[ \t]*FROM[ \t]+(%%)[A-Z_]+%%", re.MULTILINE)
"""Where a line of ERB, EJS, JSP or Groovy begins, or a base is filled in (`FROM %%IMAGE%%`)."""


def without_template_problems(findings: list[Finding], text: str) -> tuple[list[Finding], str]:
    """The findings without those of the syntax of a template, which Docker never reads, and a note on that.

    A file that Docker takes as it is loses nothing, whatever it says.
    """
    code = _CODE.search(text)
    is_refused = any(one.rule.name in _OF_SYNTAX and one.severity >= Severity.HIGH for one in findings)
    if code is None or not is_refused:
        return findings, ""
    line = text.count("\n", 0, code.start()) + 1
    mark = code[1] or code[2]
    note = f"line {line} is part of a template ({mark}), so it is not told what Docker would refuse"
    return [one for one in findings if one.rule.name not in _OF_SYNTAX], note
