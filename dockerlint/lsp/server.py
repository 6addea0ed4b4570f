"""`dockerlint lsp`: the Language Server Protocol on standard input and output.

The texts are kept here and not by pygls, which lets more end a line than the protocol does. Nothing of a
workspace is run, no network is used, and no text reaches a log.
"""

from __future__ import annotations

import asyncio
import contextlib
import inspect
import logging
import os
import signal
import threading
from collections.abc import Callable
from typing import Any, Final

from lsprotocol import types
from pygls.exceptions import JsonRpcException, JsonRpcInternalError
from pygls.io_ import run_async
from pygls.lsp.server import LanguageServer
from pygls.uris import to_fs_path

from dockerlint import __version__
from dockerlint.errors import UserError
from dockerlint.lsp.abilities import Abilities, abilities_of
from dockerlint.lsp.actions import ALL, ALL_HARDENING
from dockerlint.lsp.lenses import HARDEN_COMMAND
from dockerlint.lsp.opened import OpenText
from dockerlint.lsp.publishing import LONGEST_WAIT, Publisher
from dockerlint.lsp.requests import Requests, tell
from dockerlint.lsp.session import EditorSession
from dockerlint.lsp.settings import NO_SETTINGS, read_settings
from dockerlint.lsp.transport import ClientPipe, leave, standard_input
from dockerlint.lsp.watched import RENEWING, registration
from dockerlint.run.file import internal_error

SECTION: Final = "dockerlint"
"""What the settings are called in those of the editor."""
DO_COMMAND: Final = "dockerlint.do"
"""Does any deed."""
_KEPT_HERE: Final = (
    types.TEXT_DOCUMENT_DID_OPEN,
    types.TEXT_DOCUMENT_DID_CHANGE,
    types.TEXT_DOCUMENT_DID_CLOSE,
)


class _QuietServer(LanguageServer):  # type: ignore[misc]
    """Tells of errors in its answers alone, and not in a window of the editor."""

    def report_server_error(self, error: Exception, source: Any) -> None: ...


