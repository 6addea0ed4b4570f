"""Lists of recommendations, such as the CIS Docker Benchmark, and what a run says about each of them."""

from __future__ import annotations

from typing import Final

from dockerlint.ruleset.shorthand import VERSIONS

AUDIT: Final = "audit"
"""The list that is no version of the CIS Docker Benchmark."""
BENCHMARKS: Final = (*VERSIONS, AUDIT)
"""What may be asked for; NEWEST where nothing is."""
NEWEST: Final = VERSIONS[-1]
LEVELS: Final = ("1", "2")
RENDERERS: Final = {
    "text": "dockerlint.report.benchmark.text:lines",
    "json": "dockerlint.report.benchmark.data:document",
    "markdown": "dockerlint.report.benchmark.markdown:page",
}
"""What writes each format; its module is imported when it is asked for."""
