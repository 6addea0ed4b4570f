"""The language server, as a client sees it: the same findings and fixes as those of the command line."""

from __future__ import annotations

import asyncio
import json
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_lsp
from lsprotocol import types
from pytest_lsp import ClientServerConfig, LanguageClient

FIXTURES = Path(__file__).parent.parent / "fixtures"
PROGRAM = [sys.executable, "-m", "dockerlint"]
PORTS = 'services:\n  db:\n    image: postgres:17\n    ports:\n      - "5432:5432"\n'
COMPOSE = "services:\n  web:\n    image: nginx:1.27\n    privileged: true\n"


def capabilities(*encodings: str) -> types.ClientCapabilities:
    return types.ClientCapabilities(
        general=types.GeneralClientCapabilities(
            position_encodings=[types.PositionEncodingKind(one) for one in encodings] or None
        ),
        workspace=types.WorkspaceClientCapabilities(
            workspace_edit=types.WorkspaceEditClientCapabilities(
                document_changes=True, resource_operations=[types.ResourceOperationKind.Create]
            )
        ),
    )


async def begin(client: LanguageClient, folder: Path, *encodings: str, **settings: Any) -> None:
    await client.initialize_session(
        types.InitializeParams(
            capabilities=capabilities(*encodings),
            workspace_folders=[types.WorkspaceFolder(uri=folder.as_uri(), name="it")],
            initialization_options=settings,
        )
    )


@pytest_lsp.fixture(config=ClientServerConfig(server_command=[*PROGRAM, "lsp"]))  # type: ignore[misc]
async def client(lsp_client: LanguageClient) -> AsyncIterator[None]:
    yield
    await lsp_client.shutdown_session()


async def opened(client: LanguageClient, path: Path, text: str | None = None) -> list[types.Diagnostic]:
    """Open a file and wait for what is said of it."""
    item = types.TextDocumentItem(
        path.as_uri(), "plain", 1, path.read_text("utf-8") if text is None else text
    )
    client.text_document_did_open(types.DidOpenTextDocumentParams(item))
    return await told(client, path)


async def told(client: LanguageClient, path: Path) -> list[types.Diagnostic]:
    await asyncio.wait_for(client.wait_for_notification("textDocument/publishDiagnostics"), 60)
    while path.as_uri() not in client.diagnostics:
        await asyncio.wait_for(client.wait_for_notification("textDocument/publishDiagnostics"), 60)
    return list(client.diagnostics[path.as_uri()])


def change(client: LanguageClient, path: Path, version: int, *edits: types.TextEdit) -> None:
    client.text_document_did_change(
        types.DidChangeTextDocumentParams(
            types.VersionedTextDocumentIdentifier(version, path.as_uri()),
            [types.TextDocumentContentChangePartial(one.range, one.new_text) for one in edits],
        )
    )


async def actions_at(
    client: LanguageClient,
    path: Path,
    area: types.Range,
    kind: types.CodeActionKind = types.CodeActionKind.QuickFix,
) -> list[types.CodeAction]:
    context = types.CodeActionContext([], [kind])
    params = types.CodeActionParams(types.TextDocumentIdentifier(path.as_uri()), area, context)
    return list(await client.text_document_code_action_async(params) or [])  # type: ignore[arg-type]


def span(line: int, start: int, end: int) -> types.Range:
    return types.Range(types.Position(line, start), types.Position(line, end))


def checked(path: Path) -> list[tuple[str, int, int]]:
    """What the command line finds in a file, by rule, line and column."""
    done = subprocess.run([*PROGRAM, "check", str(path), "--format", "json"], capture_output=True, text=True)
    findings = json.loads(done.stdout)["findings"]
    return sorted((one["rule"], one["line"], one["column"]) for one in findings)


def applied(text: str, edits: list[types.TextEdit]) -> str:
    """A text of plain characters with edits as a client makes them."""
    lines = [0]
    for line in text.split("\n"):
        lines.append(lines[-1] + len(line) + 1)
    for one in sorted(edits, key=lambda one: (one.range.start.line, one.range.start.character), reverse=True):
        start = lines[one.range.start.line] + one.range.start.character
        end = lines[one.range.end.line] + one.range.end.character
        text = text[:start] + one.new_text + text[end:]
    return text


def edits_for(action: types.CodeAction, path: Path) -> list[types.TextEdit]:
    assert action.edit is not None
    return [
        edit
        for one in action.edit.document_changes or []
        if isinstance(one, types.TextDocumentEdit) and one.text_document.uri == path.as_uri()
        for edit in one.edits  # type: ignore[misc]
    ]


@pytest.mark.asyncio
async def test_every_fixture_gets_the_findings_of_the_command_line(
    client: LanguageClient, tmp_path: Path
) -> None:
    folder = tmp_path / "it"
    shutil.copytree(FIXTURES / "dockerfile", folder)
    shutil.copy(FIXTURES / "compose/odd-names.yaml", folder / "compose.yaml")
    await begin(client, folder, "utf-32")
    compared = 0
    for path in sorted(folder.iterdir()):
        said = await opened(client, path, path.read_bytes().decode("utf-8-sig"))
        found = [(one.code, one.range.start.line + 1, one.range.start.character + 1) for one in said]
        assert sorted(one for one in found if one[0]) == checked(path), path.name
        compared += len(found)
    assert compared > 10


