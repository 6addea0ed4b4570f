"""Regular expressions of users' rules mean the same in RE2 and in Python's engine; none hangs a run."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from judges import judge
from pace import grows_in_proportion

from dockerlint.budget import OverBudget, budgeted
from dockerlint.ruleset import matching
from dockerlint.ruleset.matching import UserPattern, python_spelling, re2_spelling
from dockerlint.ruleset.patternreader import PatternError
from dockerlint.ruleset.regexprocess import RegexProcess, TooSlow

re2 = judge("re2")

HANGS = "(a|a)*b"
HANGING_TEXT = "a" * 60
RULE = """\
id: ACME001
name: slow-folder
title: A folder is odd
severity: high
each: workdir
when: {path: {matches: '(a|a)*b'}}
message: folder {path} is odd
docs:
  why: Because this is only a rule of the tests.
  instead: Do something else.
examples:
  - {bad: "FROM a\\nWORKDIR /ab", flags: ["WORKDIR /ab"]}
  - {good: "FROM b"}
"""

CHARACTERS = st.sampled_from([*list("abkszAK09_ -é"), "\n", "\t", "\x0b", "K", "ſ", "İ", "ß", "日"])
TEXTS = st.text(CHARACTERS, max_size=12)
MEMBERS = st.sampled_from(
    [*"abkK9_ 日.$^|", r"\d", r"\w", r"\s", r"\D", r"\W", r"\S", r"\n", r"\x0b", r"\]", "a-k", "A-z", "0-9"]
)


@st.composite
def sets(draw: st.DrawFn) -> str:
    members = draw(st.lists(MEMBERS, min_size=1, max_size=4))
    first = draw(st.sampled_from(["", "^", "]", "^]"]))
    text = f"[{first}{'' if first else 'z'}{''.join(members)}{draw(st.sampled_from(['', '-']))}]"
    try:
        python_spelling(text)
    except PatternError as error:
        assume("no character" not in str(error))  # one like [^\d\D]
    return text


ATOMS = st.one_of(
    st.sampled_from([*"abkszAK09_日-]}", ".", "{", "a{x", r"\.", r"\n", r"\x41", r"\v", r"\-"]),
    st.sampled_from([r"\d", r"\w", r"\s", r"\D", r"\W", r"\S"]),
    sets(),
)
PLACES = st.sampled_from(["^", "$", r"\A", r"\z", r"\b"])
REPEATS = st.sampled_from(["*", "+", "?", "*?", "+?", "??", "{2}", "{1,3}", "{2,}", "{0,2}?"])


def _grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    groups = st.tuples(st.sampled_from(["(", "(?:", "(?i:", "(?s:", "(?m:", "(?-i:"]), inner).map(
        "{0[0]}{0[1]})".format
    )
    return st.one_of(
        st.tuples(st.one_of(ATOMS, groups), REPEATS).map("".join),
        st.tuples(inner, inner).map("".join),
        st.tuples(inner, inner).map("|".join),
        groups,
    )


PATTERNS = st.tuples(
    st.sampled_from(["", "", "(?i)", "(?s)", "(?m)", "(?ims)", "(?i)(?m)"]),
    st.recursive(st.one_of(ATOMS, PLACES), _grown, max_leaves=8),
).map("".join)


@given(PATTERNS, st.lists(TEXTS, min_size=1, max_size=6))
def test_both_engines_find_the_same(expression: str, texts: list[str]) -> None:
    pattern = UserPattern(expression, "ACME001")
    with_re2, with_python = matching.re2_searcher(pattern, re2), matching.python_searcher(pattern)
    assert [with_re2(one) for one in texts] == [with_python(one) for one in texts]


@given(PATTERNS, st.lists(TEXTS, min_size=1, max_size=6))
def test_what_they_find_is_what_re2_finds_by_itself_but_for_letters_that_only_look_ascii(
    expression: str, texts: list[str]
) -> None:
    spelled, plain = re2.compile(re2_spelling(expression)), re2.compile(expression)
    texts = [re.sub("[\u212a\u017f]", "é", one) for one in texts]
    assert [bool(spelled.search(one)) for one in texts] == [bool(plain.search(one)) for one in texts]


@pytest.mark.parametrize(
    ("expression", "text", "holds"),
    [
        *(("a$", "a\n", False), (r"a\z", "a", True), (r"a\Z", "a\n", False), ("(?m)a$", "a\nb", True)),
        *((r"^\d$", "٣", False), (r"^\w$", "é", False), (r"\s", "\u00a0", False), (r"\s", "\v", False)),
        *(("(?i)k", "\u212a", False), ("(?i)[^k]", "K", False), ("(?i)straße", "STRAßE", True)),
        *((r"\bé", "é", False), (r"[^\S]", "\v", False), ("a.b", "a\nb", False), ("(?s)a.b", "a\nb", True)),
        *(("\ufffd|\\?", "\udc80", True), ("{", "{", True), ("a{x}", "a{x}", True), ("[]a]", "]", True)),
        *(("", "", True), ("^[^a]é+$", "ßéé", True), ("[а-я]", "ж", True)),
    ],
)
def test_one_meaning_holds_where_the_engines_differ(expression: str, text: str, holds: bool) -> None:
    if expression == "(?i)straße":
        with pytest.raises(PatternError):
            python_spelling(expression)
        return
    pattern = UserPattern(expression, "ACME001")
    for search in (matching.re2_searcher(pattern, re2), matching.python_searcher(pattern)):
        assert search(text) is holds


@pytest.mark.parametrize(
    "expression",
    [
        *(
            r"\B",
            r"\pL",
            r"\C",
            r"\Qa\E",
            r"\h",
            r"\R",
            r"\u0041",
            r"\N{DASH}",
            r"\é",
            r"\0",
            r"[\b]",
            r"[\1]",
        ),
        *(
            r"\x{41}",
            "[[:alpha:]]",
            r"[\d-z]",
            "[z-a]",
            "[]",
            "[a",
            "(",
            ")",
            "a)",
            "(?:a",
            "a\\",
            r"[^\s\S]",
        ),
        *(
            "a**",
            "a*+",
            "a{2}{3}",
            "a++",
            "*a",
            "+",
            "{1}",
            "a|*",
            "^*",
            r"\b+",
            "a{,3}",
            "a{,}",
            "a{01}",
            "a{3,2}",
        ),
        *("(?x)a b", "(?u)a", "(?L)a", "(?a)a", "(?U)a", "a(?i)b", "(?x:a)", "(?#c)", "(?<n>a)", "(?>a)"),
        *(
            "(?P<a>b)(?P<a>c)",
            "(?P<1>b)",
            "(?P>a)",
            "(?i)É",
            "(?i)[а-я]",
            "(" * 200 + ")" * 200,
            "[ab]{999}" * 3,
        ),
        *("\ud800", "a" * 501),
    ],
)
def test_what_the_engines_do_not_have_in_common_is_refused(expression: str) -> None:
    with pytest.raises(PatternError):
        python_spelling(expression)


@pytest.mark.parametrize(
    "expression",
    ["[^a]{1,999}x?[^a]{1,999}", "([^aé]{1,40}x?){1,20}", "(.{10}){100}.{500}", "(a|a)*b", "a*a*a*a*a*b"],
)
def test_the_costliest_that_re2_is_given_costs_in_proportion_to_the_text(expression: str) -> None:
    search = matching.re2_searcher(UserPattern(expression, "ACME001"), re2)
    assert grows_in_proportion(search, lambda size: "b\u0410" * size, 200)


@pytest.fixture
def process() -> Iterator[RegexProcess]:
    process = RegexProcess()
    yield process
    process.end()


def test_a_search_that_takes_too_long_is_ended_and_the_next_one_is_answered(process: RegexProcess) -> None:
    with pytest.raises(TooSlow):
        process.search(HANGS, HANGING_TEXT)
    assert process.search("a", "cab")[0] is True


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_a_process_that_somebody_killed_is_started_anew(process: RegexProcess) -> None:
    process.search("a", "a")
    assert process._process is not None
    os.kill(process._process.pid, signal.SIGKILL)
    assert process.search("b", "a")[0] is False


def test_an_interrupted_question_leaves_no_answer_to_the_next_one(
    process: RegexProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*files: object) -> object:
        raise KeyboardInterrupt

    import select

    process.search("a", "a")
    with monkeypatch.context() as patched:
        patched.setattr(select, "select", interrupted)
        with pytest.raises(KeyboardInterrupt):
            process.search("a", "a")
    assert process.search("a", "b")[0] is False


def test_the_time_of_the_other_process_is_time_of_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matching._process, "search", lambda expression, text: (False, 0.4))
    search = matching.python_searcher(UserPattern("never", "ACME001"))
    with budgeted(seconds=1):
        assert not search("0")
        assert not search("1")
        with pytest.raises(OverBudget, match="--time-limit"):
            search("2")


def _project(folder: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """A folder with one text that hangs among others, and what checks it without google-re2."""
    (folder / "rules").mkdir()
    (folder / "rules" / "slow.yaml").write_text(RULE)
    for name in ("a", "b", "c", "d"):
        (folder / name).mkdir()
        value = HANGING_TEXT if name == "b" else f"ab{name}"
        (folder / name / "Dockerfile").write_text(f"FROM scratch\nWORKDIR /{value}\n")
    program = textwrap.dedent(
        """
        import sys
        sys.modules["re2"] = None
        from dockerlint.cli.main import main
        main()
        """
    )

    environment = {**os.environ, "STARTED_FOR": str(folder)}

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", program, *arguments]
        return subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, timeout=600
        )

    return run


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_without_re2_a_text_that_hangs_is_not_judged_and_its_neighbours_are(
    jobs: str, tmp_path: Path
) -> None:
    done = _project(tmp_path)("check", "--rules", "rules", "--jobs", jobs, "--format", "json", ".")
    report = json.loads(done.stdout)
    (problem,) = report["problems"]
    assert done.returncode == 2
    assert problem["path"] == "b/Dockerfile"
    assert problem["message"].startswith("too slow: 'matches' of ACME001 took more than 1 s")
    assert [one["path"][0] for one in report["findings"] if one["rule"] == "ACME001"] == ["a", "c", "d"]
    assert [report["summary"][key] for key in ("taken", "judged", "unjudged")] == [4, 3, 1]


def test_a_fix_leaves_the_text_that_hangs_as_it_is_and_says_why(tmp_path: Path) -> None:
    done = _project(tmp_path)("fix", "--rules", "rules", "b/Dockerfile")
    assert done.returncode == 2
    assert "'matches' of ACME001 took more than 1 s" in done.stdout


def test_an_example_of_a_rule_that_hangs_fails_with_the_reason(tmp_path: Path) -> None:
    run = _project(tmp_path)
    (tmp_path / "rules" / "slow.yaml").write_text(RULE.replace("WORKDIR /ab", f"WORKDIR /{HANGING_TEXT}"))
    done = run("rules", "test", "rules")
    assert done.returncode == 1
    assert "'matches' of ACME001 took more than 1 s" in done.stdout


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="looks into /proc")
def test_no_process_for_regular_expressions_outlives_the_run(tmp_path: Path) -> None:
    _project(tmp_path)("check", "--rules", "rules", "--jobs", "2", ".")
    until = time.monotonic() + 300
    while _started_for(tmp_path) and time.monotonic() < until:
        time.sleep(0.05)
    assert _started_for(tmp_path) == []


def _started_for(folder: Path) -> list[int]:
    """The processes that have inherited the mark of a run."""
    found = []
    for path in Path("/proc").glob("[0-9]*/environ"):
        with suppress(OSError):
            if f"STARTED_FOR={folder}\0".encode() in path.read_bytes():
                found.append(int(path.parent.name))
    return found


def test_rules_of_ours_start_no_process_and_load_no_engine(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text("FROM scratch\nWORKDIR /proc/x\n")
    program = (
        "import sys\nfrom dockerlint.cli.main import main\n"
        "try: main()\nexcept SystemExit: pass\n"
        "print([one for one in ('re2', 'dockerlint.ruleset.matching') if one in sys.modules])"
    )
    command = [sys.executable, "-c", program, "check", "Dockerfile"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=600)
    assert done.stdout.endswith("[]\n")
