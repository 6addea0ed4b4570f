"""Mutated files through the whole program: `python tests/fuzz.py --files 100000` for a long run.

Each file is a sound head, a mutated middle and a sound tail. A batch of them lies in one folder; it is
checked with four reports, fixed as a difference, and some are fixed in place. What must hold for each file:

* it is accounted for: findings, or a reason why it was not linted, and never an internal error;
* the time limit is not reached, and no process takes more memory than MOST_MEMORY;
* no secret of head or tail reaches an output, nor a part of it, and no whole one of the middle does;
* the findings of the head are there, and with a single mutation those of the tail, but for LOST_BAR.

`tests/test_fuzz.py` runs a short one. A file that breaks the program becomes a fixture in `fixtures/fuzz/`.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import string
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parent.parent
FIXTURES = ROOT / "fixtures"
SUFFIX = {"dockerfile": "Dockerfile", "compose": "compose.yaml"}
LOST_BAR = 0.01
"""The share of files with one mutation that may lose a finding beside the damage."""
MOST_MEMORY = 400_000
"""Kilobytes of one process over a whole batch."""
LONGEST_BATCH = 240
"""Seconds that a command may take over a batch before it counts as hanging."""
PART = 6
"""Characters in a row of a secret that are a leak."""

PIECES = {
    "dockerfile": [
        *("FROM ", "RUN ", "COPY ", "ADD ", "ENV ", "ARG ", "USER ", "ONBUILD ", "CMD ", "SHELL ", "EXPOSE "),
        *("HEALTHCHECK ", "LABEL ", "VOLUME ", "WORKDIR ", "STOPSIGNAL ", "# escape=`\n", "# syntax=x\n"),
        *(
            "<<EOF",
            "\nEOF\n",
            "<<-'X' ",
            "\\\n",
            "\\",
            '["',
            '"]',
            '", "',
            "${",
            "}",
            "$(",
            ")",
            "`",
            "'",
            '"',
        ),
        *(
            "--mount=type=secret,id=x ",
            "--from=",
            "--chown=",
            "&&",
            "||",
            "|",
            ";",
            " # ",
            ":-",
            ":+",
            "1-65535",
        ),
    ],
    "compose": [
        *("services:\n", "volumes:\n", "x-a: &a\n", "  a:\n", "    image: ", "    ports:\n", "      - "),
        *("    build: ", "    <<: *a\n", "&x ", "*x", "{", "}", "[", "]", ", ", ": ", "? ", "|\n", ">-\n"),
        *("'", '"', "# ", "---\n", "...\n", "!reset ", "!!binary ", "${", "${A:-", "}", "$$", "%", "@", "`"),
        *("null", "~", "<<<<<<< HEAD\n", "=======\n", ">>>>>>> x\n", "{% if x %}\n", "1-65535:1-65535", "on"),
    ],
}
ODD = [
    "\t",
    "\r",
    "\r\n",
    "\x00",
    "\x1b[2J",
    "\x85",
    "\u2028",
    "\u202e",
    "\ufeff",
    "é",
    "\U0001f433",
    "\ud800",
]


@dataclass
class Case:
    """One mutated file and what must be found in it."""

    name: str
    kind: str
    data: bytes
    mutations: int
    head_line: int = 0
    """The line of a finding above the damage; 0 where nothing stands above it."""
    tail_line: int = 0
    """The same below it."""


@dataclass
class Secrets:
    """Values that only these files hold."""

    around: tuple[str, ...]
    """In head and tail, which are never mutated."""
    within: str
    """In the mutated middle, a token that is known by its shape."""


@dataclass
class Outcome:
    """What a run showed."""

    files: int = 0
    single: int = 0
    """Files with one mutation and neighbours on both sides."""
    lost: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    memory: int = 0
    """Kilobytes of the largest process."""
    reasons: Counter[str] = field(default_factory=Counter)

    def add(self, other: Outcome) -> None:
        """Count another batch."""
        self.files += other.files
        self.single += other.single
        self.lost += other.lost
        self.failures += other.failures
        self.memory = max(self.memory, other.memory)
        self.reasons += other.reasons

    @property
    def lost_share(self) -> float:
        return len(self.lost) / max(self.single, 1)


def seeds() -> dict[str, list[str]]:
    """Texts to mutate: the fixtures and the examples of all rules."""
    from dockerlint.ruleset.bundle import load_examples

    found: dict[str, list[str]] = {"dockerfile": [], "compose": []}
    for path in sorted(FIXTURES.rglob("*")):
        kind = "compose" if path.suffix in (".yaml", ".yml") else "dockerfile"
        if path.is_file() and path.stat().st_size < 8_000 and "fuzz" not in path.parts:
            found[kind].append(path.read_bytes().decode("utf-8", "replace"))
    for examples in load_examples().values():
        for example in examples:
            text = example.get("bad") or example.get("good") or ""
            found["compose" if "services:" in text else "dockerfile"].append(text)
    return found


def made_up(rng: random.Random) -> Secrets:
    """Values without any word in them; the tokens are put together here and are nobody's."""
    letters = "bcdfghjkmnpqrstvwxzBCDFGHJKMNPQRSTVWXZ23456789"
    word, first, second = ("".join(rng.choices(letters, k=length)) for length in (14, 36, 36))
    return Secrets((word, first), "gh" + f"p_{second}")


