"""Our reader of shell text against tree-sitter's grammar of bash.

One known difference, kept out of the scripts: the grammar takes the word in `echo >&2 word` for a part of
the redirection.
"""

from __future__ import annotations

from pathlib import Path

import pytest
import tree_sitter
import tree_sitter_bash

from dockerlint.parse.commands import parse_shell

SCRIPTS = Path(__file__).parent.parent / "fixtures" / "shell"
_NO_WORDS = ("variable_assignment", "file_redirect", "herestring_redirect", "heredoc_redirect")


def judged(text: str) -> list[tuple[int, tuple[str, ...]]]:
    """Start and words of every simple command by the grammar; the text is ASCII, so bytes are characters."""
    parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_bash.language()))
    root = parser.parse(text.encode("ascii")).root_node
    assert not root.has_error
    found, waiting = [], [root]
    while waiting:
        node = waiting.pop()
        waiting += node.children
        if node.type == "command" and node.child_by_field_name("name") is not None:
            parts = [child for child in node.children if child.type not in _NO_WORDS]
            words = tuple(text[part.start_byte : part.end_byte] for part in parts)
            found.append((parts[0].start_byte, words))
        elif node.type in ("declaration_command", "unset_command", "test_command"):
            found.append((node.start_byte, ()))
    return sorted(found)


@pytest.mark.parametrize("path", sorted(SCRIPTS.glob("*.sh")), ids=lambda path: path.name)
def test_same_commands_and_words_as_the_grammar(path: Path) -> None:
    text = path.read_text(encoding="ascii")
    ours = {
        one.words[0].span.start: tuple(text[word.span.start : word.span.end] for word in one.words)
        for one in parse_shell(text)
        if one.words and not one.wrappers
    }
    theirs = judged(text)
    assert sorted(ours) == [start for start, _ in theirs]
    for start, words in theirs:
        if words:
            assert ours[start] == words
