"""An editor in this process: it speaks the protocol with the server, and makes edits as the protocol says."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

from dockerlint.held import HELD
from dockerlint.lsp.server import EditorServer

ABLE: dict[str, Any] = {
    "general": {"positionEncodings": ["utf-16"]},
    "workspace": {
        "workspaceEdit": {"documentChanges": True, "resourceOperations": ["create"]},
        "applyEdit": True,
    },
    "textDocument": {
        "publishDiagnostics": {"relatedInformation": True},
        "hover": {"contentFormat": ["markdown"]},
    },
}
"""What most clients can do."""
RESOLVING = {
    **ABLE,
    "textDocument": {
        "codeAction": {"dataSupport": True, "resolveSupport": {"properties": ["edit"]}},
    },
}
"""A client that asks for the edit of an action once somebody wants it."""


class Editor:
    """One client and its server."""

    def __init__(self, folder: Path, untrusted: bool = False) -> None:
        self.folder = folder
        self.server = EditorServer(untrusted)
        self.texts: dict[str, str] = {}
        """Of the open files by URI, as the editor has them."""
        self.versions: dict[str, int] = {}
        self.diagnostics: dict[str, list[dict[str, Any]]] = {}
        self.messages: list[dict[str, Any]] = []
        """All that the server has sent."""
        self.settings: Any = None
        """What it answers where it is asked for them."""
        self._protocol: Any = self.server.client.protocol
        self._protocol.set_writer(self)
        self._waiting: dict[int, asyncio.Future[Any]] = {}
        self._news = asyncio.Event()
        self._id = 0

    async def start(self, able: dict[str, Any] | None = None, **options: Any) -> Any:
        """Begin; gives what the server can do."""
        result = await self.ask(
            "initialize",
            {
                "processId": None,
                "rootUri": None,
                "capabilities": ABLE if able is None else able,
                "workspaceFolders": [{"uri": self.folder.as_uri(), "name": "it"}],
                "initializationOptions": options,
            },
        )
        self.tell("initialized", {})
        return result["capabilities"]

    async def open(self, name: str, text: str | None = None, language: str = "plain") -> list[dict[str, Any]]:
        """Open a file, and give what is said of it."""
        path = self.folder / name
        uri, text = path.as_uri(), path.read_bytes().decode() if text is None else text
        self.texts[uri], self.versions[uri] = text, 1
        document = {"uri": uri, "languageId": language, "version": 1, "text": text}
        self.tell("textDocument/didOpen", {"textDocument": document})
        return await self.said(name)

    async def change(self, name: str, *edits: dict[str, Any]) -> list[dict[str, Any]]:
        """Make edits one after another, and give what is said then."""
        self.type(name, *edits)
        return await self.said(name)

    def type(self, name: str, *edits: dict[str, Any]) -> None:
        """Make edits, and wait for nothing."""
        uri = self.uri(name)
        self.versions[uri] += 1
        for edit in edits:
            self.texts[uri] = applied(self.texts[uri], [edit]) if "range" in edit else edit["text"]
        changes = [{"text": one.get("newText", one.get("text")), **_range(one)} for one in edits]
        document = {"uri": uri, "version": self.versions[uri]}
        self.diagnostics.pop(uri, None)
        self.tell("textDocument/didChange", {"textDocument": document, "contentChanges": changes})

    async def said(self, name: str) -> list[dict[str, Any]]:
        """The diagnostics of a file, once they are there."""
        uri = self.uri(name)
        while uri not in self.diagnostics:
            self._news.clear()
            await asyncio.wait_for(self._news.wait(), 60)
        return self.diagnostics[uri]

    async def until(self, name: str, holds: Callable[[list[str]], bool]) -> None:
        """Wait until the rules that find something in a file are as expected."""
        while not holds([one.get("code", "") for one in self.diagnostics.get(self.uri(name), ())]):
            self._news.clear()
            await asyncio.wait_for(self._news.wait(), 60)

    async def actions(self, name: str, area: dict[str, Any], *only: str) -> list[dict[str, Any]]:
        """What can be done at a place."""
        context: dict[str, Any] = {"diagnostics": [], **({"only": list(only)} if only else {})}
        params = {"textDocument": {"uri": self.uri(name)}, "range": area, "context": context}
        return list(await self.ask("textDocument/codeAction", params))

    def take(self, edit: dict[str, Any]) -> dict[str, str]:
        """Make a whole edit, which must be about the texts as they are now; gives the files that it made."""
        made: dict[str, str] = {}
        if "changes" in edit:
            for uri, edits in edit["changes"].items():
                self.texts[uri] = applied(self.texts[uri], edits)
        for step in edit.get("documentChanges", ()):
            if step.get("kind") == "create":
                made[step["uri"]] = ""
                continue
            uri, version = step["textDocument"]["uri"], step["textDocument"]["version"]
            if uri in self.texts:
                assert version == self.versions[uri]
                self.texts[uri] = applied(self.texts[uri], step["edits"])
            else:
                made[uri] = applied(made.get(uri, ""), step["edits"])
        return {Path(uri).name: text for uri, text in made.items()}

    async def ask(self, method: str, params: Any) -> Any:
        """The answer to a request; raises RuntimeError for an error."""
        return await self.sent(method, params)

    def sent(self, method: str, params: Any) -> asyncio.Future[Any]:
        """A request on its way."""
        self._id += 1
        waiting = self._waiting[self._id] = asyncio.get_running_loop().create_future()
        self._hand_over({"id": self._id, "method": method, "params": params})
        return waiting

    def cancel(self) -> None:
        """Give up the last request."""
        self.tell("$/cancelRequest", {"id": self._id})

    def tell(self, method: str, params: Any) -> None:
        self._hand_over({"method": method, "params": params})

    def uri(self, name: str) -> str:
        return (self.folder / name).as_uri()

    def text(self, name: str) -> str:
        return self.texts[self.uri(name)]

    def _hand_over(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message})
        self._protocol.handle_message(json.loads(body, object_hook=self._protocol.structure_message))

    def write(self, data: bytes) -> None:
        """What the server sends."""
        message = json.loads(data.partition(b"\r\n\r\n")[2])
        self.messages.append(message)
        params = message.get("params") or {}
        if message.get("method") == "textDocument/publishDiagnostics":
            version, uri = params.get("version"), params["uri"]
            if version is None or version == self.versions.get(uri):
                self.diagnostics[uri] = params["diagnostics"]
        elif "method" in message and "id" in message:
            answer = self._answer(message["method"], params)
            loop = asyncio.get_running_loop()
            loop.call_soon(self._hand_over, {"id": message["id"], "result": answer})
        elif (waiting := self._waiting.pop(message.get("id"), None)) is not None:
            if "error" in message:
                waiting.set_exception(RuntimeError(json.dumps(message["error"])))
            else:
                waiting.set_result(message["result"])
        self._news.set()

    def _answer(self, method: str, params: Any) -> Any:
        if method == "workspace/configuration":
            return [self.settings for _ in params["items"]]
        if method == "workspace/applyEdit":
            self.take(params["edit"])
            return {"applied": True}
        return None

    def close(self) -> None:
        """The server uses the pipe no more."""


def edited(folder: Path, work: Callable[[Editor], Awaitable[None]], untrusted: bool = False) -> None:
    """Let an editor work in a folder."""

    async def run() -> None:
        editor = Editor(folder, untrusted)
        try:
            await work(editor)
        finally:
            for uri in list(editor.texts):
                editor.tell("textDocument/didClose", {"textDocument": {"uri": uri}})
        assert not HELD

    asyncio.run(run())


def area(line: int, start: int, end: int | None = None) -> dict[str, Any]:
    """A range in one line."""
    places = [{"line": line, "character": at} for at in (start, start if end is None else end)]
    return {"start": places[0], "end": places[1]}


def edit(line: int, start: int, end: int, text: str) -> dict[str, Any]:
    """An edit in one line."""
    return {"range": area(line, start, end), "newText": text}


def applied(text: str, edits: list[dict[str, Any]]) -> str:
    """A text with edits that all speak of the text as it was, in units of UTF-16."""
    units = text.encode("utf-16-le")
    starts = list(_line_starts(text))
    places = []
    for one in edits:
        span = [
            starts[min(at["line"], len(starts) - 1)] + 2 * at["character"]
            for at in (one["range"]["start"], one["range"]["end"])
        ]
        places.append((span, one["newText"].encode("utf-16-le")))
    for (start, end), new in sorted(places, key=lambda place: place[0], reverse=True):
        units = units[:start] + new + units[end:]
    return units.decode("utf-16-le")


def _line_starts(text: str) -> Iterator[int]:
    """Where lines start, in bytes of UTF-16."""
    yield 0
    at = 0
    for line in text.split("\n")[:-1]:
        at += len(line.encode("utf-16-le")) + 2
        yield at


def _range(one: dict[str, Any]) -> dict[str, Any]:
    return {"range": one["range"]} if "range" in one else {}
