"""The language server, as an editor sees it: the findings and fixes of the command line, and what it adds."""

from __future__ import annotations

import asyncio
import io
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from subprocess import PIPE, Popen
from typing import Any

import pytest
from editor_client import ABLE, RESOLVING, Editor, area, edit, edited

from dockerlint.findings import Tier
from dockerlint.kinds import kind_of_name, kind_of_text
from dockerlint.linting.selection import SelectionFlags
from dockerlint.run.check import Options, run
from dockerlint.run.fix import run_fix
from dockerlint.run.output import Format

FIXTURES = Path(__file__).parent.parent / "fixtures"
PROGRAM = [sys.executable, "-m", "dockerlint"]
LANGUAGES = {"dockerfile": "dockerfile", "compose": "dockercompose"}
SECRET = "ghp_" + "a1B2" * 9
PORTS = 'services:\n  db:\n    image: postgres:17\n    ports:\n      - "5432:5432"\n'
WEB = "services:\n  web:\n    image: nginx:1.27\n    privileged: true\n"
UPDATE = "FROM debian:12.5\nRUN apt-get update && apt-get install curl\nMAINTAINER me\n"


def findings(*paths: Path) -> list[dict[str, Any]]:
    out = io.StringIO()
    run(Options(paths=tuple(map(str, paths)), formats=(Format("json"),)), out, io.StringIO())
    found: list[dict[str, Any]] = json.loads(out.getvalue())["findings"]
    return found


def checked(*paths: Path) -> set[tuple[Path, str, int, int]]:
    """What the command line finds, by file, rule, line and column."""
    return {
        (Path(one["path"]).resolve(), one["rule"], one["line"], one["column"]) for one in findings(*paths)
    }


def told_elsewhere(*paths: Path) -> set[tuple[Path, int]]:
    """File and line of what the command line tells at a Dockerfile, once for all services that build it."""
    parts = [part for one in findings(*paths) if one.get("built_by") for part in one.get("parts") or ()]
    return {(Path(part["path"]).resolve(), part["line"]) for part in parts}


def fixed(path: Path, least: Tier, *select: str) -> str:
    """What the command line writes."""
    options = Options(paths=(str(path),), flags=SelectionFlags(select))
    run_fix(options, least, False, io.StringIO(), io.StringIO())
    return path.read_text()


def codes(said: list[dict[str, Any]]) -> list[str]:
    return [one["code"] for one in said if "code" in one]


def of_rule(said: list[dict[str, Any]], rule: str) -> dict[str, Any]:
    return next(one for one in said if one.get("code") == rule)


def readable_fixtures() -> Iterator[Path]:
    """All but those whose bytes an editor shows as something else."""
    for path in sorted(FIXTURES.rglob("*")):
        if path.is_file():
            data = path.read_bytes()
            if b"\0" not in data and data.decode("utf-8", "ignore").encode() == data:
                yield path


def test_every_fixture_gets_the_findings_of_the_command_line() -> None:
    paths = {path: kind_of_name(path.name) or kind_of_text(path.read_text()) for path in readable_fixtures()}
    paths = {path: kind for path, kind in paths.items() if kind in LANGUAGES}
    expected, elsewhere = checked(FIXTURES, *paths), told_elsewhere(FIXTURES, *paths)
    assert elsewhere

    async def work(editor: Editor) -> None:
        await editor.start({"general": {"positionEncodings": ["utf-32"]}})
        for path, kind in paths.items():
            said = await editor.open(str(path.relative_to(FIXTURES)), language=LANGUAGES[str(kind)])
            starts = [(one["code"], one["range"]["start"]) for one in said if "code" in one]
            found = {(path, code, at["line"] + 1, at["character"] + 1) for code, at in starts}
            assert {one for one in expected if one[0] == path} <= found
            assert {one[::2] for one in found - expected} <= elsewhere

    edited(FIXTURES, work)
    assert len(expected) > 200