Mutation = Callable[[list[str], random.Random, str, Sequence[str]], None]


def _at(lines: list[str], rng: random.Random) -> int:
    return rng.randrange(len(lines)) if lines else 0


def _delete(lines: list[str], rng: random.Random, kind: str, others: Sequence[str]) -> None:
    del lines[_at(lines, rng) : _at(lines, rng) + 1]


def _repeat(lines: list[str], rng: random.Random, kind: str, others: Sequence[str]) -> None:
    at = _at(lines, rng)
    lines[at:at] = lines[at : at + rng.randint(1, 4)] * rng.choice([1, 1, 2, 30])


def _swap(lines: list[str], rng: random.Random, kind: str, others: Sequence[str]) -> None:
    if lines:
        one, two = _at(lines, rng), _at(lines, rng)
        lines[one], lines[two] = lines[two], lines[one]


def _stray(lines: list[str], rng: random.Random, kind: str, others: Sequence[str]) -> None:
    lines.insert(
        _at(lines, rng), rng.choice(["x\n", "key\n", "- a\n", "}\n", "key: [\n", "TODO: this\n", ">\n"])
    )


def _piece(lines: list[str], rng: random.Random, kind: str, others: Sequence[str]) -> None:
    _edit(lines, rng, lambda line, at: line[:at] + rng.choice(PIECES[kind] + ODD) + line[at:])


def _drop_character(lines: list[str], rng: random.Random, kind: str, others: Sequence[str]) -> None:
    _edit(lines, rng, lambda line, at: line[:at] + line[at + 1 :])


def _change_character(lines: list[str], rng: random.Random, kind: str, others: Sequence[str]) -> None:
    _edit(lines, rng, lambda line, at: line[:at] + rng.choice(string.printable) + line[at + 1 :])


def _indent(lines: list[str], rng: random.Random, kind: str, others: Sequence[str]) -> None:
    _edit(lines, rng, lambda line, at: rng.choice(["", " ", "  ", "\t", "      "]) + line.lstrip(" "))


def _join(lines: list[str], rng: random.Random, kind: str, others: Sequence[str]) -> None:
    _edit(lines, rng, lambda line, at: line.rstrip("\n"))


def _splice(lines: list[str], rng: random.Random, kind: str, others: Sequence[str]) -> None:
    foreign = rng.choice(others).splitlines(keepends=True)
    start = _at(foreign, rng)
    lines[_at(lines, rng) : 0] = foreign[start : start + rng.randint(1, 6)]


