"""When open texts are linted, and what their client is told of them."""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import Callable
from typing import Any, Final

from dockerlint.errors import UserError
from dockerlint.lsp.abilities import Abilities
from dockerlint.lsp.diagnostics import FileDiagnostics
from dockerlint.lsp.opened import OpenText
from dockerlint.lsp.session import EditorSession
from dockerlint.masking.mask import hide_alone
from dockerlint.report.results import FileReport

QUICK: Final = 0.25
"""Seconds; a text that is linted in less is linted for every key."""
LONGEST_PAUSE: Final = 0.3
"""Seconds that a slower text is waited for to come to rest, at most."""
AROUND: Final = 0.2
"""Seconds of rest until the other open texts are linted, which may rest on the changed one."""
LONGEST_WAIT: Final = 2.0
"""Seconds that a client has to say what its settings are, before texts are linted without them."""
_TURNS: Final = 3
"""Of the loop: what has arrived by then is read, told to the reader and obeyed."""

Publish = Callable[[str, "list[Any]", "int | None"], None]
"""Tells the diagnostics of a file by its URI, and of which version of it."""


async def arrived() -> None:
    """Let what the client has said so far be obeyed first."""
    for _ in range(_TURNS):
        await asyncio.sleep(0)


class Publisher:
    """Lints open texts once they rest, each when it has changed and those around it later."""

    def __init__(self, session: EditorSession, publish: Publish) -> None:
        self.abilities = Abilities()
        self._session = session
        self._publish = publish
        self._reports: dict[str, FileReport] = {}
        """Of the open texts as they are now, by URI."""
        self._told: dict[str, set[str]] = {}
        """The files that have diagnostics because of an open one, by its URI."""
        self._waiting: dict[str, asyncio.Task[None]] = {}
        self._pauses: dict[str, float] = {}
        self._gate = asyncio.Event()
        self._is_warm = False

    def open_gate(self, after: float = 0.0) -> None:
        """Lint from now on, because the settings are known, or after so many seconds in any case."""
        if after:
            asyncio.get_running_loop().call_later(after, self._gate.set)
        else:
            self._gate.set()

    def changed(self, one: OpenText) -> None:
        """Lint a text as soon as it rests, and then those that rest on it."""
        self._reports.pop(one.uri, None)
        self._lint_later(one.uri, self._pauses.get(one.uri, 0.0))
        for other in self._session.resting_on(one):
            self._reports.pop(other.uri, None)
            self._lint_later(other.uri, AROUND)

    def changed_around(self) -> None:
        """Lint all open texts, because of files that are none of them."""
        self._reports.clear()
        for uri in self._session.open:
            self._lint_later(uri, AROUND)

    def closed(self, uri: str) -> None:
        """Forget a text, and take back what was told because of it."""
        if (waiting := self._waiting.pop(uri, None)) is not None:
            waiting.cancel()
        self._reports.pop(uri, None)
        self._pauses.pop(uri, None)
        for told in self._told.pop(uri, ()):
            self._publish(told, [], None)

    def report(self, one: OpenText) -> FileReport | None:
        """What is found in a text as it is now; None for one that is not linted."""
        known = self._reports.get(one.uri)
        if known is not None:
            return known
        try:
            report = self._session.report(one)
        except UserError as error:
            report = FileReport(one.shown, obstacle=hide_alone(str(error)))
        if report is not None:
            self._reports[one.uri] = report
        return report

    def _lint_later(self, uri: str, pause: float) -> None:
        """Lint a text after a pause; what was to be linted before is not."""
        if (waiting := self._waiting.pop(uri, None)) is not None:
            waiting.cancel()
        self._waiting[uri] = asyncio.get_running_loop().create_task(self._lint(uri, pause))

    async def _lint(self, uri: str, pause: float) -> None:
        await asyncio.sleep(pause)
        await self._gate.wait()
        await arrived()
        del self._waiting[uri]
        one = self._session.open[uri]  # one that is closed is waited for no longer
        began = time.perf_counter()
        report = self.report(one)
        self._tell(one, {uri: []} if report is None else self._diagnostics(one, report))
        took = time.perf_counter() - began
        if not self._is_warm:
            self._is_warm = True
            gc.collect()
            gc.freeze()  # rules and facts stay, and need not be looked through between two keys
        self._pauses[uri] = 0.0 if took < QUICK else min(took / 2, LONGEST_PAUSE)

    def _diagnostics(self, one: OpenText, report: FileReport) -> dict[str, list[Any]]:
        return FileDiagnostics(self._session, one, report, self.abilities).by_uri()

    def _tell(self, one: OpenText, found: dict[str, list[Any]]) -> None:
        """Tell what is found; files that are open themselves are told of with their own findings."""
        elsewhere = {uri: told for uri, told in found.items() if uri not in self._session.open}
        for uri in self._told.get(one.uri, set()) - {*elsewhere, one.uri}:
            self._publish(uri, [], None)
        self._told[one.uri] = {one.uri, *elsewhere}
        for uri, told in elsewhere.items():
            self._publish(uri, told, None)
        self._publish(one.uri, found[one.uri], one.version)
