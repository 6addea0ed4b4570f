"""Text of a Dockerfile → instructions with true spans; what is broken costs one problem."""

from __future__ import annotations

from pathlib import Path

import pytest
from dockerfile_views import build, final, nodes, only, problems, under, words

from dockerlint.text import decode


@pytest.mark.parametrize("opening", ["<<END", "<<-END", '<<"END"', "<<'END'", "<<\\END", "3<<END"])
def test_a_heredoc_in_every_spelling_keeps_its_body_to_itself(opening: str) -> None:
    text = f"FROM alpine\nCOPY {opening} /etc/motd\nUSER root\n# not ours\nEND\nUSER 65532\n"
    assert words(text) == ["FROM", "COPY", "USER"]
    assert final(text).user.text.value == "65532"  # type: ignore[union-attr]


def test_several_heredocs_of_one_instruction_follow_each_other() -> None:
    text = "FROM alpine\nCOPY <<one <<two /dir/\nRUN a\none\nRUN b\ntwo\nRUN true\n"
    copy, run = nodes(build(text), "instruction")[1:]
    assert under(text, copy.span) == "COPY <<one <<two /dir/\nRUN a\none\nRUN b\ntwo"
    assert under(text, run.span) == "RUN true"


@pytest.mark.parametrize(
    "line",
    [
        "RUN echo '<<END'",
        "RUN cat <<<END",
        "RUN x << END",
        "LABEL a=<<END",
        "RUN a<<END",
        'RUN ["cat", "<<END"]',
        "CMD <<END",
    ],
)
def test_what_only_looks_like_a_heredoc_takes_no_body(line: str) -> None:
    assert words(f"FROM alpine\n{line}\nUSER app\nEND\n")[:3] == ["FROM", line.split()[0], "USER"]


def test_a_terminator_may_be_the_last_bytes_of_the_file() -> None:
    text = "FROM alpine\nRUN <<STOP\necho USER root\nSTOP"
    assert words(text) == ["FROM", "RUN"]
    assert problems(text) == []


def test_a_comment_may_follow_a_terminator() -> None:
    text = "FROM alpine\nRUN <<STOP\necho\nSTOP\n# about the user\nUSER app\n"
    assert words(text) == ["FROM", "RUN", "USER"]
    assert [comment.text for comment in build(text).comments] == ["about the user"]


def test_a_heredoc_of_a_later_stage_leaves_earlier_runs_alone() -> None:
    text = "FROM alpine AS one\nRUN true\nFROM alpine\nCOPY <<X /x\nbody\nX\nUSER app\n"
    assert words(text) == ["FROM", "RUN", "FROM", "COPY", "USER"]


def test_a_heredoc_without_an_end_is_one_problem_and_the_rest_is_read() -> None:
    text = "FROM alpine\nRUN <<STOP\nUSER root\n"
    assert problems(text) == [("unterminated-heredoc", "RUN <<STOP")]
    assert final(text).user is not None


def test_a_tab_stripping_heredoc_ends_at_an_indented_terminator() -> None:
    assert words("FROM alpine\nRUN <<-STOP\n\techo\n\t\tSTOP\nUSER app\n") == ["FROM", "RUN", "USER"]
    assert words("FROM alpine\nRUN <<STOP\necho\n\tSTOP\nSTOP\nUSER app\n") == ["FROM", "RUN", "USER"]


def test_comments_and_blank_lines_inside_a_continuation_are_skipped() -> None:
    text = "FROM alpine\nRUN apk add \\\n# what for \\\n  curl \\\n\n   jq\nUSER app\n"
    run = only(text, "run")
    assert under(text, run.span).endswith("jq")
    assert [word.value for word in run.commands[0].words] == ["apk", "add", "curl", "jq"]
    assert [under(text, word.span) for word in run.commands[0].words][-1] == "jq"


def test_a_word_may_be_cut_by_a_continuation() -> None:
    text = "FROM alpine\nRUN apk a\\\ndd curl\n"
    word = only(text, "run").commands[0].words[1]
    assert word.value == "add"
    assert under(text, word.span) == "a\\\ndd"