def _edit(lines: list[str], rng: random.Random, change: Callable[[str, int], str]) -> None:
    if lines:
        at = _at(lines, rng)
        lines[at] = change(lines[at], rng.randint(0, len(lines[at])))


MUTATIONS: tuple[Mutation, ...] = (
    *(_delete, _repeat, _swap, _stray, _piece, _piece, _piece),
    *(_drop_character, _change_character, _indent, _join, _splice),
)


def case(rng: random.Random, name: str, texts: dict[str, list[str]], secrets: Secrets) -> Case:
    """One mutated file."""
    kind = rng.choice(["dockerfile", "compose"])
    lines = rng.choice(texts[kind]).splitlines(keepends=True)
    if rng.random() < 0.3:
        _token(lines, rng, kind, secrets.within)
    count = rng.choice([1, 1, 1, 2, 3, 8])
    make = _compose if kind == "compose" else _dockerfile
    text, head_line, tail_line = make(lines, rng, count, texts[kind], secrets)
    data = text.encode("utf-8", "surrogatepass")
    if rng.random() < 0.05:
        head_line = tail_line = 0
        data = rng.choice([_latin_1, _utf_16, _with_noise, _cut])(data, rng)
    return Case(name, kind, data, count, head_line, tail_line)


def _token(lines: list[str], rng: random.Random, kind: str, token: str) -> None:
    forms = {
        "compose": [
            f"      API_TOKEN: {token}\n",
            f"    # token {token}\n",
            f"    command: run --key={token}\n",
        ],
        "dockerfile": [
            f"ENV API_TOKEN={token}\n",
            f"# {token}\n",
            f"RUN curl -H 'X-Token: {token}' https://x\n",
        ],
    }
    lines.insert(_at(lines, rng), rng.choice(forms[kind]))


def _mutated(lines: list[str], rng: random.Random, kind: str, count: int, others: Sequence[str]) -> str:
    for _ in range(count):
        rng.choice(MUTATIONS)(lines, rng, kind, others)
    return "".join(lines)[:60_000]


def _compose(
    lines: list[str], rng: random.Random, count: int, others: Sequence[str], secrets: Secrets
) -> tuple[str, int, int]:
    """Services around the services of the seed; a seed of another shape is mutated whole."""
    starts = [at for at, line in enumerate(lines) if line.rstrip() == "services:"]
    if len(starts) != 1:
        return _mutated(lines, rng, "compose", count, others), 0, 0
    start = starts[0] + 1
    end = next((at for at in range(start, len(lines)) if lines[at][:1].strip(" #\r\n")), len(lines))
    services = lines[start:end]
    if any(line.strip() and not line.startswith(("  ", "\n", "#")) for line in services) or not services:
        return _mutated(lines, rng, "compose", count, others), 0, 0
    first, second = (_service(name, secrets) for name in ("head", "tail"))
    above = "".join(lines[:start])
    middle = _mutated(services, rng, "compose", count, others)
    middle += "" if middle.endswith("\n") else "\n"
    text = f"{above}{first}{middle}{second}{''.join(lines[end:])}"
    line = above.count("\n") + 3
    return text, line, line + (first + middle).count("\n")


def _service(name: str, secrets: Secrets) -> str:
    word, token = secrets.around
    return (
        f"  {name}:\n    image: example/app:1.0\n    privileged: true\n    environment:\n"
        f"      DB_PASSWORD: {word}\n      API_TOKEN: {token}\n"
    )