class EditorServer:
    """Answers one client."""

    def __init__(self, is_untrusted: bool) -> None:
        self.client = _QuietServer("dockerlint", __version__)
        self.session = EditorSession()
        self.publisher = Publisher(self.session, self._publish)
        self.requests = Requests(self.client, self.session, self.publisher)
        self._is_untrusted = is_untrusted
        self._first_settings = NO_SETTINGS
        """Those that the client started with, which later ones change."""
        self._has_shut_down = False
        for method, answer in self._answers().items():
            self.client.feature(method, _OPTIONS.get(method))(_guarded(answer))
        for command in (HARDEN_COMMAND, DO_COMMAND):
            self.client.command(command)(_guarded(self.requests.do))
        for method in _KEPT_HERE:  # pygls would change texts of its own first
            del self.client.protocol.fm.builtin_features[method]

    @property
    def abilities(self) -> Abilities:
        """What the client can do."""
        return self.publisher.abilities

    def _answers(self) -> dict[str, Any]:
        return {
            types.INITIALIZE: self._initialize,
            types.INITIALIZED: self._initialized,
            types.TEXT_DOCUMENT_DID_OPEN: self._opened,
            types.TEXT_DOCUMENT_DID_CHANGE: self._changed,
            types.TEXT_DOCUMENT_DID_SAVE: self._saved,
            types.TEXT_DOCUMENT_DID_CLOSE: self._closed,
            types.WORKSPACE_DID_CHANGE_WATCHED_FILES: self._files_changed,
            types.WORKSPACE_DID_CHANGE_CONFIGURATION: self._settings_changed,
            types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS: self._folders_changed,
            types.TEXT_DOCUMENT_CODE_ACTION: self.requests.actions,
            types.CODE_ACTION_RESOLVE: self.requests.resolved,
            types.TEXT_DOCUMENT_CODE_LENS: self.requests.lenses,
            types.TEXT_DOCUMENT_HOVER: self.requests.hover,
            types.SHUTDOWN: self._shut_down,
            types.EXIT: self._exit,
        }

    def _initialize(self, params: Any) -> None:
        folders = [one.uri for one in params.workspace_folders or ()] or [params.root_uri]
        self.session.folders = tuple(filter(None, (to_fs_path(uri) for uri in folders if uri)))
        self.publisher.abilities = abilities_of(params.capabilities)
        self.session.is_told = self.abilities.watches_files
        self._take_settings(params.initialization_options)
        self._first_settings = self.session.settings
        self._is_untrusted = self._first_settings.is_untrusted
        self.publisher.open_gate(LONGEST_WAIT if self.abilities.gives_settings else 0.0)

    async def _initialized(self, params: Any) -> None:
        if self.abilities.watches_files:
            self.client.client_register_capability(registration())
        await self._ask_settings()
        self.publisher.open_gate()

    async def _ask_settings(self) -> None:
        """Take the settings of the editor, where they can be asked for."""
        if not self.abilities.gives_settings:
            return
        wanted = types.ConfigurationParams([types.ConfigurationItem(section=SECTION)])
        asked = self.client.workspace_configuration_async(wanted)
        try:
            said = await asked
        except JsonRpcException:  # a client that cannot, though it said so
            return
        if said and said[0] is not None:
            self._take_settings(said[0])

    def _take_settings(self, data: object) -> None:
        try:
            settings = read_settings(data, self._is_untrusted, self._first_settings)
        except UserError as error:
            tell(self.client, str(error))
        else:
            self.session.renew(settings)

    async def _settings_changed(self, params: Any) -> None:
        if self.abilities.gives_settings:
            await self._ask_settings()
        elif isinstance(said := params.settings, dict):
            self._take_settings(said.get(SECTION, said))
        self.publisher.changed_around()

    def _folders_changed(self, params: Any) -> None:
        gone = {to_fs_path(one.uri) for one in params.event.removed}
        come = [to_fs_path(one.uri) for one in params.event.added]
        kept = [one for one in self.session.folders if one not in gone]
        self.session.folders = tuple(dict.fromkeys(filter(None, (*kept, *come))))
        self.session.renew()
        self.publisher.changed_around()

    def _opened(self, params: Any) -> None:
        document = params.text_document
        path = to_fs_path(document.uri) if document.uri.startswith("file:") else None
        one = OpenText(
            document.uri,
            os.path.abspath(path) if path else "",
            document.language_id,
            document.text,
            self.abilities.encoding,
            document.version,
        )
        self.session.opened(one)
        self.publisher.changed(one)

    def _changed(self, params: Any) -> None:
        one = self.session.open.get(params.text_document.uri)
        if one is None:
            return
        for change in params.content_changes:
            area = getattr(change, "range", None)
            points = area and tuple((point.line, point.character) for point in (area.start, area.end))
            one.replace(points, change.text)
        one.version = params.text_document.version
        self.session.changed(one)
        self.publisher.changed(one)

    def _saved(self, params: Any) -> None:
        self._read_anew([params.text_document.uri])

    def _files_changed(self, params: Any) -> None:
        self._read_anew([change.uri for change in params.changes])

    def _read_anew(self, uris: list[str]) -> None:
        """These files are others now."""
        if RENEWING.isdisjoint(os.path.basename(uri) for uri in uris):
            self.session.forget()
        else:
            self.session.renew()
        self.publisher.changed_around()

    def _closed(self, params: Any) -> None:
        uri = params.text_document.uri
        self.session.closed(uri)
        self.publisher.closed(uri)
        self.publisher.changed_around()

    def _publish(self, uri: str, diagnostics: list[Any], version: int | None) -> None:
        params = types.PublishDiagnosticsParams(uri, diagnostics, version)
        self.client.text_document_publish_diagnostics(params)

    def _shut_down(self, params: Any) -> None:
        self._has_shut_down = True

    def _exit(self, params: Any) -> None:
        leave(0 if self._has_shut_down else 1)


def _guarded(answer: Callable[..., Any]) -> Callable[..., Any]:
    """The same, with nothing of a text in what a client is told of a mistake of ours."""

    def told(error: Exception) -> JsonRpcException:
        return error if isinstance(error, JsonRpcException) else JsonRpcInternalError(internal_error(error))

    def answered(*params: Any) -> Any:
        try:
            return answer(*params)
        except Exception as error:
            raise told(error) from None

    async def answered_later(*params: Any) -> Any:
        try:
            return await answer(*params)
        except Exception as error:
            raise told(error) from None

    given = answered_later if inspect.iscoroutinefunction(answer) else answered
    given.__annotations__ = {}  # pygls asks which classes they name, and before Python 3.11 `Any` is none
    return given


_OPTIONS: Final[dict[str, Any]] = {
    types.TEXT_DOCUMENT_DID_SAVE: types.SaveOptions(include_text=False),
    types.TEXT_DOCUMENT_CODE_ACTION: types.CodeActionOptions(
        [types.CodeActionKind.QuickFix, ALL, ALL_HARDENING], resolve_provider=True
    ),
    types.TEXT_DOCUMENT_CODE_LENS: types.CodeLensOptions(resolve_provider=False),
}


async def _answer(server: EditorServer) -> None:
    """Answer a client until it closes the input."""
    protocol = server.client.protocol
    protocol.set_writer(ClientPipe())
    await run_async(threading.Event(), await standard_input(), protocol)


def serve(is_untrusted: bool) -> int:
    """Answer a client until it leaves; returns the exit code.

    Signals end the process as they do by default: nothing is ever half written.
    """
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_DFL)
    logging.disable(logging.CRITICAL)
    with contextlib.suppress(asyncio.IncompleteReadError):  # it has gone in the middle of a message
        asyncio.run(_answer(EditorServer(is_untrusted)))
    leave(1)
