"""`dockerlint lsp`: the Language Server Protocol on standard input and output.

The texts are kept here and not by pygls, which lets more end a line than the protocol does. Nothing is run,
no network is used, and no text reaches a log.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import sys
import time
from functools import partial
from typing import Any, Final

from lsprotocol import types
from pygls.lsp.server import LanguageServer
from pygls.uris import to_fs_path

from dockerlint import __version__
from dockerlint.errors import UserError
from dockerlint.lsp.actions import FixActions
from dockerlint.lsp.diagnostics import FileDiagnostics
from dockerlint.lsp.opened import OpenText
from dockerlint.lsp.session import EditorSession
from dockerlint.lsp.settings import read_settings
from dockerlint.masking.mask import hide_alone
from dockerlint.report.results import FileReport

LONGEST_PAUSE: Final = 0.3
"""Seconds that a text is waited for to come to rest, at most."""
SHORTEST_PAUSE: Final = 0.001
AROUND: Final = 0.2
"""Seconds of rest until the other open texts are linted, which may rest on the changed one."""


class EditorServer:
    """Answers one client."""

    def __init__(self, is_untrusted: bool) -> None:
        self.client = LanguageServer("dockerlint", __version__)
        self.session = EditorSession()
        self._is_untrusted = is_untrusted
        self._encoding = "utf-16"
        self._makes_files = False
        self._reports: dict[str, FileReport] = {}
        """Of the open texts as they are now, by URI."""
        self._told: dict[str, set[str]] = {}
        """The files that have diagnostics because of an open one, by its URI."""
        self._waiting: dict[str, asyncio.TimerHandle] = {}
        self._pause = SHORTEST_PAUSE
        self._has_shut_down = False
        for name, answer in self._answers().items():
            options = _OPTIONS.get(name)
            self.client.feature(name, options)(partial(answer))

    def _answers(self) -> dict[str, Any]:
        return {
            types.INITIALIZE: self._initialize,
            types.TEXT_DOCUMENT_DID_OPEN: self._opened,
            types.TEXT_DOCUMENT_DID_CHANGE: self._changed,
            types.TEXT_DOCUMENT_DID_SAVE: self._saved,
            types.TEXT_DOCUMENT_DID_CLOSE: self._closed,
            types.WORKSPACE_DID_CHANGE_WATCHED_FILES: self._files_changed,
            types.TEXT_DOCUMENT_CODE_ACTION: self._actions,
            types.SHUTDOWN: self._shut_down,
            types.EXIT: self._exit,
        }

    def _initialize(self, params: Any) -> None:
        capabilities = params.capabilities
        folders = [one.uri for one in params.workspace_folders or ()] or [params.root_uri]
        self.session.folders = tuple(filter(None, (to_fs_path(uri) for uri in folders if uri)))
        self._encoding = self._chosen_encoding(capabilities)
        edits = getattr(capabilities.workspace, "workspace_edit", None)
        self._makes_files = bool(
            edits and edits.document_changes and "create" in (edits.resource_operations or ())
        )
        self._take_settings(params.initialization_options)

    def _chosen_encoding(self, capabilities: Any) -> str:
        """The first that the client offers, as pygls tells it; UTF-16 where it offers none."""
        offered = getattr(capabilities.general, "position_encodings", None) or ()
        known = ("utf-8", "utf-16", "utf-32")
        return next((str(getattr(one, "value", one)) for one in offered if one in known), "utf-16")

    def _take_settings(self, data: object) -> None:
        try:
            self.session.renew(read_settings(data, self._is_untrusted))
        except UserError as error:
            self._tell(str(error))

    def _opened(self, params: Any) -> None:
        document = params.text_document
        path = to_fs_path(document.uri) if document.uri.startswith("file:") else None
        one = OpenText(
            document.uri,
            os.path.abspath(path) if path else "",
            document.language_id,
            document.text,
            self._encoding,
            document.version,
        )
        self.session.opened(one)
        self._lint_soon(one.uri)

    def _changed(self, params: Any) -> None:
        one = self.session.open.get(params.text_document.uri)
        if one is None:
            return
        for change in params.content_changes:
            area = getattr(change, "range", None)
            points = area and tuple((point.line, point.character) for point in (area.start, area.end))
            one.replace(points, change.text)
        one.version = params.text_document.version
        self.session.opened(one)
        self._lint_soon(one.uri)

    def _saved(self, params: Any) -> None:
        self._read_anew(os.path.basename(params.text_document.uri))

    def _files_changed(self, params: Any) -> None:
        for change in params.changes:
            self._read_anew(os.path.basename(change.uri))

    def _read_anew(self, name: str) -> None:
        """A file of this name is another one now."""
        if name in _RENEWING:
            self.session.renew()
        else:
            self.session.forget()
        for uri in self.session.open:
            self._lint_later(uri, self._pause)

    def _closed(self, params: Any) -> None:
        uri = params.text_document.uri
        if (waiting := self._waiting.pop(uri, None)) is not None:
            waiting.cancel()
        self.session.closed(uri)
        self._reports.pop(uri, None)
        for told in self._told.pop(uri, ()):
            self._publish(told, [])

    def _lint_soon(self, uri: str) -> None:
        """Lint a text once it rests, the sooner the quicker that is, and then those around it."""
        self._reports.pop(uri, None)
        self._lint_later(uri, self._pause)
        for other in self.session.open:
            if other != uri:
                self._lint_later(other, AROUND)

    def _lint_later(self, uri: str, pause: float) -> None:
        """Lint a text after a pause; what was to be linted before is not."""
        if (waiting := self._waiting.pop(uri, None)) is not None:
            waiting.cancel()
        self._waiting[uri] = asyncio.get_running_loop().call_later(pause, self._lint, uri)

    def _lint(self, uri: str) -> None:
        self._waiting.pop(uri, None)
        one = self.session.open.get(uri)
        if one is None:
            return
        began = time.perf_counter()
        report = self._report(one)
        found = FileDiagnostics(self.session, one, report).by_uri() if report else {uri: []}
        elsewhere = {other: told for other, told in found.items() if other not in self.session.open}
        for other in self._told.get(uri, set()) - {*elsewhere, uri}:
            self._publish(other, [])
        self._told[uri] = {uri, *elsewhere}
        for other, told in elsewhere.items():
            self._publish(other, told)
        self._publish(uri, found[uri], one.version)
        self._pause = min(max((time.perf_counter() - began) / 2, SHORTEST_PAUSE), LONGEST_PAUSE)

    def _report(self, one: OpenText) -> FileReport | None:
        """What is found in a text as it is now; None for one that is not linted."""
        try:
            report = self.session.report(one)
        except UserError as error:
            report = FileReport(one.shown, obstacle=hide_alone(str(error)))
        if report is not None:
            self._reports[one.uri] = report
        return report

    def _actions(self, params: Any) -> list[Any]:
        one = self.session.open.get(params.text_document.uri)
        only = params.context.only
        if one is None:
            return []
        report = self._reports.get(one.uri) or self._report(one)
        if report is None:
            return []
        area, lead = params.range, one.lead
        start, end = (one.points.offset(at.line, at.character) - lead for at in (area.start, area.end))
        fixes = FixActions(self.session, one, report, self._makes_files)
        quick = fixes.between(start, end) if _asks(only, types.CodeActionKind.QuickFix) else ()
        return [
            *quick,
            *(fixes.everywhere() if only and _asks(only, types.CodeActionKind.SourceFixAll) else ()),
        ]

    def _publish(self, uri: str, diagnostics: list[Any], version: int | None = None) -> None:
        params = types.PublishDiagnosticsParams(uri, diagnostics, version)
        self.client.text_document_publish_diagnostics(params)

    def _tell(self, message: str) -> None:
        params = types.ShowMessageParams(types.MessageType.Error, f"dockerlint: {hide_alone(message)}")
        self.client.window_show_message(params)

    def _shut_down(self, params: Any) -> None:
        self._has_shut_down = True

    def _exit(self, params: Any) -> None:
        """End at once: a thread of pygls still waits for input, which nobody may close."""
        with contextlib.suppress(OSError):
            sys.stdout.flush()
        os._exit(0 if self._has_shut_down else 1)


def _asks(only: Any, kind: Any) -> bool:
    """Whether a client asks for a kind of action: by its name, by the beginning of it, or for all."""
    asked = (str(getattr(one, "value", one)) for one in only or ("",))
    return any(f"{kind.value}.".startswith(f"{one}." if one else "") for one in asked)


_RENEWING: Final = frozenset(
    (".dockerlint.yaml", ".dockerlint.yml", "pyproject.toml", "dockerlint.lock", ".dockerlint")
)
"""Files that say what is linted and how."""
_OPTIONS: Final[dict[str, Any]] = {
    types.TEXT_DOCUMENT_DID_SAVE: types.SaveOptions(include_text=False),
    types.TEXT_DOCUMENT_CODE_ACTION: types.CodeActionOptions(
        [types.CodeActionKind.QuickFix, types.CodeActionKind.SourceFixAll]
    ),
}


def serve(is_untrusted: bool) -> int:
    """Answer a client until it leaves; returns the exit code.

    Signals end the process as they do by default: nothing is ever half written.
    """
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_DFL)
    logging.disable(logging.CRITICAL)
    EditorServer(is_untrusted).client.start_io()
    return 0
