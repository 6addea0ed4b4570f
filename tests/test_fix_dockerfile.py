"""What fixes make of Dockerfiles written in other ways, and where they keep their hands off."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dockerlint.findings import Edit, Finding, Tier
from dockerlint.fixing.results import LintResult, Result
from dockerlint.fixing.rounds import fix_text
from dockerlint.fixing.untouched import differs
from dockerlint.model.dockerfile.instruction import Env
from dockerlint.parse.dockerfile.build import parse_dockerfile
from dockerlint.ruleset.ruleset import load_ruleset
from dockerlint.run.examples import EXAMPLE_DAY
from dockerlint.run.text import lint_text
from dockerlint.text import Span
from dockerlint.values import known

RULESET = load_ruleset(today=EXAMPLE_DAY)


def told(finding: Finding) -> str:
    """Why it has no fix."""
    return "" if finding.unfixed is None else finding.unfixed.reason


def fixed(body: str, *rules: str, base: str = "debian:13") -> Result:
    """The result of these rules' fixes on a file of that base."""

    def verdict(text: str) -> LintResult:
        every = lint_text(text, "dockerfile", RULESET)
        return LintResult([one for one in every if one.rule.id in rules], every)

    return fix_text(f"FROM {base}\n{body}", "dockerfile", Tier.UNPROVEN, verdict)


def body(result: Result) -> str:
    return result.text.partition("\n")[2]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('RUN ["apt-get", "install", "curl"]\n', 'RUN ["apt-get", "install", "-y", "curl"]\n'),
        ("RUN bash -c 'apt-get install curl'\n", "RUN bash -c 'apt-get install -y curl'\n"),
        ("RUN <<EOF\napt-get install curl\nEOF\n", "RUN <<EOF\napt-get install -y curl\nEOF\n"),
        ("RUN apt-get install\\\n  curl\n", "RUN apt-get install -y\\\n  curl\n"),
        (
            "RUN apt-get \\\n  # editors\n  install \\\n  vim\n",
            "RUN apt-get \\\n  # editors\n  install -y \\\n  vim\n",
        ),
    ],
)
def test_a_word_finds_its_place_in_every_way_of_writing(before: str, after: str) -> None:
    assert body(fixed(before, "DK171")) == after


@pytest.mark.parametrize(
    ("run", "reason"),
    [
        ("RUN apt-get update & wait\n", "in the background"),
        ("RUN (apt-get update)\n", ""),
        ("RUN apt-get update && exec sh\n", "exec ends the RUN"),
        ('RUN ["apt-get", "update"]\n', "in exec form"),
        ("USER app\nRUN sudo apt-get update\n", "does not run as root"),
        ("ONBUILD RUN apt-get update\n", "runs in other builds"),
        ("RUN bash -c 'apt-get update'\n", ""),
        ("RUN apt-get update\nRUN apt-get install -y vim\n", "used by a later RUN"),
        (
            "RUN apt-get update && apt-get install -y vim\nRUN apt-get install -y nano\n",
            "used by a later RUN",
        ),
    ],
)
def test_nothing_is_appended_where_the_end_of_the_run_is_uncertain(run: str, reason: str) -> None:
    result = fixed(run, "DK174")
    assert body(result) == run
    assert [reason in told(one) for one in result.left] == [True]
    assert all(one.unfixed for one in result.left)


def test_sudo_goes_where_root_runs_the_step_and_stays_where_it_does_something() -> None:
    text = "RUN sudo apt-get check && sudo -E make\nUSER app\nRUN sudo make\n"
    assert body(fixed(text, "DK162")) == text.replace("sudo apt-get", "apt-get")


def test_an_option_goes_with_its_line_where_it_stands_alone() -> None:
    curl = "RUN curl \\\n    -k \\\n    -o x https://h.example\n"
    wget = "RUN wget https://h.example \\\n  --no-check-certificate\n"
    assert body(fixed(curl, "DK143")) == curl.replace("    -k \\\n", "")
    assert body(fixed(wget, "DK144")) == "RUN wget https://h.example\n"


@pytest.mark.parametrize(
    "rest",
    [
        'ENTRYPOINT ["/entrypoint.sh"]\n',
        'CMD ["cron", "-f"]\n',
        "CMD bash\n",
    ],
)
def test_no_user_is_made_where_the_program_may_need_root(rest: str) -> None:
    assert body(fixed(rest, "DK102")) == rest


def test_the_user_is_set_above_the_comment_of_the_command() -> None:
    text = '  RUN true\n  # start\n  CMD ["node", "app.js"]\n'
    after = '  RUN true\n  USER node\n  # start\n  CMD ["node", "app.js"]\n'
    assert body(fixed(text, "DK102", base="node:22")) == after


def test_a_quoted_maintainer_becomes_a_label_and_one_over_two_lines_stays() -> None:
    assert body(fixed('MAINTAINER "A $B \\"C\\""\n', "DK126")).startswith("LABEL ")
    two = "MAINTAINER A \\\n  B\n"
    assert body(fixed(two, "DK126")) in (two, 'LABEL org.opencontainers.image.authors="A   B"\n')