def test_two_backslashes_do_not_continue_a_line() -> None:
    assert words("FROM alpine\nRUN echo \\\\\nUSER app\n") == ["FROM", "RUN", "USER"]


def test_a_backslash_at_the_end_of_the_file_ends_nothing_else() -> None:
    text = "FROM alpine\nRUN echo a \\"
    assert [word.value for word in only(text, "run").commands[0].words] == ["echo", "a"]


def test_the_escape_directive_makes_the_backslash_a_plain_character() -> None:
    text = "# escape=`\nFROM alpine\nENV a=1 `\n    b=2\nCOPY src C:\\app\\\nUSER ContainerUser\n"
    assert words(text) == ["FROM", "ENV", "COPY", "USER"]
    assert [variable.name for variable in nodes(build(text), "variable")] == ["a", "b"]
    assert only(text, "copy").destination.value == "C:\\app\\"


@pytest.mark.parametrize(
    "head",
    ["# syntax=docker/dockerfile:1\n# escape=`\n", "# check=skip=all\n#escape = `\n", " # ESCAPE=`\n"],
)
def test_directives_may_stand_in_any_order_at_the_top(head: str) -> None:
    assert words(head + "FROM alpine\nRUN a `\n b\n") == ["FROM", "RUN"]


@pytest.mark.parametrize("head", ["# hello\n# escape=`\n", "\n# escape=`\n", "#!/bin/sh\n# escape=`\n"])
def test_directives_count_at_the_very_top_only(head: str) -> None:
    assert words(head + "FROM alpine\nRUN a \\\n b\n") == ["FROM", "RUN"]


def test_an_escape_directive_that_docker_refuses_is_a_problem() -> None:
    assert problems("# escape=x\nFROM alpine\nUSER app\n") == [("bad-escape", "# escape=x")]
    assert problems("# escape=`\n# escape=`\nFROM alpine\n") == [("repeated-directive", "# escape=`")]


def test_windows_line_ends_and_a_missing_final_newline_change_nothing() -> None:
    text = 'FROM alpine\r\nRUN echo a \\\r\n && echo b\r\nCMD ["date"]'
    assert words(text) == ["FROM", "RUN", "CMD"]
    assert [command.program for command in only(text, "run").commands] == ["echo", "echo"]
    assert under(text, nodes(build(text), "instruction")[0].span) == "FROM alpine"


def test_a_second_byte_order_mark_is_no_part_of_the_keyword() -> None:
    assert words("\ufeffFROM alpine\nUSER app\n") == ["FROM", "USER"]


def test_keywords_may_be_in_any_case() -> None:
    text = 'from alpine as base\nrun true\nCmd ["x"]\n'
    assert words(text) == ["FROM", "RUN", "CMD"]
    assert build(text).stages[0].name.value == "base"  # type: ignore[union-attr]


def test_json_words_keep_their_places() -> None:
    text = 'FROM alpine\nENTRYPOINT [ "/bin/a b", \\\n  "--x=\\u0041", "" ]\n'
    entrypoint = only(text, "entrypoint")
    assert entrypoint.form == "exec"
    assert [word.value for word in entrypoint.commands[0].words] == ["/bin/a b", "--x=A", ""]
    assert [under(text, word.span) for word in entrypoint.commands[0].words] == [
        '"/bin/a b"',
        '"--x=\\u0041"',
        '""',
    ]


def test_a_shell_in_json_form_gives_its_commands() -> None:
    text = 'FROM alpine\nRUN ["sh", "-c", "apk add curl && rm -rf /x"]\n'
    assert [command.program for command in only(text, "run").commands] == ["sh", "apk", "rm"]


@pytest.mark.parametrize("body", ["['a', 'b']", '["a" "b"]', '["a"', "[a, b]"])
def test_brackets_that_are_no_json_are_read_by_a_shell(body: str) -> None:
    cmd = only(f"FROM alpine\nCMD {body}\n", "cmd")
    assert (cmd.form, cmd.is_broken_json) == ("shell", body != '["a"' or True)


