"""What a client asks about an open text: what can be done, what is known of a place, to do something."""

from __future__ import annotations

import asyncio
from typing import Any

from lsprotocol import types
from pygls.exceptions import JsonRpcContentModified, JsonRpcInvalidParams
from pygls.lsp.server import LanguageServer

from dockerlint.lsp.actions import ALL, ALL_HARDENING, CodeActions
from dockerlint.lsp.deeds import Deed
from dockerlint.lsp.hover import hover_at
from dockerlint.lsp.lenses import lenses
from dockerlint.lsp.opened import OpenText
from dockerlint.lsp.publishing import Publisher, arrived
from dockerlint.lsp.session import EditorSession
from dockerlint.masking.mask import hide_alone
from dockerlint.report.results import FileReport


def tell(client: LanguageServer, message: str, kind: Any = types.MessageType.Error) -> None:
    """Show the user a message."""
    client.window_show_message(types.ShowMessageParams(kind, f"dockerlint: {hide_alone(message)}"))


class Requests:
    """Answers them."""

    def __init__(self, client: LanguageServer, session: EditorSession, publisher: Publisher) -> None:
        self._client = client
        self._session = session
        self._publisher = publisher

    async def _report(self, uri: str) -> tuple[OpenText, FileReport] | None:
        """A text with what is found in it, once all that has arrived is obeyed; None for no text of ours.

        Raises JsonRpcContentModified where it has changed meanwhile: who asked has another text before them.
        """
        one = self._session.open.get(uri)
        version = one and one.version
        await arrived()
        if one is None or self._session.open.get(uri) is not one:
            return None
        if one.version != version:
            raise JsonRpcContentModified("the text has changed")
        report = self._publisher.report(one)
        return None if report is None or report.obstacle else (one, report)

    async def actions(self, params: Any) -> list[Any]:
        """What can be done at a place."""
        found = await self._report(params.text_document.uri)
        if found is None:
            return []
        one, report = found
        actions = CodeActions(self._session, one, report, self._publisher.abilities)
        only = params.context.only
        points = (params.range.start, params.range.end)
        start, end = (one.points.offset(at.line, at.character) - one.lead for at in points)
        offered = []
        if _asks(only, types.CodeActionKind.QuickFix.value):
            for action in actions.between(start, end):
                offered.append(action)
                await asyncio.sleep(0)  # here a request ends that is given up
        if only or self._publisher.abilities.asks_for_edits:
            offered += actions.everywhere(tuple(one for one in (ALL, ALL_HARDENING) if _asks(only, one)))
        return offered

    async def resolved(self, action: Any) -> Any:
        """An action with its edit."""
        try:
            action.edit = await self._edit(Deed.of_data(action.data))
        except ValueError as error:
            raise JsonRpcInvalidParams(str(error)) from error
        if action.edit is None:
            tell(
                self._client,
                f"{action.title}: it was tried and cannot be done here",
                types.MessageType.Warning,
            )
        return action

    async def do(self, *arguments: Any) -> bool:
        """Do what a command says; whether it was done."""
        try:
            edit = await self._edit(Deed.of_data(arguments[0] if arguments else None))
        except ValueError as error:
            raise JsonRpcInvalidParams(str(error)) from error
        if edit is None:
            tell(self._client, "it was tried and cannot be done here", types.MessageType.Warning)
            return False
        done = await self._client.workspace_apply_edit_async(
            types.ApplyWorkspaceEditParams(edit, "dockerlint")
        )
        return bool(done.applied)

    async def _edit(self, deed: Deed) -> Any:
        found = await self._report(deed.uri)
        if found is None:
            return None
        one, report = found
        if deed.version is not None and deed.version != one.version:
            raise JsonRpcContentModified("the text has changed")
        return CodeActions(self._session, one, report, self._publisher.abilities).edit_for(deed)

    async def lenses(self, params: Any) -> list[Any]:
        """What stands above services and stages."""
        found = await self._report(params.text_document.uri)
        if found is None:
            return []
        one, report = found
        return list(lenses(one, report, self._session.document(one, report.kind)))

    async def hover(self, params: Any) -> Any:
        """What is known of a place."""
        found = await self._report(params.text_document.uri)
        if found is None:
            return None
        one, report = found
        offset = one.points.offset(params.position.line, params.position.character) - one.lead
        document = self._session.document(one, report.kind)
        return hover_at(one, report, document, offset, self._publisher.abilities.shows_markdown)


def _asks(only: Any, kind: str) -> bool:
    """Whether a client asks for a kind of action: by its name, by the beginning of it, or for all."""
    asked = (str(getattr(one, "value", one)) for one in only or ("",))
    return any(f"{kind}.".startswith(f"{one}." if one else "") for one in asked)