def test_a_word_of_a_json_list_keeps_its_quotes() -> None:
    text = 'RUN ["apt", "install", "-y", "curl"]\nRUN ["chmod", "777", "/srv"]\n'
    assert body(fixed(text, "DK181", "DK163")) == text.replace('"apt"', '"apt-get"').replace("777", "755")


def test_a_json_list_that_an_edit_would_break_is_noticed() -> None:
    before, after = 'FROM a\nCMD ["b", "c"]\n', 'FROM a\nCMD ["b" c, "c"]\n'
    assert differs(before, after, [Edit(Span(15, 15), " c")], "dockerfile")


@pytest.mark.parametrize(
    "text",
    ['{{ if a }}\nCMD ["a"]\n{{ else }}\nCMD ["b"]\n{{ end }}\n', "COPY {{ a }} b\n", "ENV A {{ b }}\n"],
)
def test_a_template_of_a_dockerfile_is_left_alone(text: str) -> None:
    assert body(fixed(text, "DK121", "DK132", "DK196")) == text


def set_values(text: str) -> list[tuple[str, object]]:
    """Names and values that the ENV lines of a text set."""
    build = parse_dockerfile(text, RULESET.knowledge)
    nodes = [one for stage in build.stages for one in stage.instructions if isinstance(one, Env)]
    return [(one.name, known(one.value)) for node in nodes for one in node.variables]


@settings(max_examples=400)
@given(st.text(alphabet="ab \"'\\$={}#-\t", min_size=1, max_size=12))
def test_a_value_without_equals_sign_is_the_same_with_one(value: str) -> None:
    result = fixed(f"ENV KEEP=1\nENV NAME {value}\n", "DK196")
    assert set_values(result.text) == set_values(f"FROM debian:13\nENV KEEP=1\nENV NAME {value}\n")


INLINE = """\
services:
  web:
    build:
      dockerfile_inline: |
        FROM alpine:3.22
        MAINTAINER me
        CMD ["a"]
        CMD ["b"]
    restart: always
"""


def fixed_inline(text: str, *rules: str) -> Result:
    """The result of these rules' fixes on a Compose file."""

    def verdict(text: str) -> LintResult:
        every = lint_text(text, "compose", RULESET)
        return LintResult([one for one in every if one.rule.id in rules], every)

    return fix_text(text, "compose", Tier.UNPROVEN, verdict)


@pytest.mark.parametrize("line_break", ["\n", "\r\n"])
def test_a_dockerfile_inside_a_compose_file_is_fixed_in_its_place(line_break: str) -> None:
    text = INLINE.replace("\n", line_break)
    result = fixed_inline(text, "DK121", "DK126")
    label = 'LABEL org.opencontainers.image.authors="me"'
    assert result.text == text.replace("MAINTAINER me", label).replace(f'        CMD ["a"]{line_break}', "")
    assert result.left == []


def test_a_new_line_inside_a_compose_file_gets_the_indent_of_the_block() -> None:
    text = INLINE.replace("MAINTAINER me", "RUN curl https://h.example/x | sh").replace(
        "alpine:3.22", "debian:12"
    )
    fixed = fixed_inline(text, "DK184").text
    assert '\n        SHELL ["/bin/bash", "-o", "pipefail", "-c"]\n        RUN curl' in fixed


def test_the_last_line_inside_a_compose_file_goes_with_its_indent() -> None:
    text = INLINE.replace('CMD ["b"]', "ENV GIT_SSL_NO_VERIFY=1")
    assert fixed_inline(text, "DK153").text == text.replace("        ENV GIT_SSL_NO_VERIFY=1\n", "")


@pytest.mark.parametrize(
    "text",
    [
        INLINE.replace("inline: |", "inline: >"),
        INLINE.replace("MAINTAINER me", "MAINTAINER ${WHO:-me}"),
        INLINE.replace("me\n", "me $$5\n"),
    ],
)
def test_a_dockerfile_that_compose_changes_on_reading_is_left_alone(text: str) -> None:
    result = fixed_inline(text, "DK126")
    assert result.text == text
    assert all("literal block" in told(one) for one in result.left)


@pytest.mark.parametrize(
    ("later", "reason"),
    [
        ("RUN yes | ./licences", "yes never ends by itself"),
        ("RUN seq 9 | head -1", "head stops reading before seq"),
        ("RUN seq 9 | grep -q 1", "grep stops reading before seq"),
        ("RUN seq 9 | sed 1q", "sed stops reading before seq"),
        ("RUN ps | grep x | cut -c1", "grep fails if it finds nothing"),
        ("RUN find / | xargs ldd | sort", "xargs may exit"),
        (
            "RUN echo 'a\\nb' > /c",
            "bash would also run other steps, and echo in bash does not interpret backslashes",
        ),
        ("RUN echo -e a > /c", "treats -e as an option"),
        ("RUN printf '\\x41' > /c", "printf in bash"),
        ("RUN mkdir -p /srv/{a,b}", "expands braces"),
        ("RUN ls &> /log", "interprets &>"),
        ("RUN [ a == b ] || true", "=="),
        ("RUN echo $RANDOM > /c", "a variable that bash sets itself"),
        ("RUN source /env", "only bash has source"),
        ("CMD npm start\nRUN make", "in shell form above later steps"),
        ('SHELL ["/bin/sh", "-c"]', "conflict with another SHELL"),
        ("HEALTHCHECK CMD curl h.example | grep ok", "the health check, which has a pipe"),
        ("BROKEN", "cannot parse all of this file"),
    ],
)
def test_bash_does_not_take_over_where_a_later_step_means_something_else_to_it(
    later: str, reason: str
) -> None:
    text = f"RUN curl https://h.example/x | sh\n{later}\n"
    result = fixed(text, "DK184", base="debian:12")
    assert body(result) == text
    assert [reason in told(one) for one in result.left] == [True], told(result.left[0])


