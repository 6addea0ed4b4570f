"""Contexts that a Bake file, CI or a script gives a build by name take the place of images and stages."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from test_projects import check

from dockerlint.parse.bake.hcl import HclBlock, read_blocks
from dockerlint.parse.bake.targets import BakeTarget, read_bake
from dockerlint.values import UNKNOWN

pytestmark = pytest.mark.usefixtures("in_a_folder")

DOCKERFILE = "FROM alpine:3.22\nCOPY --from=data /x /srv/\nUSER 1000\n"
BAKE = """
variable "TAG" { default = "a" }        # not a target
group "default" { targets = ["app"] }
target "_common" {
  contexts = { Data = "target:rest" }   // a comment {
}
/* target "none" { contexts = { x = "y" } */
target "app" {
  inherits = ["_common"]
  args = { V = "${TAG}", W = f("}", [1]), X = <<-EOT
    } not the end
  EOT
  }
  %s
}
"""


@pytest.fixture(autouse=True)
def repository(tmp_path: Path) -> None:
    for name in (".git/objects", ".git/refs"):
        Path(tmp_path, name).mkdir(parents=True)
    Path(tmp_path, ".git/HEAD").write_text("ref: refs/heads/main\n")


def unknown(texts: dict[str, str], path: str) -> bool:
    """Whether the stage that it copies from is not known."""
    report, _ = check({path: DOCKERFILE, **texts}, select=("DK131",))
    return path in {one["path"] for one in report["findings"]}


@pytest.mark.parametrize(
    ("place", "more", "path"),
    [
        ("docker-bake.hcl", "", "Dockerfile"),
        ("docker-bake.hcl", 'context = "app"', "app/Dockerfile"),
        ("docker-bake.hcl", 'dockerfile = "docker/app.Dockerfile"', "docker/app.Dockerfile"),
        ("app/docker-bake.override.hcl", "", "app/Dockerfile"),
        ("docker-bake.hcl", 'context = "${DIR}"', "anywhere/Dockerfile"),
    ],
)
def test_a_context_of_a_bake_target_is_no_unknown_stage(place: str, more: str, path: str) -> None:
    assert unknown({}, path)
    assert not unknown({place: BAKE % more}, path)


@pytest.mark.parametrize(
    "more",
    [
        'context = "other"',
        'context = "https://github.com/a/b.git"',
        'dockerfile = "b.Dockerfile"',
        'dockerfile-inline = "FROM x"',
    ],
)
def test_the_contexts_of_another_dockerfile_are_not_those_of_this_one(more: str) -> None:
    # The target that is only inherited from builds ./Dockerfile as far as Bake knows, so it lies elsewhere.
    assert unknown({"docker-bake.hcl": BAKE % more}, "app/Dockerfile")


def test_json_says_the_same() -> None:
    target = {"context": "app", "inherits": ["b"]}
    whole = {"target": {"app": target, "b": {"contexts": {"data": "target:b"}}}}
    assert not unknown({"docker-bake.json": json.dumps(whole)}, "app/Dockerfile")


@pytest.mark.parametrize(
    ("place", "text"),
    [
        ("Makefile", "all:\n\tdocker buildx build \\\n\t  --build-context data=docker-image://x .\n"),
        ("ci.sh", "docker build --build-context='data=./d' .\n"),
        (".github/workflows/a.yml", "      - run: docker buildx bake --set app.contexts.data=./d\n"),
        (
            ".github/workflows/a.yml",
            "      - uses: docker/build-push-action@v6\n        with:\n          build-contexts: |\n"
            "            other=./o\n            data=docker-image://x\n          push: true\n",
        ),
        (".github/workflows/a.yml", "jobs:\n  a:\n    env: {ARGS: '--load --build-context data=./d'}\n"),
        (".github/workflows/a.yml", "      - with:\n          set: |\n            *.contexts.data=./d\n"),
        (".gitlab-ci.yml", "a:\n  script:\n    - >-\n      docker build\n      --build-context data=./d .\n"),
        ("ci.sh", "ARGS=(--load --build-context 'data=./d')\ndocker build \"${ARGS[@]}\" .\n"),
        ("Jenkinsfile", 'pipeline {\n  sh "docker build --build-context data=./d ."\n}\n'),
    ],
)
def test_a_context_that_a_command_line_names_is_no_unknown_stage(place: str, text: str) -> None:
    assert not unknown({place: text}, "app/Dockerfile")
    assert unknown({place: text.replace("data=", "more=")}, "app/Dockerfile")


@pytest.mark.parametrize(
    "text",
    [
        '      - run: docker buildx build --build-context "$NAME=./d" .\n',
        "        with:\n          build-contexts: ${{ matrix.contexts }}\n",
        "        with:\n          build-contexts: |\n            ${{ matrix.contexts }}\n",
        "        with:\n          build-contexts: |-\n            ${{ matrix.contexts }}\n",
    ],
)
def test_a_name_that_ci_computes_may_be_any(text: str) -> None:
    place = ".github/workflows/a.yml"
    assert not unknown({place: text}, "app/Dockerfile")
    assert unknown({place: text.replace("$", "#")}, "app/Dockerfile")


@pytest.mark.parametrize(
    ("place", "text"),
    [
        ("ci.sh", "docker build . # --build-context data=./d\n# --build-context data=./d\n"),
        ("ci.sh", "docker build --label 'say --build-contexts data=x' --build-context-list data=x .\n"),
        (
            ".github/workflows/a.yml",
            "a:\n  # build-contexts: data=.\n  run: |\n    # --build-context data=.\n",
        ),
        (".github/workflows/a.yml", "      - with:\n          set: |\n            *.args.data=./d\n"),
    ],
)
def test_a_comment_or_another_option_names_no_context(place: str, text: str) -> None:
    assert unknown({place: text}, "app/Dockerfile")


def test_the_last_stage_of_a_dockerfile_beside_may_be_joined_with_this_one() -> None:
    assert unknown({"app/Dockerfile.b": "FROM alpine:3.22 AS data\nFROM scratch\n"}, "app/Dockerfile")
    assert unknown({"Dockerfile.common": "FROM alpine:3.22 AS data\n"}, "app/Dockerfile")
    assert not unknown({"app/Dockerfile.common": "FROM alpine:3.22 AS Data\nRUN make\n"}, "app/Dockerfile")


def test_a_base_that_a_context_stands_for_is_no_image_without_a_tag() -> None:
    texts = {"Dockerfile": "FROM debian\nUSER 1000\n"}
    assert check(texts, select=("DK501",))[0]["findings"]
    texts["docker-bake.hcl"] = 'target "a" { contexts = { debian = "target:b" } }'
    assert not check(texts, select=("DK501",))[0]["findings"]


def test_what_a_release_tool_packs_is_not_left_out_by_the_projects_ignore_file() -> None:
    texts = {"release.Dockerfile": "FROM scratch\nCOPY app /app\nUSER 1\n", ".dockerignore": "*\n!src\n"}
    assert check(texts, select=("DK139",))[0]["findings"]
    texts[".goreleaser.yaml"] = "dockers:\n  - dockerfile: other.Dockerfile\n"
    assert check(texts, select=("DK139",))[0]["findings"]
    texts[".goreleaser.yaml"] += "  - dockerfile: release.Dockerfile\n"
    assert not check(texts, select=("DK139",))[0]["findings"]


def test_what_stands_in_a_block_is_read_and_what_is_computed_is_unknown() -> None:
    text = (
        'target "a" {\n one = "x\\"y"\n two = ["a", "b-${C}", upper("d"),]\n three = { "k:1" = "v", k: 2 }\n'
    )
    found = {"one": 'x"y', "two": ["a", UNKNOWN, UNKNOWN], "three": {"k:1": "v", "k": UNKNOWN}}
    assert read_blocks(text + '  four = a ? "b" : "c"\n}\n') == [
        HclBlock("target", ("a",), {**found, "four": UNKNOWN})
    ]


def test_targets_that_inherit_in_a_circle_are_read_once_each() -> None:
    text = 'target "a" { inherits = ["b"] }\ntarget "b" {\n inherits = ["a"]\n context = "c"\n}'
    assert read_bake(text, is_json=False) == (BakeTarget("c/Dockerfile", ()), BakeTarget("c/Dockerfile", ()))


@pytest.mark.parametrize(
    "text",
    [
        "target a { b = " + "[" * 20_000,
        "target a { b = " + "{ c = " * 6_000,
        'target "a" { b = "${' * 4_000,
        "<<A\n" * 10_000,
        "/*" * 20_000,
        'target "a" { inherits = [' + '"b", ' * 6_000 + "] }",
        "".join(f'target "t{n}" {{ inherits = ["t{n + 1}", "t0"] }}\n' for n in range(2_000)),
    ],
    ids=range(7),
)
def test_a_hostile_bake_file_is_read_in_time(text: str) -> None:
    started = time.process_time()
    read_bake(text, is_json=False)
    read_bake("[" * 20_000, is_json=True)
    assert time.process_time() - started < 3
