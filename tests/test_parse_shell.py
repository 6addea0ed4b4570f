"""Shell text → commands: words, places, what runs what."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pace import grows_in_proportion

from dockerlint.model.command.command import Command
from dockerlint.parse.commands import command_of_words, parse_shell
from dockerlint.shell.words import Word
from dockerlint.text import Span
from dockerlint.values import UNKNOWN


def programs(text: str) -> list[str]:
    return [str(command.program) for command in parse_shell(text)]


def under(text: str, command: Command) -> str:
    return text[command.span.start : command.span.end]


def words(text: str) -> list[str]:
    return [word.text for word in parse_shell(text)[0].words]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a && b || c; d & e | f", ["a", "b", "c", "d", "e", "f"]),
        ("a\nb\n\n# c\nd # e", ["a", "b", "d"]),
        ("(a; b) && { c; d; }", ["a", "b", "c", "d"]),
        ("if a; then b; elif c; then d; else e; fi", ["a", "b", "c", "d", "e"]),
        ("for x in a b $(c); do d $x; done", ["c", "d"]),
        ("while read -r x; do a; done < <(b)", ["read", "a", "b"]),
        ("until a; do b; done", ["a", "b"]),
        ('case "$(a)" in x|y) b ;; (z) c ;; *) d; esac; e', ["a", "b", "c", "d", "e"]),
        ("f() { a; }; function g { b; }; f", ["a", "b", "f"]),
        ("f () { a; }; b", ["a", "b"]),
        ("! a && time b", ["a", "b"]),
        ("((i++)) && for ((i = 0; i < 3; i++)); do a; done", ["a"]),
        ("[[ -n $a && b < c ]] && d", ["[[", "d"]),
        ("curl x |\n  # why\n  sh", ["curl", "sh"]),
        ("set -- a b; echo done if fi", ["set", "echo"]),
        ("a=(b $(c) d) e", ["e", "c"]),
    ],
)
def test_commands_are_found_inside_every_construct(text: str, expected: list[str]) -> None:
    assert programs(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("""a 'b c' "d e" f\\ g h'i'"j" """, ["a", "b c", "d e", "f g", "hij"]),
        ('a $\'b\\tc\\x41\' "d\\"e\\$f"', ["a", "b\tcA", 'd"e$f']),
        ("a '' \"\" x#y", ["a", "", "", "x#y"]),
        ("a b\\\nc d", ["a", "bc", "d"]),
        ("a {} +x --y=z @1.0 ~/f *.c", ["a", "{}", "+x", "--y=z", "@1.0", "~/f", "*.c"]),
        ("a 2>&1 >/dev/null b <<< c", ["a", "b"]),
        ("a 'not closed && b", ["a", "not closed && b"]),
        ('a "not closed && b', ["a", "not closed && b"]),
    ],
)
def test_quotes_and_escapes_are_taken_out_of_words(text: str, expected: list[str]) -> None:
    assert words(text) == expected


def test_a_word_with_an_expansion_is_unknown_and_keeps_its_text() -> None:
    command = parse_shell("curl \"$URL/x\" ${A:-b} $(c) `d` $((1 + 2)) '$E'")[0]
    assert [word.value for word in command.words] == [
        "curl",
        UNKNOWN,
        UNKNOWN,
        UNKNOWN,
        UNKNOWN,
        UNKNOWN,
        "$E",
    ]
    assert command.words[1].text == "$URL/x"


def test_every_word_and_command_points_at_its_text() -> None:
    text = "a 'b c' && d \"$e\" > f; g"
    commands = parse_shell(text, base=100)
    assert [text[one.span.start - 100 : one.span.end - 100] for one in commands] == [
        "a 'b c'",
        'd "$e" > f',
        "g",
    ]
    quoted = commands[0].words[1].span
    assert text[quoted.start - 100 : quoted.end - 100] == "'b c'"


def test_filler_has_no_width_but_keeps_places() -> None:
    text = "apt-get in\0\0stall \0\0 -y \0\0# no comment of the shell"
    command = parse_shell(text)[0]
    assert [word.text for word in command.words] == ["apt-get", "install", "-y"]
    assert under(text, command) == "apt-get in\0\0stall \0\0 -y"
    assert text[command.words[1].span.start : command.words[1].span.end] == "in\0\0stall"


def test_the_source_of_a_text_is_in_its_spans() -> None:
    assert parse_shell("a b", 7, source="x.sh")[0].words[1].span == Span(9, 10, "x.sh")


def test_substitutions_know_the_command_that_holds_them() -> None:
    outer, inner = parse_shell('sh -c "$(curl x)"')
    assert inner.holder is outer
    held = [command for command in parse_shell("X=$(a) b `c` <(d)") if command.holder is not None]
    assert [(one.program, one.holder and one.holder.program) for one in held] == [
        ("a", "b"),
        ("c", "b"),
        ("d", "b"),
    ]


def test_pipes_know_their_ends_through_groups_and_loops() -> None:
    text = "(a || b) | c | d; e | while f; do g; done; { h; } > i"
    by_name = {command.program: command for command in parse_shell(text)}
    assert by_name["a"].feeds == ("c", "d")
    assert by_name["b"].feeds == ("c", "d")
    assert by_name["d"].fed_by == ("a", "b", "c")
    assert by_name["e"].feeds[0] == "f"
    assert [entry.target.text for entry in by_name["h"].redirections] == ["i"]


@pytest.mark.parametrize(
    ("text", "inner", "wrappers"),
    [
        ("sudo -E -u app X=1 a b", "a", ("sudo",)),
        ("env -i A=1 B=2 a", "a", ("env",)),
        ("exec a", "a", ("exec",)),
        ("nice -n 5 ionice -c2 timeout -s KILL 5 a", "a", ("nice", "ionice", "timeout")),
        ("gosu app a", "a", ("gosu",)),
        ("chroot /mnt a", "a", ("chroot",)),
        ("x | xargs -0 -n 1 a", "a", ("xargs",)),
        ("find . -name b -exec a {} ;", "a", ("find",)),
        ("/bin/busybox a", "a", ("busybox",)),
        ("bash -lc 'a b'", "a", ("bash",)),
        ("sh -euxc a", "a", ("sh",)),
        ("bash -o pipefail -c a", "a", ("bash",)),
        ("su - app -c 'a b'", "a", ("su",)),
        ("eval a b", "a", ("eval",)),
        ("sudo sh -c 'sudo a'", "a", ("sudo", "sh", "sudo")),
        ("bash <<E\na\nE\n", "a", ("bash",)),
        ("sh -s <<'E'\na\nE\n", "a", ("sh",)),
        ("bash <<< a", "a", ("bash",)),
    ],
)
def test_what_a_wrapper_runs_is_a_command_of_its_own(
    text: str, inner: str, wrappers: tuple[str, ...]
) -> None:
    command = parse_shell(text)[-1]
    assert (command.program, command.wrappers) == (inner, wrappers)
    assert under(text, command).startswith(inner)


def test_asking_where_a_program_is_runs_nothing() -> None:
    assert programs("command -v a && sudo -v && bash file.sh") == ["command", "sudo", "bash"]


def test_a_script_in_quotes_has_true_places() -> None:
    text = 'bash -c "apt-get \0\0update && echo \\"x\\" | sh" && z'
    found = {str(command.program): under(text, command) for command in parse_shell(text)}
    assert found["apt-get"] == "apt-get \0\0update"
    assert found["echo"] == 'echo \\"x\\"'
    assert found["z"] == "z"


def test_heredocs_are_no_commands_and_end_at_their_mark() -> None:
    text = "cat <<-'A' > x <<B && a\n\tb $c\n\tA\nd\nB\ne\n"
    cat = parse_shell(text)[0]
    assert programs(text) == ["cat", "a", "e"]
    assert [(one.operator, one.target.value) for one in cat.redirections] == [
        ("<<-", "\tb $c"),
        (">", "x"),
        ("<<", "d"),
    ]


def test_assignments_stand_apart_from_the_words() -> None:
    command = parse_shell("A=1 B='x y' C=$d e F=2")[0]
    assert [(name, word.value) for name, word in command.assignments] == [
        ("A", "1"),
        ("B", "x y"),
        ("C", UNKNOWN),
    ]
    assert [word.text for word in command.words] == ["e", "F=2"]


def test_a_program_is_known_by_its_last_part() -> None:
    assert programs("/usr/bin/a; ${X}/bin/b; $c; $(d)/e") == ["a", "b", str(UNKNOWN), "e", "d"]


def test_other_languages_are_left_alone() -> None:
    assert parse_shell("Get-Item x | Select y", shell=("pwsh", "-Command")) == ()
    assert parse_shell("dir & echo x", shell=("C:\\Windows\\System32\\cmd.exe", "/S", "/C")) == ()


def test_a_list_of_words_is_a_command_and_its_script_too() -> None:
    texts = ["sh", "-c", "a && b c"]
    spans = [Span(1, 5), Span(7, 11), Span(13, 23)]
    found = command_of_words([Word(text, text, span) for text, span in zip(texts, spans, strict=True)])
    assert [command.program for command in found] == ["sh", "a", "b"]
    assert found[2].span == Span(19, 22)


_TOKENS = r"""
    $( ` ) ( (( )) $(( ${ } { ' " \ a b= if then fi do done esac ;; ; && | <<E <<< > 2> <( # $' $x é =( [[ ]]
    f() bash -c sudo eval env
"""
_BLANKS = (" ", "\n", "\\\n", "\r\n", "\0", "\nE\n", "for x in ", "case x in ", "find . -exec ")
_PIECES = st.sampled_from((*_TOKENS.split(), *_BLANKS))


@settings(max_examples=300, deadline=None)
@given(st.lists(_PIECES, max_size=40).map("".join))
def test_no_text_breaks_the_reader_or_leaves_its_bounds(text: str) -> None:
    for command in parse_shell(text, base=3):
        for span in (command.span, *(word.span for word in command.words)):
            assert 3 <= span.start <= span.end <= 3 + len(text)


@pytest.mark.parametrize(
    "piece",
    [
        "$(",
        "`",
        "(",
        "((",
        "${",
        "{ ",
        '"$(',
        "if ",
        "case x in a) ",
        "a | ",
        "sudo ",
        "eval ",
        "(a)|",
        "<<A ",
        "a=$(b ",
    ],
)
def test_deep_nests_cost_time_in_proportion(piece: str) -> None:
    assert grows_in_proportion(parse_shell, lambda count: piece * count, 2_000)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("deps='a b  c' && get $deps", ["get", "a", "b", "c"]),
        ("deps=' a '; get -y ${deps} d", ["get", "-y", "a", "d"]),
        ("deps='a b' && (x; get $deps)", ["get", "a", "b"]),
        ("deps='a b' && get \"$deps\"", ["get", "$deps"]),
        ("deps='a b' && get x$deps", ["get", "x$deps"]),
        ("deps=a && get $deps", ["get", "$deps"]),
        ("deps='a b' x && get $deps", ["get", "$deps"]),
        ("get $deps; deps='a b'", ["get", "$deps"]),
        ("if x; then deps='a b'; else deps='c d'; fi; get $deps", ["get", "$deps"]),
        ("deps='a b' && deps=\"$deps c\" && get $deps", ["get", "$deps"]),
    ],
)
def test_a_variable_stands_for_the_list_it_was_given_once(text: str, expected: list[str]) -> None:
    found = next(command for command in parse_shell(text) if command.program == "get")
    assert [word.text for word in found.words] == expected


def test_the_words_of_a_list_stand_where_its_variable_stands() -> None:
    text = "deps='a b' && get $deps"
    places = [word.span for word in parse_shell(text)[-1].words[1:]]
    assert {text[place.start : place.end] for place in places} == {"$deps"}


def test_a_list_that_is_used_a_thousand_times_costs_no_more_than_its_text() -> None:
    text = f"deps='{'a ' * 1000}'; get{' $deps' * 1000}"
    assert len(parse_shell(text)[-1].words) < 6000