def test_numbers_in_the_json_form_are_refused() -> None:
    assert problems('FROM alpine\nCMD ["a", 1]\n') == [("json-strings", '["a", 1]')]


def test_heredoc_scripts_are_read_in_place() -> None:
    text = "FROM alpine\nRUN <<STOP\napk add curl\nrm -rf /x\nSTOP\n"
    commands = only(text, "run").commands
    assert [under(text, command.span) for command in commands] == ["apk add curl", "rm -rf /x"]


def test_a_heredoc_for_another_interpreter_gives_no_commands() -> None:
    assert only("FROM python\nRUN <<STOP\n#!/usr/bin/env python3\nprint(1)\nSTOP\n", "run").commands == ()
    assert [
        one.program for one in only("FROM python\nRUN python3 <<STOP\nimport os\nSTOP\n", "run").commands
    ] == ["python3"]


def test_a_heredoc_for_a_named_shell_gives_its_commands() -> None:
    text = "FROM alpine\nRUN <<STOP\n#!/bin/bash\ncurl x\nSTOP\nRUN bash <<STOP\nwget y\nSTOP\n"
    programs = [command.program for run in nodes(build(text), "run") for command in run.commands]
    assert programs == ["curl", "bash", "wget"]


def test_onbuild_holds_the_instruction_it_triggers() -> None:
    text = "FROM alpine\nONBUILD COPY --chown=a x /\nONBUILD RUN <<E\napk add git\nE\nUSER app\n"
    copy, run = (one.trigger for one in nodes(build(text), "onbuild"))
    assert (copy.is_onbuild, under(text, copy.span)) == (True, "COPY --chown=a x /")
    assert [command.program for command in run.commands] == ["apk"]


def test_a_never_seen_flag_is_one_problem_and_the_instruction_is_read() -> None:
    text = "FROM alpine\nCOPY --chwon=app --link a /b\n"
    assert problems(text) == [("unknown-flag", "--chwon=app")]
    assert build(text).problems[0].hint == "did you mean --chown?"
    assert only(text, "copy").destination.value == "/b"


def test_an_unknown_instruction_is_one_problem_with_a_suggestion() -> None:
    text = "FROM alpine\nCOYP a b\nUSER app\n"
    assert problems(text) == [("unknown-instruction", "COYP")]
    assert build(text).problems[0].hint == "did you mean COPY?"
    assert final(text).user is not None


def test_every_broken_place_of_a_file_is_one_problem() -> None:
    path = Path(__file__).parents[1] / "fixtures" / "broken" / "many-problems.dockerfile"
    text = decode(path.read_bytes()).text
    assert problems(text) == [
        ("unterminated-heredoc", "RUN <<STOP"),
        ("unknown-instruction", "echo"),
        ("unknown-instruction", "RUNN"),
        ("unknown-flag", "--nope"),
        ("missing-argument", "EXPOSE"),
        ("missing-value", "ONLYNAME"),
        ("shell-form", "bash -c"),
        ("unknown-healthcheck", "MAYBE"),
        ("missing-argument", "FROM"),
        ("bad-from", "b"),
        ("bad-stage-name", "9lives"),
        ("json-strings", '["a", 1]'),
    ]
    assert [under(text, one.span) for one in nodes(build(text), "user")] == ["USER app", "USER 65532"]


@pytest.mark.parametrize("name", ["latin1", "bytes"])
def test_bytes_that_are_no_text_spoil_no_other_line(name: str) -> None:
    path = Path(__file__).parents[1] / "fixtures" / "broken" / f"{name}.dockerfile"
    stage = final(decode(path.read_bytes()).text)
    assert stage.base is not None
    assert stage.runs_as_root is False


def test_instructions_without_from_are_judged_in_a_stage_of_their_own() -> None:
    text = "ARG V=1\nRUN apt-get update\nUSER root\n"
    stage = final(text)
    assert stage.from_line is None
    assert stage.is_final
    assert stage.user.is_root is True  # type: ignore[union-attr]
    assert problems(text) == [("no-from", "ARG")]