def test_a_quick_fix_writes_what_fix_writes_and_its_finding_goes(tmp_path: Path) -> None:
    path = tmp_path / "compose.yaml"
    path.write_text(PORTS)

    async def work(editor: Editor) -> None:
        await editor.start()
        found = of_rule(await editor.open("compose.yaml"), "DK231")
        fix = (await editor.actions("compose.yaml", found["range"], "quickfix"))[0]
        assert fix["title"].endswith(" [harden]")
        assert fix["diagnostics"] == [found]
        editor.take(fix["edit"])
        assert editor.text("compose.yaml") == fixed(path, Tier.HARDEN, "DK231") != PORTS
        assert "DK231" not in codes(
            await editor.change("compose.yaml", {"text": editor.text("compose.yaml")})
        )

    edited(tmp_path, work)


@pytest.mark.parametrize(
    ("kind", "least"), [("source.fixAll", Tier.SAFE), ("source.dockerlint.harden", Tier.HARDEN)]
)
def test_fixing_all_writes_what_fix_writes(tmp_path: Path, kind: str, least: Tier) -> None:
    (tmp_path / "Dockerfile").write_text(UPDATE)

    async def work(editor: Editor) -> None:
        await editor.start()
        await editor.open("Dockerfile")
        (action,) = await editor.actions("Dockerfile", area(0, 0), kind)
        made = editor.take(action["edit"])
        assert editor.text("Dockerfile") == fixed(tmp_path / "Dockerfile", least) != UPDATE
        assert all((tmp_path / name).read_text() == text for name, text in made.items())

    edited(tmp_path, work)


def test_fixing_on_save_never_hardens(tmp_path: Path) -> None:
    (tmp_path / "compose.yaml").write_text(PORTS)

    async def work(editor: Editor) -> None:
        await editor.start(RESOLVING)
        await editor.open("compose.yaml")
        assert await editor.actions("compose.yaml", area(0, 0), "source.fixAll") == []
        offered = await editor.actions("compose.yaml", area(0, 0), "source")
        assert [one["kind"] for one in offered] == ["source.dockerlint.harden"]

    edited(tmp_path, work)


def test_a_client_that_asks_for_edits_gets_them_once_it_does(tmp_path: Path) -> None:
    (tmp_path / "compose.yaml").write_text(PORTS)

    async def work(editor: Editor) -> None:
        await editor.start(RESOLVING)
        found = of_rule(await editor.open("compose.yaml"), "DK231")
        fix = (await editor.actions("compose.yaml", found["range"]))[0]
        assert "edit" not in fix
        resolved = await editor.ask("codeAction/resolve", fix)
        (change,) = resolved["edit"]["documentChanges"][0]["edits"]
        assert change["newText"] == "127.0.0.1:"
        editor.type("compose.yaml", edit(0, 0, 0, "# a\n"))
        with pytest.raises(RuntimeError, match="-32801"):  # the text is another one
            await editor.ask("codeAction/resolve", fix)

    edited(tmp_path, work)


def test_a_lens_hardens_one_service_and_leaves_the_others(tmp_path: Path) -> None:
    (tmp_path / "compose.yaml").write_text(PORTS + "  web:\n    image: nginx:1.27\n")
    (tmp_path / "alone.compose.yaml").write_text(PORTS)

    async def work(editor: Editor) -> None:
        await editor.start()
        await editor.open("compose.yaml")
        asked = {"textDocument": {"uri": editor.uri("compose.yaml")}}
        lenses = await editor.ask("textDocument/codeLens", asked)
        assert [one["range"]["start"]["line"] for one in lenses] == [1, 5]
        assert lenses[0]["command"]["title"].startswith("harden service db: ")
        command = lenses[0]["command"]
        params = {"command": command["command"], "arguments": command["arguments"]}
        assert await editor.ask("workspace/executeCommand", params) is True
        expected = fixed(tmp_path / "alone.compose.yaml", Tier.HARDEN)
        assert editor.text("compose.yaml") == expected + "  web:\n    image: nginx:1.27\n"

    edited(tmp_path, work)


