"""What edits changed is told by the edits themselves: every text, round after round."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dockerlint.findings import Edit
from dockerlint.fixing.changes import Changes, TextLines, changes_between, opcodes
from dockerlint.text import Span, splice

TEXTS = st.text("ab\n", max_size=30)


@st.composite
def edited(draw: st.DrawFn) -> tuple[str, str, Changes]:
    """A text, what rounds of edits made of it, and the changes that they add up to."""
    old = text = draw(TEXTS)
    changes = Changes()
    for _ in range(draw(st.integers(0, 4))):
        ends = sorted(draw(st.lists(st.integers(0, len(text)), max_size=6)))
        places = zip(ends[::2], ends[1::2], strict=False)
        edits = [Edit(Span(start, end), draw(st.text("ab\n", max_size=4))) for start, end in places]
        text, changes = splice(text, edits), changes.then(edits)
    return old, text, changes


def patched(old: str, new: str, changes: Changes) -> str:
    """The old lines with those of the new text that the changes name."""
    before, after = TextLines(old), TextLines(new)
    found, place = [], (0, 0)
    for tag, low, high, start, end in opcodes(changes, before, after):
        assert (low, start) == place, "every line of both texts is told once"
        found += before.lines[low:high] if tag == "equal" else after.lines[start:end]
        place = (high, end)
    assert place == (len(before.lines), len(after.lines))
    return "".join(found)


@given(edited())
def test_the_changes_of_all_rounds_together_lead_from_the_first_text_to_the_last(
    case: tuple[str, str, Changes],
) -> None:
    old, new, changes = case
    edits = [Edit(Span(one.start, one.end), new[one.new_start : one.new_end]) for one in changes.stretches]
    assert splice(old, edits) == new
    assert patched(old, new, changes) == new


@given(TEXTS, TEXTS)
def test_the_difference_of_any_two_texts_is_one_change(old: str, new: str) -> None:
    assert patched(old, new, changes_between(old, new)) == new


@given(edited())
def test_what_no_round_touched_is_told_as_equal(case: tuple[str, str, Changes]) -> None:
    old, new, changes = case
    for tag, low, high, start, end in opcodes(changes, TextLines(old), TextLines(new)):
        assert tag != "equal" or TextLines(old).lines[low:high] == TextLines(new).lines[start:end]
        assert tag == "equal" or TextLines(old).lines[low:high] != TextLines(new).lines[start:end]