def _dockerfile(
    lines: list[str], rng: random.Random, count: int, others: Sequence[str], secrets: Secrets
) -> tuple[str, int, int]:
    word, token = secrets.around
    head = f"FROM alpine:3.22 AS head\nRUN curl -k https://head.example\nENV DB_PASSWORD={word}\n"
    tail = f"\nFROM alpine:3.22 AS tail\nRUN curl -k https://tail.example\nENV API_TOKEN={token}\n"
    middle = _mutated(lines, rng, "dockerfile", count, others)
    swallows = (
        "<<" in middle or "`" in middle
    )  # a heredoc without an end takes the rest, as it does in Docker
    text = head + middle + tail
    return text, 2, 0 if swallows else (head + middle).count("\n") + 3


def _latin_1(data: bytes, rng: random.Random) -> bytes:
    return data.replace(b"e", b"\xe9", 3)


def _utf_16(data: bytes, rng: random.Random) -> bytes:
    return b"\xff\xfe" + data.decode("utf-8", "replace").encode("utf-16-le", "replace")


def _with_noise(data: bytes, rng: random.Random) -> bytes:
    """Bytes between head and tail, whose secrets must stay what they are."""
    start, end = data.find(b"DB_PASSWORD") + 200, data.rfind(b"tail") - 20
    at = rng.randint(start, end) if start < end else 0
    return data[:at] + rng.randbytes(rng.randint(1, 40)) + data[at:]


def _cut(data: bytes, rng: random.Random) -> bytes:
    return data[: rng.randint(0, len(data))]


def run_batch(seed: int, size: int, texts: dict[str, list[str]]) -> Outcome:
    """Make, check and fix one folder of files."""
    rng = random.Random(seed)
    secrets = made_up(rng)
    cases = [case(rng, f"{number:04}", texts, secrets) for number in range(size)]
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        return Batch(Path(folder), seed, cases, secrets).run()