@pytest.mark.asyncio
async def test_an_edit_changes_the_findings_and_the_fix_of_one_is_what_fix_writes(
    client: LanguageClient, tmp_path: Path
) -> None:
    path = tmp_path / "compose.yaml"
    path.write_text(PORTS)
    await begin(client, tmp_path)
    said = await opened(client, path)
    assert "DK231" in [one.code for one in said]
    found = next(one for one in said if one.code == "DK231")
    actions = await actions_at(client, path, found.range)
    fixing = next(one for one in actions if one.diagnostics and one.diagnostics[0].code == "DK231")
    assert fixing.title.endswith(" [harden]")
    subprocess.run([*PROGRAM, "fix", "--harden", "--select", "DK231", path], check=False, capture_output=True)
    assert applied(PORTS, edits_for(fixing, path)) == path.read_text() != PORTS
    client.diagnostics.clear()
    change(client, path, 2, *edits_for(fixing, path))
    assert "DK231" not in [one.code for one in await told(client, path)]


@pytest.mark.asyncio
async def test_fixing_all_writes_what_fix_writes(client: LanguageClient, tmp_path: Path) -> None:
    path = tmp_path / "Dockerfile"
    text = "FROM debian:12.5\nRUN apt-get update && apt-get install curl\nMAINTAINER me\n"
    path.write_text(text)
    await begin(client, tmp_path)
    await opened(client, path)
    (action,) = await actions_at(client, path, span(0, 0, 0), types.CodeActionKind.SourceFixAll)
    subprocess.run([*PROGRAM, "fix", path], check=False, capture_output=True)
    assert applied(text, edits_for(action, path)) == path.read_text() != text


@pytest.mark.asyncio
async def test_places_count_in_the_units_that_the_client_asks_for(
    client: LanguageClient, tmp_path: Path
) -> None:
    path = tmp_path / "compose.yaml"
    path.write_text("services:\n  web: {x-𝄞é: 1, image: nginx:1.27, privileged: true}\n")
    await begin(client, tmp_path, "utf-8")
    said = await opened(client, path)
    line = path.read_bytes().split(b"\n")[1]
    assert line.index(b"privileged") <= starts(said, "DK200")[0] <= line.index(b"true")


@pytest.mark.asyncio
async def test_a_text_that_is_not_saved_counts_for_the_files_around_it(
    client: LanguageClient, tmp_path: Path
) -> None:
    base, override = tmp_path / "compose.yaml", tmp_path / "compose.override.yaml"
    base.write_text("services:\n  web:\n    image: nginx:1.27\n")
    override.write_text("services:\n  web:\n    environment: {A: b}\n")
    await begin(client, tmp_path)
    await opened(client, base)
    said = await opened(client, override, "services:\n  web:\n    privileged: true\n")
    found = next(one for one in said if one.code == "DK200")
    assert [one.location.uri for one in found.related_information or []] == [base.as_uri(), override.as_uri()]
    assert override.read_text().endswith("{A: b}\n")


@pytest.mark.asyncio
async def test_a_secret_is_in_no_message_and_no_title(client: LanguageClient, tmp_path: Path) -> None:
    secret = "ghp_" + "a1B2" * 9
    path = tmp_path / "Dockerfile"
    path.write_text(f"FROM node:22\nENV TOKEN={secret}\nUSER node\n")
    await begin(client, tmp_path)
    said = await opened(client, path)
    assert said
    actions = await actions_at(client, path, span(0, 0, 3))
    assert secret not in "".join([*(one.message for one in said), *(one.title for one in actions)])


@pytest.mark.asyncio
async def test_a_config_of_an_untrusted_folder_hides_nothing(client: LanguageClient, tmp_path: Path) -> None:
    (tmp_path / ".dockerlint.yaml").write_text("ignore: [DK200]\n")
    path = tmp_path / "compose.yaml"
    path.write_text(COMPOSE)
    await begin(client, tmp_path, untrusted=True)
    assert "DK200" in [one.code for one in await opened(client, path)]


def starts(said: list[types.Diagnostic], rule: str) -> list[int]:
    return [one.range.start.character for one in said if one.code == rule]


def test_a_client_that_says_goodbye_ends_the_server_with_zero_and_one_that_leaves_without_with_one() -> None:
    for messages, code in ((("shutdown", "exit"), 0), (("exit",), 1)):
        process = subprocess.Popen(
            [*PROGRAM, "lsp", "--stdio"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        assert process.stdin is not None
        start = {
            "id": 1,
            "method": "initialize",
            "params": {"processId": None, "capabilities": {}, "rootUri": None},
        }
        for message in (
            start,
            *({"method": name, **({"id": 2} if name == "shutdown" else {})} for name in messages),
        ):
            body = json.dumps({"jsonrpc": "2.0", **message}).encode()
            process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
            process.stdin.flush()
        assert process.wait(60) == code  # with its input open


def test_a_check_does_not_load_the_packages_of_the_server() -> None:
    code = "import sys; from dockerlint.cli import commands; print(not {'pygls', 'asyncio'} & {*sys.modules})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout == "True\n"