@pytest.mark.parametrize(
    "later",
    [
        "RUN bash -c 'yes | head' && sh -c 'echo \"a\\nb\"'",
        "RUN echo a b | head -1 && printf '%s\\n' a",
        "RUN curl https://h.example/y | grep tag | cut -c1",
        "RUN echo '{a,b}' ${HOME} && find / -exec rm {} +",
        "HEALTHCHECK CMD curl -f h.example || exit 1",
        'CMD ["npm", "start"]',
    ],
)
def test_bash_takes_over_where_later_steps_mean_the_same_to_it(later: str) -> None:
    text = f"RUN curl https://h.example/x | sh\n{later}\n"
    shell = 'SHELL ["/bin/bash", "-o", "pipefail", "-c"]\n'
    assert body(fixed(text, "DK184", base="debian:12")) == shell + text


@pytest.mark.parametrize("package", ["./app.apk", "/tmp/*.apk", "$PACKAGE"])
def test_package_from_a_file_is_not_checked_with_a_key_that_the_image_does_not_have(package: str) -> None:
    text = f"RUN apk add --allow-untrusted {package}\n"
    result = fixed(text, "DK156", base="alpine:3.22")
    assert body(result) == text
    assert [one.fix and one.fix.tier for one in result.left] == [Tier.ADVICE]


@pytest.mark.parametrize(
    ("body", "rule"),
    [
        ('EXPOSE 22\nCMD ["/usr/sbin/sshd", "-D"]\n', "DK112"),
        ("RUN apk add --no-cache git openssh\nEXPOSE 22 3000\n", "DK112"),
        (
            "RUN echo deb http://archive.debian.org/debian jessie main > /etc/apt/sources.list\n"
            "RUN apt-get install -y --force-yes curl\n",
            "DK158",
        ),
        ("RUN echo http://old-releases.ubuntu.com\nRUN apt-get install --allow-unauthenticated x\n", "DK157"),
        ("RUN echo http://archive.debian.org && curl -k https://x.example\n", "DK143"),
        ("RUN echo http://archive.debian.org && wget --no-check-certificate https://x.example\n", "DK144"),
    ],
)
def test_what_the_file_rests_on_is_only_advised_against(body: str, rule: str) -> None:
    result = fixed(body, rule)
    assert result.text == f"FROM debian:13\n{body}"
    assert [one.rule.id for one in result.left] == [rule]
    assert result.left[0].fix is not None
    assert result.left[0].fix.tier is Tier.ADVICE


@pytest.mark.parametrize(
    ("base", "is_told"), [("debian:12", True), ("debian:13", False), ("alpine:3.22", False)]
)
def test_bash_is_spoken_of_where_it_takes_over(base: str, is_told: bool) -> None:
    result = fixed("RUN curl -fsSL https://x.example/a.tgz | tar xz\n", "DK184", base=base)
    assert ("bash" in result.applied[0].fix.caveat) is is_told


@pytest.mark.parametrize(
    ("base", "packages", "missed"),
    [
        ("debian:12", "wget", "ca-certificates"),
        ("ubuntu:24.04", "git", "ca-certificates"),
        ("node:22-slim", "curl", "ca-certificates"),
        ("debian:12", "make gcc", "libc6-dev"),
        ("debian:12", "cmake g++", "make"),
        ("debian:12", "python3-pip", "build-essential"),
        ("debian:12", "wget ca-certificates build-essential cmake python3-pip", ""),
        ("python:3.14-slim", "git", ""),
        ("python:3.14-slim", "git gcc", "libc6-dev"),
        ("debian:12", "jq", ""),
    ],
)
def test_recommended_packages_go_where_nothing_is_known_to_live_on_them(
    base: str, packages: str, missed: str
) -> None:
    result = fixed(f"RUN apt-get update && apt-get install -y {packages}\n", "DK175", base=base)
    assert ("--no-install-recommends" in result.text) is not bool(missed)
    assert not missed or (result.left[0].fix is not None and missed in result.left[0].fix.title)


def test_recommended_packages_stay_where_a_step_fetches_with_what_a_variable_installs() -> None:
    body = "ENV TOOLS wget make\nRUN apt-get install -y $TOOLS && wget https://x.example/a.tgz\n"
    assert fixed(body, "DK175").text == f"FROM debian:13\n{body}"
