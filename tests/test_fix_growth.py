"""What a fix costs grows with the file and no faster."""

from __future__ import annotations

from pace import grows_in_proportion

from dockerlint.findings import Edit
from dockerlint.fix.changes import Changes
from dockerlint.fix.newfiles import Planned
from dockerlint.fix.page import difference
from dockerlint.fix.rounds import Result
from dockerlint.text import Source, Span


def alike(number: int) -> Result:
    """A text of equal lines, every other one of which gets a line below it."""
    edits = [Edit(Span(at, at), "new\n") for at in range(4, 8 * number, 8)]
    return Result("old\nnew\nold\n" * number, changes=Changes().then(edits))


def test_the_difference_of_many_alike_changes_is_told_in_proportion() -> None:
    def tell(result: Result) -> str:
        old = "old\n" * (2 * len(result.changes.stretches))
        return difference("a", Source("a", old), result, [])

    assert tell(alike(3)).count("\n+new") == 3
    assert grows_in_proportion(tell, alike, 2_000)


def test_the_difference_of_an_ignore_file_of_alike_lines_is_told_in_proportion() -> None:
    def completed(number: int) -> Planned:
        old = "a\n" * number
        return Planned(".gitignore", ".gitignore", Source("", old), b"", f"{old}b\n")

    def tell(file: Planned) -> str:
        return difference("a", Source("a", ""), Result(""), [file])

    assert tell(completed(9)).endswith("@@ -7,3 +7,4 @@\n a\n a\n a\n+b\n")
    assert grows_in_proportion(tell, completed, 20_000)