def test_what_stands_before_from_is_one_problem_and_counts_as_a_stage() -> None:
    text = "RUN a\nRUN b\nFROM alpine\nCOPY --from=0 x y\n"
    assert problems(text) == [("before-from", "RUN")]
    assert only(text, "copy").is_from_self is True


@pytest.mark.parametrize("text", ["", "\n\n", "# only a comment\n", "   "])
def test_a_file_without_instructions_is_one_problem(text: str) -> None:
    assert [code for code, _ in problems(text)] == ["no-from"]


def test_a_comment_behind_from_is_refused_and_the_image_is_read() -> None:
    text = "FROM alpine:3.22 # pinned\nUSER app\n"
    assert problems(text) == [("bad-from", "#")]
    assert final(text).image.tag.value == "3.22"  # type: ignore[union-attr]


def test_missing_arguments_are_problems() -> None:
    text = "FROM alpine\nRUN\nENV A\nCOPY x\nHEALTHCHECK CMD\nSHELL bash\n"
    assert [code for code, _ in problems(text)] == [
        "missing-argument",
        "missing-value",
        "missing-argument",
        "missing-argument",
        "shell-form",
    ]


def test_the_words_of_variables_know_their_places() -> None:
    text = 'FROM alpine\nENV A="x y" \\\n  B=\'z\' C=p\\ q\nLABEL "com.example"=v\nENV OLD some text\n'
    variables = nodes(build(text), "variable")
    assert [(one.name, one.value.value, under(text, one.value.span)) for one in variables] == [
        ("A", "x y", "x y"),
        ("B", "z", "z"),
        ("C", "p q", "p\\ q"),
        ("com.example", "v", "v"),
        ("OLD", "some text", "some text"),
    ]
    assert [under(text, one.name_span) for one in variables][3] == '"com.example"'


def test_the_command_of_a_health_check_is_not_the_containers() -> None:
    text = "FROM alpine\nHEALTHCHECK --interval=30s \\\n  CMD curl -f http://localhost/ || exit 1\nUSER app\n"
    assert final(text).cmd is None
    assert only(text, "healthcheck").commands[0].program == "curl"
    assert only(text, "healthcheck").is_repeated is False


def test_mounts_of_run_are_read_with_the_image_they_come_from() -> None:
    text = (
        "FROM alpine AS one\nFROM alpine\n"
        "RUN --mount=type=cache,target=/root/.cache/ --mount=from=one,target=/o "
        "--mount=type=bind,from=busybox:1.36,target=/b --mount=type=secret,id=x,required true\n"
    )
    run = only(text, "run")
    assert run.cache_targets == ("/root/.cache",)
    assert run.has_secret_mount
    assert [under(text, image.span) for image in run.images] == ["busybox:1.36"]
    assert run.mounts[-1].is_required


def test_comments_belong_to_the_instruction_below_or_around_them() -> None:
    text = "# one\n# two\nFROM alpine\n\n# loose\n\n# above run\nRUN a \\\n  # inside\n  b\n# last\n"
    owners = {comment.text: comment.owner and under(text, comment.owner) for comment in build(text).comments}
    assert owners == {
        "one": "FROM alpine",
        "two": "FROM alpine",
        "loose": None,
        "above run": "RUN a \\\n  # inside\n  b",
        "inside": "RUN a \\\n  # inside\n  b",
        "last": None,
    }


def test_a_comment_above_from_covers_the_stage() -> None:
    text = "# skip\nFROM alpine\nRUN a\nFROM debian\n"
    (comment,) = build(text).comments
    assert comment.block is not None
    assert under(text, comment.block) == "FROM alpine\nRUN a"


def test_a_text_without_any_instruction_is_one_problem() -> None:
    code = "package main\n\nfunc main() {\n\tprintln(1)\n}\n"
    assert [problem.code for problem in build(code).problems] == ["no-dockerfile"]
    mixed = build("FROM alpine:3.20\n" + code).problems
    assert "unknown-instruction" in {problem.code for problem in mixed}


def test_as_without_a_name_behind_it_is_a_problem_and_no_name() -> None:
    text = "FROM alpine AS\nUSER app\n"
    assert problems(text) == [("bad-from", "AS")]
    assert final(text).name is None
