"""The server as a process, with a client that another project made (pytest-lsp)."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_lsp
from lsprotocol import types
from pytest_lsp import ClientServerConfig, LanguageClient

PORTS = 'services:\n  db:\n    image: postgres:17\n    ports:\n      - "5432:5432"\n'


@pytest_lsp.fixture(  # type: ignore[misc]
    config=ClientServerConfig(server_command=[sys.executable, "-m", "dockerlint", "lsp"])
)
async def client(lsp_client: LanguageClient) -> AsyncIterator[None]:
    lsp_client.feature(types.CLIENT_REGISTER_CAPABILITY)(lambda params: None)
    yield
    await lsp_client.shutdown_session()


@pytest.mark.asyncio
async def test_a_client_sees_a_finding_asks_what_it_is_and_fixes_it(
    client: LanguageClient, tmp_path: Path
) -> None:
    capabilities = pytest_lsp.client_capabilities("visual-studio-code")
    folder = types.WorkspaceFolder(uri=tmp_path.as_uri(), name="it")
    await client.initialize_session(
        types.InitializeParams(capabilities=capabilities, workspace_folders=[folder])
    )
    uri = (tmp_path / "compose.yaml").as_uri()
    item = types.TextDocumentItem(uri, "dockercompose", 1, PORTS)
    client.text_document_did_open(types.DidOpenTextDocumentParams(item))
    await client.wait_for_notification("textDocument/publishDiagnostics")
    found = next(one for one in client.diagnostics[uri] if one.code == "DK231")
    document = types.TextDocumentIdentifier(uri)
    place = found.range.start
    shown = await client.text_document_hover_async(types.HoverParams(document, place))
    assert shown is not None
    assert "DK231" in shown.contents.value  # type: ignore[union-attr]
    context = types.CodeActionContext([found], [types.CodeActionKind.QuickFix])
    asked = types.CodeActionParams(document, found.range, context)
    offered = await client.text_document_code_action_async(asked)
    fix = await client.code_action_resolve_async(offered[0])  # type: ignore[index, arg-type]
    (step,) = fix.edit.document_changes  # type: ignore[union-attr, misc]
    (edit,) = step.edits  # type: ignore[union-attr]
    change = types.TextDocumentContentChangePartial(edit.range, edit.new_text)  # type: ignore[union-attr]
    identifier = types.VersionedTextDocumentIdentifier(2, uri)
    client.text_document_did_change(types.DidChangeTextDocumentParams(identifier, [change]))
    await client.wait_for_notification("textDocument/publishDiagnostics")
    assert "DK231" not in [one.code for one in client.diagnostics[uri]]