def test_a_lens_hardens_a_stage(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text("FROM debian:12.5 AS base\n" + UPDATE)

    async def work(editor: Editor) -> None:
        await editor.start()
        await editor.open("Dockerfile")
        asked = {"textDocument": {"uri": editor.uri("Dockerfile")}}
        lens = (await editor.ask("textDocument/codeLens", asked))[-1]
        assert (lens["range"]["start"]["line"], lens["command"]["title"][:23]) == (
            1,
            "harden the final stage:",
        )

    edited(tmp_path, work)


@pytest.mark.parametrize(
    ("name", "text", "rule", "line"),
    [
        ("compose.yaml", PORTS, "DK231", 4),
        ("compose.yaml", WEB.replace("\n", "\r\n"), "DK200", 3),
        ("Dockerfile", UPDATE + "RUN true && \\\n    apt-get install wget\n", None, 4),
        ("compose.yaml", WEB.replace(": true", ":\n      true"), "DK200", 3),
    ],
)
def test_a_comment_hides_one_finding_and_no_other(
    tmp_path: Path, name: str, text: str, rule: str | None, line: int
) -> None:
    (tmp_path / name).write_bytes(text.encode())

    async def work(editor: Editor) -> None:
        await editor.start()
        before = await editor.open(name)
        found = of_rule(before, rule) if rule else before[-1]
        offered = await editor.actions(name, found["range"], "quickfix")
        action = next(
            one for one in offered if one["title"].startswith("ignore") and one["diagnostics"] == [found]
        )
        (inserted,) = action["edit"]["documentChanges"][0]["edits"]
        assert inserted["range"]["start"] == {"line": line, "character": 0}
        editor.take(action["edit"])
        after = await editor.change(name, {"text": editor.text(name)})
        left = codes(before)
        left.remove(found["code"])
        assert sorted(codes(after)) == sorted(left)
        assert editor.text(name).count("\r\n") in (0, editor.text(name).count("\n"))

    edited(tmp_path, work)


def test_a_client_that_asks_for_reasons_sends_them_back(tmp_path: Path) -> None:
    (tmp_path / "compose.yaml").write_text(WEB)

    async def work(editor: Editor) -> None:
        await editor.start(asksReasons=True)
        found = of_rule(await editor.open("compose.yaml"), "DK200")
        offered = await editor.actions("compose.yaml", found["range"], "quickfix")
        action = next(one for one in offered if "command" in one)
        assert "edit" not in action
        deed = {**action["command"]["arguments"][0], "reason": 'a "lab"\nnetwork'}
        await editor.ask("workspace/executeCommand", {"command": "dockerlint.do", "arguments": [deed]})
        assert "# dockerlint: ignore[privileged-container] reason=\"a 'lab' network\"" in editor.text(
            "compose.yaml"
        )

    edited(tmp_path, work)


def test_a_snippet_lets_the_user_write_the_reason(tmp_path: Path) -> None:
    (tmp_path / "compose.yaml").write_text(WEB)
    able = {"workspace": {"workspaceEdit": {"documentChanges": True, "snippetEditSupport": True}}}

    async def work(editor: Editor) -> None:
        await editor.start(able)
        found = of_rule(await editor.open("compose.yaml"), "DK200")
        offered = await editor.actions("compose.yaml", found["range"], "quickfix")
        step = offered[-1]["edit"]["documentChanges"][0]["edits"][0]
        assert step["snippet"]["value"].endswith('reason="${1:}"\n')

    edited(tmp_path, work)


def hovered(folder: Path, name: str, line: int, character: int, able: dict[str, Any] = ABLE) -> str:
    """What is shown at a place of a file."""
    shown: list[str] = []

    async def work(editor: Editor) -> None:
        await editor.start(able)
        await editor.open(name)
        place = {"line": line, "character": character}
        asked = {"textDocument": {"uri": editor.uri(name)}, "position": place}
        found = await editor.ask("textDocument/hover", asked)
        shown.append("" if found is None else found["contents"]["value"])

    edited(folder, work)
    return shown[0]


def test_a_finding_shows_what_its_rule_says(tmp_path: Path) -> None:
    (tmp_path / "compose.yaml").write_text(PORTS)
    page = hovered(tmp_path, "compose.yaml", 4, 12)
    assert "**DK231 datastore-port-on-all-interfaces**" in page
    assert "*why*: The database is open to everyone" in page
    assert "CIS 5.14" in page
    assert hovered(tmp_path, "compose.yaml", 0, 0) == ""
    assert hovered(tmp_path, "compose.yaml", 4, 12, {}).startswith("DK231 datastore-port-on-all-interfaces\n")


def test_an_image_shows_what_is_known_of_it(tmp_path: Path) -> None:
    (tmp_path / "compose.yaml").write_text(PORTS)
    (tmp_path / "Dockerfile").write_text("FROM node:22\nUSER node\n")
    page = hovered(tmp_path, "compose.yaml", 2, 15)
    assert "**postgres:17**" in page
    assert "*ports*: 5432" in page
    assert "supported until" in page
    assert "starts as root" in hovered(tmp_path, "Dockerfile", 0, 8)


def test_text_of_a_file_is_no_markup_where_it_is_shown(tmp_path: Path) -> None:
    name = "![x](https://tracker.example/p.png)"
    (tmp_path / "compose.yaml").write_text(f'services:\n  "{name}":\n    image: a:1\n    privileged: true\n')
    page = hovered(tmp_path, "compose.yaml", 3, 18)
    assert "tracker" in page
    assert re.search(r"(?<!\\)[\[\]!]", page) is None


def test_places_count_in_the_units_that_the_client_asks_for(tmp_path: Path) -> None:
    (tmp_path / "compose.yaml").write_text(
        "services:\n  web: {x-𝄞é: 1, image: nginx:1.27, privileged: true}\n"
    )
    line = (tmp_path / "compose.yaml").read_text().split("\n")[1]

    def start(*encodings: str) -> int:
        found: list[int] = []

        async def work(editor: Editor) -> None:
            able = await editor.start({"general": {"positionEncodings": list(encodings)}})
            assert able["positionEncoding"] == (encodings or ("utf-16",))[0]
            said = await editor.open("compose.yaml")
            found.append(of_rule(said, "DK200")["range"]["start"]["character"])

        edited(tmp_path, work)
        return found[0]

    before = line[: line.index("true")]
    assert start("utf-32", "utf-8") == len(before)
    assert start("utf-8") == len(before.encode())
    assert start("utf-16") == start() == len(before.encode("utf-16-le")) // 2


def test_edits_of_any_kind_keep_the_text_as_the_editor_has_it(tmp_path: Path) -> None:
    (tmp_path / "compose.yaml").write_text(WEB)

    async def work(editor: Editor) -> None:
        await editor.start()
        await editor.open("compose.yaml")
        said = await editor.change(
            "compose.yaml",
            edit(0, 0, 0, "# 𝄞 \x0c \u2028 text\n"),
            edit(0, 5, 6, "é"),
            edit(9, 0, 0, "  db:\n    image: postgres:17\n    privileged: true\n"),
            edit(1, 0, 3, "ser"),
        )
        one = editor.server.session.open[editor.uri("compose.yaml")]
        assert one.text == editor.text("compose.yaml")
        assert codes(said).count("DK200") == 2

    edited(tmp_path, work)


def test_files_that_are_not_saved_count_for_those_around_them(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git/HEAD").write_text("ref: refs/heads/main\n")
    base = 'services:\n  web:\n    build: .\n    volumes: ["/etc:/host"]\n  a:\n    image: nginx:${TAG}\n'
    (tmp_path / "compose.yaml").write_text(base)
    (tmp_path / "Dockerfile").write_text("FROM node:22\nUSER node\nCOPY . .\n")
    (tmp_path / ".dockerignore").write_text(".git\n.env\n")

    async def work(editor: Editor) -> None:
        await editor.start()
        assert "DK502" not in codes(await editor.open("compose.yaml"))
        before = codes(await editor.open("Dockerfile"))
        await editor.open(".env", "TAG=latest\n")  # a new file
        await editor.until("compose.yaml", lambda codes: "DK502" in codes)
        said = await editor.open("compose.override.yaml", WEB)  # another one
        found = of_rule(said, "DK200")
        related = [one["location"]["uri"] for one in found["relatedInformation"]]
        assert related == [editor.uri("compose.yaml"), editor.uri("compose.override.yaml")]
        await editor.open(".dockerignore", "docs\n")
        await editor.until("Dockerfile", lambda codes: codes != before)
        await editor.until("compose.yaml", lambda codes: "DK292" not in codes)
        editor.type("Dockerfile", edit(1, 5, 9, "root"))
        await editor.until("compose.yaml", lambda codes: "DK292" in codes)

    edited(tmp_path, work)


def test_files_that_change_on_the_disk_are_read_anew_once_the_client_tells_of_them(tmp_path: Path) -> None:
    (tmp_path / "compose.yaml").write_text("services:\n  web:\n    image: nginx:${TAG}\n")
    env, config = tmp_path / ".env", tmp_path / ".dockerlint.yaml"
    able = {"workspace": {"didChangeWatchedFiles": {"dynamicRegistration": True}}}

    async def work(editor: Editor) -> None:
        await editor.start(able)
        assert "DK502" not in codes(await editor.open("compose.yaml"))
        asked = next(one for one in editor.messages if one.get("method") == "client/registerCapability")
        watched = asked["params"]["registrations"][0]["registerOptions"]["watchers"]
        assert {"globPattern": "**/.env*"} in watched
        for path, text, is_found in ((env, "TAG=latest\n", True), (config, "ignore: [DK502]\n", False)):
            path.write_text(text)
            changes = {"changes": [{"uri": path.as_uri(), "type": 1}]}
            editor.tell("workspace/didChangeWatchedFiles", changes)
            await editor.until("compose.yaml", lambda codes, found=is_found: ("DK502" in codes) is found)

    edited(tmp_path, work)


def test_settings_are_asked_for_and_followed(tmp_path: Path) -> None:
    (tmp_path / "compose.yaml").write_text(WEB)

    async def work(editor: Editor) -> None:
        editor.settings = {"minSeverity": "critical", "profile": None}
        await editor.start({"workspace": {"configuration": True}}, ignore=["DK506"])
        assert codes(await editor.open("compose.yaml")) == ["DK200"]
        editor.settings = {"select": ["DK223"]}
        editor.tell("workspace/didChangeConfiguration", {"settings": None})
        await editor.until("compose.yaml", lambda codes: codes == ["DK223"])
        editor.settings = {"minSeverity": "worst"}
        editor.tell("workspace/didChangeConfiguration", {"settings": None})
        while "window/showMessage" not in [one.get("method") for one in editor.messages]:
            await asyncio.sleep(0.01)
        told = [
            one["params"]["message"] for one in editor.messages if one.get("method") == "window/showMessage"
        ]
        assert told == ["dockerlint: setting minSeverity: expected one of critical, high, medium, low, info"]

    edited(tmp_path, work)


def test_what_other_tools_of_the_editor_say_is_left_out_on_request(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text(UPDATE)
    found: list[list[str]] = []
    for tools in ([], ["buildkit"], ["buildkit", "hadolint"]):

        async def work(editor: Editor, tools: list[str] = tools) -> None:
            await editor.start(deferTo=tools)
            found.append(codes(await editor.open("Dockerfile")))

        edited(tmp_path, work)
    assert len(found[0]) > len(found[1]) > len(found[2])


def test_daemon_json_is_linted_and_fixed(tmp_path: Path) -> None:
    (tmp_path / "daemon.json").write_text('{\n  "icc": true\n}\n')

    async def work(editor: Editor) -> None:
        await editor.start()
        said = await editor.open("daemon.json")
        assert said
        (action,) = await editor.actions("daemon.json", area(0, 0), "source.dockerlint.harden")
        editor.take(action["edit"])
        assert editor.text("daemon.json") == fixed(tmp_path / "daemon.json", Tier.HARDEN)

    edited(tmp_path, work)


def test_a_secret_leaves_in_no_message_and_whole_in_an_edit(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text(
        f"FROM node:22\nENV TOKEN={SECRET}\nMAINTAINER {SECRET}\nUSER node\n"
    )
    (tmp_path / "compose.yaml").write_text(
        WEB + f'    environment: {{TOKEN: {SECRET}}}\n    ports: ["5432:5432"]\n'
    )

    async def work(editor: Editor) -> None:
        await editor.start()
        for name in ("Dockerfile", "compose.yaml"):
            assert await editor.open(name)
            for line in range(6):
                asked = {"textDocument": {"uri": editor.uri(name)}}
                await editor.ask("textDocument/hover", {**asked, "position": {"line": line, "character": 12}})
                await editor.actions(name, area(line, 0, 60))
            await editor.ask("textDocument/codeLens", asked)
        edits = [
            change["newText"]
            for message in editor.messages
            if isinstance(message.get("result"), list)
            for action in message["result"]
            for step in action.get("edit", {}).get("documentChanges", ())
            for change in step["edits"]
        ]
        sent = json.dumps(editor.messages)
        assert sent.count(SECRET) == sum(text.count(SECRET) for text in edits)

    edited(tmp_path, work)


def test_nothing_of_an_untrusted_folder_is_obeyed(tmp_path: Path) -> None:
    (tmp_path / ".dockerlint.yaml").write_text("ignore: [DK200]\nrules: [policy]\n")
    (tmp_path / "policy").mkdir()
    (tmp_path / "policy/one.yaml").write_text("id: A\n")
    (tmp_path / "compose.yaml").write_text(WEB)

    async def work(editor: Editor) -> None:
        editor.settings = {"untrusted": False}  # as the folder itself may say
        await editor.start({"workspace": {"configuration": True}}, untrusted=True)
        said = await editor.open("compose.yaml")
        assert "DK200" in codes(said)
        assert not [one for one in said if "policy" in one["message"]]

    edited(tmp_path, work)


def test_keys_that_come_together_are_linted_once(tmp_path: Path) -> None:
    (tmp_path / "compose.yaml").write_text(WEB)

    async def work(editor: Editor) -> None:
        await editor.start()
        await editor.open("compose.yaml")
        told = len(editor.messages)
        for column in range(20):
            editor.type("compose.yaml", edit(0, 9 + column, 9 + column, " " if column else " #"))
        await editor.said("compose.yaml")
        assert len(editor.messages) == told + 1

    edited(tmp_path, work)


def test_a_request_that_is_given_up_or_overtaken_is_not_worked_on(tmp_path: Path) -> None:
    (tmp_path / "compose.yaml").write_text(PORTS)

    async def work(editor: Editor) -> None:
        await editor.start()
        await editor.open("compose.yaml")
        asked = {"textDocument": {"uri": editor.uri("compose.yaml")}, "range": area(4, 10)}
        answer = editor.sent("textDocument/codeAction", {**asked, "context": {"diagnostics": []}})
        editor.cancel()
        with pytest.raises(RuntimeError, match="-32800"):
            await answer
        answer = editor.sent("textDocument/codeAction", {**asked, "context": {"diagnostics": []}})
        await asyncio.sleep(0)
        editor.type("compose.yaml", edit(0, 0, 0, "#\n"))
        with pytest.raises(RuntimeError, match="-32801"):
            await answer

    edited(tmp_path, work)


def test_a_mistake_of_ours_tells_nothing_of_the_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "compose.yaml").write_text(WEB)

    async def work(editor: Editor) -> None:
        await editor.start()
        await editor.open("compose.yaml")

        def fail(*_: object) -> None:
            raise ValueError(SECRET)

        monkeypatch.setattr("dockerlint.lsp.requests.hover_at", fail)
        asked = {
            "textDocument": {"uri": editor.uri("compose.yaml")},
            "position": {"line": 3, "character": 18},
        }
        with pytest.raises(RuntimeError, match="internal error"):
            await editor.ask("textDocument/hover", asked)
        assert SECRET not in json.dumps(editor.messages)

    edited(tmp_path, work)


def test_a_client_that_says_goodbye_ends_the_server_with_zero_and_one_that_leaves_without_with_one() -> None:
    start = {
        "id": 1,
        "method": "initialize",
        "params": {"processId": None, "capabilities": {}, "rootUri": None},
    }
    shutdown, leave = {"id": 2, "method": "shutdown"}, {"method": "exit"}
    bodies = {
        "goodbye": [start, shutdown, leave],
        "exit": [start, leave],
        "closed input": [start],
        "closed output": [start],
    }
    servers = {how: Popen([*PROGRAM, "lsp"], stdin=PIPE, stdout=PIPE, stderr=PIPE) for how in bodies}
    for how, server in servers.items():
        assert server.stdin is not None
        assert server.stdout is not None
        if how == "closed output":
            server.stdout.close()
        for message in bodies[how]:
            body = json.dumps({"jsonrpc": "2.0", **message}).encode()
            server.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        if how == "closed input":  # in the middle of a message
            server.stdin.write(b"Content-Length: 100\r\n\r\n{")
            server.stdin.close()
        else:
            server.stdin.flush()
    for how, server in servers.items():
        assert (how, server.wait(120)) == (how, 0 if how == "goodbye" else 1)  # most with their input open
        assert server.stderr is not None
        assert server.stderr.read() == b""


def test_a_check_does_not_load_the_packages_of_the_server() -> None:
    code = "import sys; from dockerlint.cli import commands; print(not {'pygls', 'asyncio'} & {*sys.modules})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout == "True\n"
