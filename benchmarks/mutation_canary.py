#!/usr/bin/env python3
"""Damage one place of a sound file and count the findings that are lost elsewhere in it.

usage: mutation_canary.py [--kind compose|dockerfile] [--count N] [--seed N] [--show N] [FOLDER …]

Every service of a Compose file is given `privileged: true`, every instruction of a Dockerfile a neighbour
with `curl -k`: canaries, each of which is one finding. Then one place is damaged as editors, merges and
hands do it, and the canaries are counted that are no longer found although the damage is not in them:
*told* where the file has a problem, *silent* where it has none. For Compose files the other findings of
untouched services are compared, too. Without FOLDER, files are generated; a folder is searched for files of
the kind by name. Nothing is written. Exit status 1 when more than one in a hundred canaries is lost, one is
lost in silence, or a finding appears in an untouched service.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from dockerlint.findings import Finding
from dockerlint.kinds import kind_of_name
from dockerlint.parse.compose.project import parse_compose
from dockerlint.parse.dockerfile.build import parse_dockerfile
from dockerlint.ruleset.ruleset import Ruleset, load_ruleset
from dockerlint.run.text import lint_whole
from dockerlint.text import Source, decode

MOST_LOST = 0.01
PRIVILEGED, UNCHECKED = "privileged-container", "curl-without-certificate-check"
PROBLEM = "DK000"


class Sample(NamedTuple):
    """A sound file with canaries."""

    kind: str
    lines: list[str]
    places: dict[str, tuple[int, int]]
    """The first and the last line of what each canary stands in."""


class Damage(NamedTuple):
    """The lines from `low` to before `high` are replaced; nothing is where they are the same."""

    low: int
    high: int
    lines: list[str]

    def touches(self, first: int, last: int) -> bool:
        """Whether it is inside these lines."""
        if self.low == self.high:
            return first < self.low <= last
        return self.low <= last and first < self.high

    def applied(self, lines: list[str]) -> str:
        """The damaged text."""
        return "".join([*lines[: self.low], *self.lines, *lines[self.high :]])


Mutation = Callable[[list[str], int, random.Random], "Damage | None"]


def _ending(line: str) -> str:
    return line[len(line.rstrip("\r\n")) :] or "\n"


def _changed(change: Callable[[str, random.Random], str | None]) -> Mutation:
    """A mutation of the text of one line, which keeps its end."""

    def mutate(lines: list[str], at: int, rng: random.Random) -> Damage | None:
        text = lines[at].rstrip("\r\n")
        changed = change(text, rng) if text.strip() else None
        return None if changed in (None, text) else Damage(at, at + 1, [f"{changed}{_ending(lines[at])}"])

    return mutate


def _inserted(make: Callable[[random.Random], str]) -> Mutation:
    return lambda lines, at, rng: Damage(at, at, [make(rng) + _ending(lines[at])])


def _opened(opening: str) -> Callable[[str, random.Random], str | None]:
    """The value of a line behind something that is never closed."""

    def change(text: str, rng: random.Random) -> str | None:
        match = re.match(r"(\s*(?:- |[\w.-]+: )+)(.*)", text) or re.match(r"([A-Z]+ )(.*)", text)
        return f"{match[1]}{opening}{match[2]}" if match else None

    return change


def _one_character(change: Callable[[str, int, random.Random], str]) -> Mutation:
    def apply(text: str, rng: random.Random) -> str:
        at = rng.randrange(len(text))
        return text[:at] + change(text, at, rng)

    return _changed(apply)


def _swap(lines: list[str], at: int, rng: random.Random) -> Damage | None:
    return Damage(at, at + 2, [lines[at + 1], lines[at]]) if at + 1 < len(lines) else None


def _copy(lines: list[str], at: int, rng: random.Random) -> Damage | None:
    return Damage(at, at, [rng.choice(lines)])


PUNCTUATION = "\"'[]{}:,&*!|>%@`#-?\\ \t"
ANY: dict[str, Mutation] = {
    "delete a line": lambda lines, at, rng: Damage(at, at + 1, []),
    "repeat a line": lambda lines, at, rng: Damage(at, at, [lines[at]]),
    "insert another line of the file": _copy,
    "swap two lines": _swap,
    "cut the file": lambda lines, at, rng: Damage(at, len(lines), [lines[at][: len(lines[at]) // 2]]),
    "open a double quote": _changed(_opened('"')),
    "open a single quote": _changed(_opened("'")),
    "half of a merge": _inserted(lambda rng: rng.choice(["<<<<<<< HEAD", "=======", ">>>>>>> main"])),
    "control character": _one_character(lambda text, at, rng: rng.choice("\x00\x07\x1b\x7f\x85") + text[at:]),
    "lose a character": _one_character(lambda text, at, rng: text[at + 1 :]),
    "extra character": _one_character(lambda text, at, rng: rng.choice(PUNCTUATION) + text[at:]),
}
STRAY = ["garbage", "some words here", "TODO: clean up", "foo:", "foo: |", "foo: >-", "foo: &x", 'foo: "bar']
STRAY += ["}", "]", '"', "'", "- item", "*x", "@", "%", "...", "image: x", "services", ":", "? a", "{", "["]
COMPOSE = ANY | {
    "text at column 0": _inserted(lambda rng: rng.choice(STRAY)),
    "document marker": _inserted(lambda rng: rng.choice(["---", "..."])),
    "open a bracket": _changed(_opened("[")),
    "open a brace": _changed(_opened("{")),
    "begin a block": _changed(lambda text, rng: re.sub(r"(?<=:)(?: .*)?$", " |", text, count=1)),
    "indent by a tab": _changed(lambda text, rng: re.sub(r"^ +", "\t", text)),
    "indent less": _changed(lambda text, rng: re.sub(r"^ {1,2}" if rng.random() < 0.7 else r"^ +", "", text)),
    "indent more": _changed(lambda text, rng: " " * rng.randint(1, 3) + text),
    "lose a colon": _changed(lambda text, rng: text.replace(":", "", 1)),
    "lose an anchor": _changed(lambda text, rng: re.sub(r"&\S+ ?", "", text)),
}
DOCKERFILE = ANY | {
    "text at column 0": _inserted(
        lambda rng: rng.choice(["garbage", "some words", "}", '"', "'", "apt-get x"])
    ),
    "lose a continuation": _changed(lambda text, rng: re.sub(r"\\\s*$", "", text)),
    "open a heredoc": _changed(lambda text, rng: text + " <<EOF" if text.startswith("RUN") else None),
    "open a list": _changed(lambda text, rng: re.sub(r"^(RUN|CMD) ", r'\1 ["', text)),
}
MUTATIONS = {"compose": COMPOSE, "dockerfile": DOCKERFILE}


@cache
def ruleset() -> Ruleset:
    return load_ruleset()


def lint(text: str, kind: str) -> list[Finding]:
    return lint_whole(text, kind, ruleset(), edits=False).findings


def canaries(findings: list[Finding], text: str, kind: str) -> set[str]:
    """The names of the canaries that are found."""
    if kind == "compose":
        return {str(one.subject) for one in findings if one.rule.name == PRIVILEGED}
    lines = (text[one.span.start :].partition("\n")[0] for one in findings if one.rule.name == UNCHECKED)
    return {name for line in lines for name in re.findall(r"canary-\d+\.example", line)}


def compose_sample(text: str) -> Sample | None:
    """A file with canaries, or None for one that is not sound, or in which they cannot be placed."""
    lines = text.splitlines(keepends=True)
    source = Source("", text)
    for one in reversed(parse_compose(text, ruleset().knowledge).containers):
        key = source.position(one.span.start).line - 1
        below = lines[key + 1] if key + 1 < len(lines) else ""
        if one.privileged is None and (indent := re.match(r" +(?=[\w#<])", below)):
            lines.insert(key + 1, f"{indent[0]}privileged: true{_ending(lines[key])}")
    text = "".join(lines)
    project, source = parse_compose(text, ruleset().knowledge), Source("", text)
    places = {
        str(one.name.value): (
            source.position(one.span.start).line - 1,
            source.position(one.span.end).line - 1,
        )
        for one in project.containers
    }
    is_sound = not project.problems and canaries(lint(text, "compose"), text, "compose") == places.keys()
    return Sample("compose", lines, places) if is_sound and places else None


def dockerfile_sample(text: str) -> Sample | None:
    """A file with a canary behind each instruction."""
    lines, source = text.splitlines(keepends=True), Source("", text)
    build = parse_dockerfile(text, ruleset().knowledge)
    ends = [
        source.position(max(one.span.end - 1, 0)).line for stage in build.stages for one in stage.instructions
    ]
    for number, line in sorted(enumerate(ends), reverse=True):
        lines[line - 1] = lines[line - 1].rstrip("\n") + "\n"
        lines.insert(line, f"RUN curl -k https://canary-{number}.example/x\n")
    text = "".join(lines)
    places = {
        match[0]: (at, at)
        for at, line in enumerate(lines)
        if (match := re.search(r"canary-\d+\.example", line))
    }
    is_sound = canaries(lint(text, "dockerfile"), text, "dockerfile") == places.keys()
    return Sample("dockerfile", lines, places) if is_sound and places else None


SERVICE = """\
{name}:
{step}# the {name} of this project
{step}image: "registry.example.com/{name}:1.{number}"
{step}ports:
{step}{item}- "127.0.0.1:80{number}0:80"
{step}{item}- 127.0.0.1:90{number}0:90
{step}environment:
{step}{step}MODE: 'production'
{step}{step}GREETING: it's me
{step}command: ["serve", "--port", "80"]
{step}healthcheck: {{test: [CMD, check], interval: 5s}}
{step}networks: [front]
"""
REST = ["networks:\n{step}front:\n{step}{step}driver: bridge\n", "volumes:\n{step}data: {{}}\n"]
TOPS = [
    "",
    "version: '3.8'\n",
    "name: shop\n",
    "# a comment\nx-log: &log\n{step}logging:\n{step}{step}driver: local\n",
]


def generated(seed: int) -> str:
    """A sound Compose file of two to six services and other sections, in one of several styles."""
    rng = random.Random(seed)
    step = " " * rng.choice([2, 2, 2, 4])
    item = rng.choice(["", step])
    services = [
        "".join(step + line + "\n" for line in made.splitlines())
        for number in range(rng.randint(2, 6))
        for made in [SERVICE.format(name=f"service{number}", number=number, step=step, item=item)]
    ]
    if rng.random() < 0.3:
        services[-1] += f'{step * 2}entrypoint: |\n{step * 3}echo "on"\n{step * 3}key: value\n'
    parts = ["services:\n" + rng.choice(["", "\n"]).join(services), *(one.format(step=step) for one in REST)]
    rng.shuffle(parts)
    text = rng.choice(TOPS).format(step=step) + rng.choice(["", "\n"]).join(parts)
    if "&log" in text:
        text = text.replace(f"{step * 2}environment:\n", f"{step * 2}<<: *log\n{step * 2}environment:\n")
    return text.replace("\n", "\r\n") if rng.random() < 0.15 else text


STAGE = """\
FROM registry.example.com/base:1.{number} AS stage{number}
ARG VERSION="1.0"
WORKDIR /srv
COPY --chown=10001 package.json ./
# the dependencies
RUN apt-get update && \\
    apt-get install -y \\
    "curl" && \\
    rm -rf /var/lib/apt/lists/*
RUN <<EOT
echo "in a heredoc"
EOT
ENV A='b c' \\
    D=e
CMD ["serve", "--port", "80"]
"""


def samples(kind: str, folders: list[str]) -> Iterator[Sample]:
    """The sound files of some folders, or a hundred generated ones."""
    texts: list[str] = []
    for folder in folders:
        for path in sorted(Path(folder).rglob("*")):
            if path.is_file() and kind == kind_of_name(path.name.rpartition("_")[2]):
                texts.append(decode(path.read_bytes()).text)
    if not folders:
        make = generated if kind == "compose" else _stages
        texts = [make(seed) for seed in range(100)]
    read = compose_sample if kind == "compose" else dockerfile_sample
    yield from (sample for text in texts if (sample := read(text)))


def _stages(seed: int) -> str:
    return "\n".join(STAGE.format(number=number) for number in range(1 + seed % 3))


class Outcome(NamedTuple):
    """What one damage did."""

    asked: int
    """Canaries that it is not in."""
    lost: set[str]
    is_told: bool
    appeared: set[tuple[str, str, str]]
    """Findings in untouched services that were not there before."""
    vanished: set[tuple[str, str, str]]


def _of_services(findings: list[Finding], names: set[str]) -> set[tuple[str, str, str]]:
    return {
        (one.rule.id, str(one.subject), one.message)
        for one in findings
        if one.subject in names and one.rule.id != PROBLEM
    }


def _rests_on_others(sample: Sample, name: str) -> bool:
    """A service takes over what an anchor names, which the damage may have changed."""
    first, last = sample.places[name]
    return any("*" in line for line in sample.lines[first : last + 1])


def outcome(sample: Sample, damage: Damage, before: list[Finding]) -> Outcome:
    """What is found beside the damage."""
    text = damage.applied(sample.lines)
    after = lint(text, sample.kind)
    untouched = {name for name, place in sample.places.items() if not damage.touches(*place)}
    found = canaries(after, text, sample.kind)
    apart = {name for name in untouched if not _rests_on_others(sample, name)}
    old, new = _of_services(before, apart), _of_services(after, apart)
    is_told = any(one.rule.id == PROBLEM for one in after)
    return Outcome(len(untouched), untouched - found, is_told, new - old, old - new)


class Figures:
    """What became of the canaries, by mutation."""

    def __init__(self) -> None:
        self.counts: dict[str, Counter[str]] = {}

    def add(self, name: str, one: Outcome) -> None:
        counts = self.counts.setdefault(name, Counter())
        counts["asked"] += one.asked
        counts["told" if one.is_told else "silent"] += len(one.lost)
        counts["appeared"] += len(one.appeared)
        counts["vanished"] += len(one.vanished)

    def total(self) -> Counter[str]:
        return sum(self.counts.values(), Counter())

    def table(self) -> Iterator[str]:
        yield f"{'':34}{'asked':>8}{'told':>8}{'silent':>8}{'lost':>9}{'appeared':>10}{'vanished':>10}"
        for name, one in [*sorted(self.counts.items()), ("all", self.total())]:
            lost = (one["told"] + one["silent"]) / max(one["asked"], 1)
            numbers = f"{one['asked']:8}{one['told']:8}{one['silent']:8}{lost:9.2%}"
            yield f"{name:34}{numbers}{one['appeared']:10}{one['vanished']:10}"


def measure(kind: str, sound: list[Sample], count: int, seed: int, show: int = 0) -> Figures:
    """Damage the files so many times."""
    rng, figures = random.Random(seed), Figures()
    before = [lint("".join(one.lines), kind) for one in sound]
    done = 0
    while done < count:
        at = rng.randrange(len(sound))
        name = rng.choice(list(MUTATIONS[kind]))
        damage = MUTATIONS[kind][name](sound[at].lines, rng.randrange(len(sound[at].lines)), rng)
        if damage is None:
            continue
        done += 1
        result = outcome(sound[at], damage, before[at])
        figures.add(name, result)
        if show and (result.lost or result.appeared or result.vanished):
            show -= 1
            _show(name, sound[at], damage, result)
    return figures


def _show(name: str, sample: Sample, damage: Damage, result: Outcome) -> None:
    print(f"--- {name}: lost {sorted(result.lost)}")
    print(f"    appeared {sorted(result.appeared)[:3]}")
    print(f"    vanished {sorted(result.vanished)[:3]}")
    around = range(max(damage.low - 4, 0), min(damage.high + 4, len(sample.lines)))
    for at in around:
        if at == damage.low:
            print("".join(f"+ {line!r}\n" for line in damage.lines), end="")
        print("- " if damage.low <= at < damage.high else "  ", sample.lines[at].rstrip(), sep="")


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", nargs="*", metavar="FOLDER")
    parser.add_argument("--kind", choices=list(MUTATIONS), default="compose")
    parser.add_argument("--count", type=int, default=3000, help="damages to make")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--show", type=int, default=0, help="losses to print")
    options = parser.parse_args()
    sound = list(samples(options.kind, options.folders))
    figures = measure(options.kind, sound, options.count, options.seed, options.show)
    print(f"{len(sound)} files, {options.count} damages")
    print("\n".join(figures.table()))
    total = figures.total()
    lost = (total["told"] + total["silent"]) / max(total["asked"], 1)
    return int(lost > MOST_LOST or total["silent"] > 0 or total["appeared"] > 0)


if __name__ == "__main__":
    sys.exit(main())