@dataclass
class Batch:
    """Files in a folder, and the commands that are run on them."""

    folder: Path
    seed: int
    cases: Sequence[Case]
    secrets: Secrets
    outcome: Outcome = field(default_factory=Outcome)

    def run(self) -> Outcome:
        """Everything once; the outcome names files as `seed/number`."""
        files = self.folder / "files"
        for one in self.cases:
            self._path(one).parent.mkdir(parents=True)
            self._path(one).write_bytes(one.data)
        self.outcome.files = len(self.cases)
        formats = ["json", "sarif", "github", "text"]
        wanted = [f"--format={name}:{self.folder / name}" for name in formats]
        self._command("check", "--profile", "strict", "--fail-on", "never", *wanted, str(files))
        reports = {name: (self.folder / name).read_text("utf-8") for name in formats}
        self._leaks(reports.values(), "check")
        json.loads(reports["sarif"])
        self._accounted(json.loads(reports["json"]))
        shown = self._command("fix", "--harden", "--diff", "--fail-on", "never", str(files))
        self._leaks([shown], "fix --diff")
        self._fix_in_place([one for one in self.cases if int(one.name) % 5 == 0])
        return self.outcome

    def _path(self, one: Case) -> Path:
        return self.folder / "files" / one.name / SUFFIX[one.kind]

    def _command(self, *arguments: str) -> str:
        command = [sys.executable, "-m", "dockerlint", *arguments]
        try:
            done = subprocess.run(
                command, capture_output=True, cwd=ROOT, timeout=LONGEST_BATCH, stdin=subprocess.DEVNULL
            )
        except subprocess.TimeoutExpired:
            self._fail("*", f"{arguments[0]} takes more than {LONGEST_BATCH} s")
            return ""
        self.outcome.memory = max(self.outcome.memory, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
        said = (done.stdout + done.stderr).decode("utf-8", "replace")
        for line in said.splitlines():
            if "internal error" in line or "Traceback" in line or "given up" in line or "died" in line:
                self._fail("*", f"{arguments[0]}: {line[:200]}")
        return said

    def _fail(self, name: str, why: str) -> None:
        self.outcome.failures.append(f"{self.seed}/{name}: {why}")

    def _leaks(self, outputs: Iterable[str], what: str) -> None:
        parts = {
            value[at : at + PART] for value in self.secrets.around for at in range(len(value) - PART + 1)
        }
        for output in outputs:
            shown = next((part for part in parts if part in output), None)
            if shown is None and self.secrets.within in output:
                shown = self.secrets.within
            if shown is not None:
                at = output.index(shown)
                self._fail("*", f"{what} shows {shown!r}: …{output[max(at - 90, 0) : at + 40]!r}")

    def _accounted(self, report: dict[str, list[dict[str, object]]]) -> None:
        lines: dict[str, set[int]] = {}
        for finding in report["findings"] + report["suppressed"]:
            lines.setdefault(str(finding["path"]), set()).add(int(str(finding["line"])))
        listed = {str(one["path"]) for one in report["files"]}
        for problem in report["problems"]:
            if problem["level"] == "error":
                self.outcome.reasons[str(problem["message"])[:60]] += 1
        unread = {str(one["path"]) for one in report["problems"] if one["level"] == "error"}
        for one in self.cases:
            path = str(self._path(one))
            if path not in listed:
                self._fail(one.name, "is not in the report")
            elif path not in unread:
                self._neighbours(one, lines.get(path, set()))

    def _neighbours(self, one: Case, found: set[int]) -> None:
        wanted = [line for line in (one.head_line, one.tail_line) if line]
        if one.mutations == 1 and wanted:
            self.outcome.single += 1
            if not found.issuperset(wanted):
                self.outcome.lost.append(f"{self.seed}/{one.name}")

    def _fix_in_place(self, some: Sequence[Case]) -> None:
        """Fixed files are as before where nothing was fixed, and a second run changes nothing."""
        paths = [str(self._path(one)) for one in some]
        arguments = ("fix", "--harden", "--fail-on", "never", *paths)
        self._leaks([self._command(*arguments)], "fix")
        once = [self._path(one).read_bytes() for one in some]
        self._command(*arguments)
        for one, before in zip(some, once, strict=True):
            if self._path(one).read_bytes() != before:
                self._fail(one.name, "is changed by a second run of fix")
            left = [path.name for path in self._path(one).parent.iterdir() if path.suffix == ".tmp"]
            if left:
                self._fail(one.name, f"leaves {left}")


def batches(files: int, size: int, seed: int) -> Iterator[tuple[int, int]]:
    """The seed and size of each batch."""
    for number, start in enumerate(range(0, files, size)):
        yield seed + number, min(size, files - start)


def main() -> int:
    """A run by hand."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--files", type=int, default=100_000)
    parser.add_argument("--batch", type=int, default=250)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--show", metavar="SEED/NUMBER", help="print one file instead")
    options = parser.parse_args()
    texts = seeds()
    if options.show:
        seed, number = options.show.split("/")
        rng = random.Random(int(seed))
        secrets = made_up(rng)
        shown = [case(rng, f"{at:04}", texts, secrets) for at in range(int(number) + 1)][-1]
        sys.stdout.buffer.write(shown.data)
        return 0
    total = Outcome()
    with ThreadPoolExecutor(options.jobs) as pool:
        wanted = list(batches(options.files, options.batch, options.seed))
        for done in pool.map(lambda one: run_batch(*one, texts), wanted):
            total.add(done)
            print("\n".join(done.failures), end="\n" if done.failures else "", flush=True)
            if total.files % 5_000 < options.batch:
                lost = f"lost {len(total.lost)} of {total.single}"
                print(f"{total.files} files, {len(total.failures)} failures, {lost}", flush=True)
    print(f"{total.files} files   {len(total.failures)} failures   peak {total.memory / 1024:.0f} MB")
    print(f"lost {len(total.lost)} of {total.single} ({total.lost_share:.2%}): {' '.join(total.lost[:40])}")
    print("not linted:", dict(total.reasons.most_common(10)))
    return int(bool(total.failures) or total.lost_share > LOST_BAR)


if __name__ == "__main__":
    sys.exit(main())
