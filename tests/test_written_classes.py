"""The plain classes that the build writes do what the data classes and named tuples of the sources do."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from dockerlint._writeout import NotWritable, write_out

ROOT = Path(__file__).parent.parent
HEAD = "from __future__ import annotations\nfrom dataclasses import dataclass, field, replace\n"
HEAD += "from typing import NamedTuple\n"


def package(folder: Path, **modules: str) -> Path:
    """A package of these modules."""
    folder.mkdir()
    for name, text in modules.items():
        (folder / f"{name}.py").write_text(HEAD + text)
    return folder


def written(source: Path, target: Path) -> Path:
    """A copy of a package as the wheel has it."""
    shutil.copytree(source, target)
    for path, text in write_out(source).items():
        (target / path).write_text(text, encoding="utf-8")
    return target


def run(*command: str | Path, package: Path, folder: Path) -> str:
    """Standard output of Python in `folder`, with what is in `package` before all else."""
    environment = {**os.environ, "PYTHONPATH": str(package), "PYTHONHASHSEED": "0"}
    command = (sys.executable, *command)
    return subprocess.run(
        command, cwd=folder, env=environment, check=True, capture_output=True, text=True
    ).stdout


def behaviour(package: Path, folder: Path) -> dict[str, Any]:
    lines = run(ROOT / "tests" / "class_behaviour.py", "1", package=package, folder=folder).splitlines()
    return dict(json.loads(line) for line in lines)


@pytest.fixture(scope="module")
def plain_package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that holds the whole package as the wheel has it."""
    folder = tmp_path_factory.mktemp("plain")
    written(ROOT / "dockerlint", folder / "dockerlint")
    return folder


def test_every_class_of_the_package_behaves_as_its_source(plain_package: Path, tmp_path: Path) -> None:
    source, plain = behaviour(ROOT, tmp_path), behaviour(plain_package, tmp_path)
    assert len(source) > 200
    assert plain.keys() == source.keys()
    for name, expected in source.items():
        for what, said in expected.items():
            assert plain[name][what] == said, f"{name}: {what}"


def test_a_check_with_plain_classes_loads_neither_dataclasses_nor_inspect(
    plain_package: Path, tmp_path: Path
) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "Dockerfile").write_text("FROM alpine\n")
    (tmp_path / "a" / "compose.yaml").write_text("services:\n  a:\n    image: redis\n")
    program = "import sys, atexit\nfrom dockerlint.cli.main import main\n"
    program += "atexit.register(lambda: print('loaded', {'dataclasses', 'inspect'} & set(sys.modules)))\n"
    program += "main()\n"
    shown = run("-c", program, "check", "a", "--fail-on", "never", package=plain_package, folder=tmp_path)
    assert "2 files" in shown
    assert shown.splitlines()[-1] == "loaded set()"


TALE = '''
import math
LIMIT = 4

def shout(word: str) -> str:
    return word.upper()

@dataclass(frozen=True, slots=True)
class Base:
    """Some fields."""

    name: str
    size: int = 3
    tags: list[str] = field(default_factory=list, compare=False)
    """Words."""
    memo: dict[str, int] = field(init=False, default_factory=dict, compare=False, repr=False)

    def __post_init__(self) -> None:
        if self.size > LIMIT:
            raise ValueError(self.size)

@dataclass(frozen=True, slots=True)
class Heir(Base):
    size: int = field(default=LIMIT)
    act: object = field(default=shout, repr=False)
    last: bool = field(default=False, kw_only=True)

@dataclass
class Open:
    limit: int = LIMIT  # of all
    state: str = field(init=False, default="new")
    parts: list[int] = field(default_factory=lambda: [LIMIT, 1])

class Pair(NamedTuple):
    """Two."""

    limit: int
    size: float = math.pi

    def size_of(self) -> float:
        return self.size
'''

TELL = """
from tale.first import *
from dataclasses import replace as other
print(Heir("a"), Heir("a", 1, ["x"], last=True), Heir("a").memo, Heir("a").tags is Heir("a").tags)
print(Heir("a").act("b"), Open(), Open.limit, Open.state, hasattr(Open, "parts"), Pair(1), Pair(1).size_of())
print(other(Heir("a"), size=2), replace(Heir("a"), size=2, last=True), Heir.__match_args__)
for wrong in (lambda: Base("a", 5), lambda: Heir("a", 5), lambda: setattr(Heir("a"), "name", 1)):
    try:
        print(wrong())
    except (ValueError, AttributeError) as error:
        print(type(error), error)
loop = Open()
loop.parts.append(loop)
print(loop, [Open.__eq__(loop, 1)])
"""


def test_what_the_package_has_none_of_is_written_out_as_well(tmp_path: Path) -> None:
    source = package(tmp_path / "tale", first=TALE)
    shared = tmp_path / "wheel" / "dockerlint"
    shared.mkdir(parents=True)
    shutil.copy(ROOT / "dockerlint" / "_plain.py", shared)
    written(source, tmp_path / "wheel" / "tale")
    assert "@dataclass" not in (tmp_path / "wheel" / "tale" / "first.py").read_text()
    told = run("-c", TELL, package=tmp_path / "wheel", folder=tmp_path / "wheel")
    assert told == run("-c", TELL, package=tmp_path, folder=tmp_path)
    assert "FrozenInstanceError" in told
    assert "..." in told


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("@dataclass(order=True)\nclass A:\n    a: int\n", "options"),
        ("def make():\n    @dataclass\n    class A:\n        a: int\n", "at the top"),
        ("@dataclass\nclass A:\n    a: int = field(metadata={})\n", "metadata"),
        ("class A(NamedTuple, Base):\n    a: int\n", "no other base"),
        ("@dataclass\nclass A:\n    a: str = HEAD\n@dataclass\nclass B(A):\n    b: int = 0\n", "literal"),
        ("def f(cls): return dataclass(cls)\n", "no plain form"),
        ("from dataclasses import fields\n", "fields"),
        ("from dataclasses import dataclass as data\n", "own name"),
        ("import dataclasses\n", "not the module"),
    ],
)  # fmt: skip
def test_what_cannot_be_written_out_fails_the_build(text: str, why: str, tmp_path: Path) -> None:
    with pytest.raises(NotWritable, match=why):
        write_out(package(tmp_path / "tale", first=text))
