#!/usr/bin/env python3
"""How long an editor waits: from an edit to the diagnostics of it, and what the server holds in memory.

usage: editor.py [--edits N] [--server 'COMMAND']

A Dockerfile and a Compose file of 300 lines, with the files of their project around them, are typed in key
by key. Beside each time stands that of the judging alone, in a warm process and for the same texts. Exit
status 1 when a budget is missed.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from dockerlint.run.check import Options, linter_for
from dockerlint.workspace.discovery import Candidate

STAGE = """\
# Part {number}: its tools, its packages, its build.
FROM node:22-bookworm-slim AS build{number}

ARG REVISION=main
ARG MIRROR=https://registry.example.org

ENV NODE_ENV=production \\
    LOG_LEVEL=info \\
    LANG=C.UTF-8 \\
    NPM_CONFIG_FUND=false \\
    NPM_CONFIG_AUDIT=false

# What the native modules are compiled with.
RUN apt-get update && \\
    apt-get install -y --no-install-recommends \\
        build-essential \\
        ca-certificates \\
        curl \\
        git \\
        libcairo2-dev \\
        libgif-dev \\
        libjpeg-dev \\
        libpango1.0-dev \\
        librsvg2-dev \\
        pkg-config \\
        python3 \\
    && rm -rf /var/lib/apt/lists/*

WORKDIR /src/part{number}

# The packages change more seldom than the sources.
COPY package.json package-lock.json .npmrc ./
RUN --mount=type=cache,target=/root/.npm \\
    npm ci --ignore-scripts --registry "$MIRROR"

COPY part{number}/src/ ./src/
COPY part{number}/tsconfig.json ./
RUN set -eux; \\
    npm run build -- --revision "$REVISION"; \\
    npm prune --omit=dev; \\
    mkdir -p /out/part{number}; \\
    cp -r dist node_modules /out/part{number}/; \\
    test -f /out/part{number}/dist/server.js

LABEL org.opencontainers.image.title="part {number}" \\
      org.opencontainers.image.vendor="Example"

"""
LAST = """\
FROM node:22-bookworm-slim
RUN apt-get update && apt-get install -y tini && rm -rf /var/lib/apt/lists/*
WORKDIR /app
{copies}
EXPOSE 8080
ENTRYPOINT ["tini", "--"]
CMD ["node", "dist/server.js"]
"""
SERVICE = """\
  app{number}:
    image: ghcr.io/example/app{number}:1.4
    restart: unless-stopped
    depends_on: [db]
    environment:
      LOG_LEVEL: info
      DATABASE: postgres://db/app{number}
      REGION: ${{REGION}}
    ports:
      - "{port}:8080"
    volumes:
      - data:/var/lib/app{number}
    networks:
      - inner
"""
OTHERS = """\
  db:
    image: postgres:17
    environment: {POSTGRES_USER: app}
    volumes: ["data:/var/lib/postgresql/data"]
    networks: [inner]
  web:
    build: .
    ports: ["8443:8443"]
    networks: [inner]
networks:
  inner:
volumes:
  data:
"""
TYPED = {
    "dockerfile": "RUN curl -fsSL https://example.com/tool.sh -o /tmp/tool.sh && sh /tmp/tool.sh\n",
    "compose": '      - "127.0.0.1:9000:9000/udp"\n    privileged: true\n',
}
BOUNDS = {"dockerfile": 0.020, "compose": 0.040}
"""Seconds that 95 of 100 edits may take."""
MOST_GROWTH = 4_000
"""Kilobytes that the server may grow by while all but the first edits are made."""
LINES = 300


class Edit(NamedTuple):
    """One key: where, how much goes, what comes, and the text after it."""

    line: int
    column: int
    removed: int
    typed: str
    text: str


class Server:
    """A server and its pipe."""

    def __init__(self, command: Sequence[str]) -> None:
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._id = 0

    def ask(self, method: str, params: object) -> Any:
        """The answer to a request."""
        self._id += 1
        self._send({"id": self._id, "method": method, "params": params})
        while True:
            message = self._receive()
            if message.get("id") == self._id and "method" not in message:
                return message.get("result")

    def tell(self, method: str, params: object) -> None:
        self._send({"method": method, "params": params})

    def told(self, uri: str, version: int) -> list[Any]:
        """The diagnostics of a version of a text."""
        while True:
            message = self._receive()
            params = message.get("params") or {}
            if params.get("uri") == uri and params.get("version") == version:
                return list(params["diagnostics"])

    @property
    def kilobytes(self) -> int:
        """What it holds in memory."""
        lines = Path(f"/proc/{self._process.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))

    @property
    def seconds(self) -> float:
        """The processor time that it has used so far."""
        fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def end(self) -> None:
        self.ask("shutdown", None)
        self.tell("exit", None)
        self._process.wait(10)

    def _send(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._process.stdin is not None
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self._process.stdin.flush()

    def _receive(self) -> dict[str, Any]:
        stream = self._process.stdout
        assert stream is not None
        length = 0
        while line := stream.readline().strip():
            name, _, value = line.partition(b":")
            length = int(value) if name.lower() == b"content-length" else length
        if not length:
            raise SystemExit("the server has left")
        return dict(json.loads(stream.read(length)))


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--edits", type=int, default=1000, help="keys typed in each file (default 1000)")
    parser.add_argument("--server", default=f"{sys.executable} -m dockerlint lsp", help="its command")
    arguments = parser.parse_args()
    is_missed = False
    with tempfile.TemporaryDirectory() as scratch:
        files = project(Path(scratch).resolve())
        for kind, path in files.items():
            edits = list(typed(path.read_text(), kind, arguments.edits))
            is_missed |= measure(kind, path, edits, arguments.server.split())
    return int(is_missed)


def project(folder: Path) -> dict[str, Path]:
    """The files of a project; those that are typed in, by kind."""
    for name, text in {
        ".git/HEAD": "ref: refs/heads/main\n",
        ".env": "REGION=eu\n",
        ".dockerignore": ".git\nnode_modules\n",
        "compose.override.yaml": "services:\n  app0:\n    environment:\n      LOG_LEVEL: debug\n",
        "compose.yaml": compose(),
        "Dockerfile": dockerfile(),
    }.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    return {"dockerfile": folder / "Dockerfile", "compose": folder / "compose.yaml"}


def dockerfile() -> str:
    stages = range(LINES // STAGE.count("\n"))
    copies = "\n".join(f"COPY --from=build{number} /out/part{number} /app/part{number}" for number in stages)
    return "".join(STAGE.format(number=number) for number in stages) + LAST.format(copies=copies)


def compose() -> str:
    services = range((LINES - OTHERS.count("\n")) // SERVICE.count("\n"))
    written = (SERVICE.format(number=number, port=8000 + number) for number in services)
    return "services:\n" + "".join(written) + OTHERS


def typed(text: str, kind: str, count: int) -> Iterator[Edit]:
    """Lines that are typed in key by key at places all over a text, and taken out again."""
    places, written = random.Random(1), TYPED[kind]
    lines = text.splitlines(keepends=True)
    ends = [number for number, line in enumerate(lines) if line.startswith(("COPY", "      - "))]
    while count > 0:
        at = places.choice(ends) + 1
        start, line, column, passed = len("".join(lines[:at])), at, 0, 0
        for key in written[:count]:
            passed += 1
            yield Edit(line, column, 0, key, text[:start] + written[:passed] + text[start:])
            line, column = (line + 1, 0) if key == "\n" else (line, column + 1)
        count -= passed + 1
        yield Edit(at, 0, passed, "", text)


def change(edit: Edit, written: str) -> dict[str, Any]:
    """An edit as a client tells it."""
    taken = written[: edit.removed]
    end = (edit.line + taken.count("\n"), len(taken.rpartition("\n")[2]))
    start = (edit.line, edit.column)
    places = [{"line": line, "character": column} for line, column in (start, end if taken else start)]
    return {"range": {"start": places[0], "end": places[1]}, "text": edit.typed}


def measure(kind: str, path: Path, edits: Sequence[Edit], command: Sequence[str]) -> bool:
    """Type, tell the times, and say whether a bound is missed."""
    server, uri = Server(command), path.as_uri()
    workspace = {"uri": path.parent.as_uri(), "name": "it"}
    capabilities = {"workspace": {"didChangeWatchedFiles": {"dynamicRegistration": True}}}
    params = {"processId": os.getpid(), "capabilities": capabilities, "workspaceFolders": [workspace]}
    server.ask("initialize", {**params, "rootUri": None})
    server.tell("initialized", {})
    document = {"uri": uri, "languageId": kind, "version": 0, "text": path.read_text()}
    server.tell("textDocument/didOpen", {"textDocument": document})
    found = len(server.told(uri, 0))
    waits, held, used = [], [], server.seconds
    for version, edit in enumerate(edits, 1):
        changes = [change(edit, TYPED[kind])]
        began = time.perf_counter()
        server.tell(
            "textDocument/didChange",
            {"textDocument": {"uri": uri, "version": version}, "contentChanges": changes},
        )
        server.told(uri, version)
        waits.append(time.perf_counter() - began)
        held.append(server.kilobytes)
    used = (server.seconds - used) / len(edits)
    server.end()
    alone = judged_alone(kind, path, edits)
    settled = held[min(len(held) // 5, len(held) - 1)]
    late, growth = percentile(waits, 95), held[-1] - settled
    is_missed = late > BOUNDS[kind] or growth > MOST_GROWTH
    print(f"{kind}: {path.read_text().count(chr(10))} lines, {found} diagnostics, {len(edits)} edits")
    print(f"  edit to diagnostics  {told(waits)}   at most {BOUNDS[kind] * 1000:.0f} at 95 %")
    print(f"  judging alone        {told(alone)}")
    ratio = median(waits) / median(alone)
    print(f"  ratio of the medians {ratio:5.2f}   processor time for an edit {used * 1000:.1f} ms")
    print(f"  memory               {settled / 1000:.1f} MB, then {growth / 1000:+.1f} MB", flush=True)
    return is_missed


def judged_alone(kind: str, path: Path, edits: Sequence[Edit]) -> list[float]:
    """Seconds that a warm process takes for each of the texts, as an editor's does that remembers them."""
    linter = linter_for(Options(paths=(str(path.parent),)), edits=False)
    linter.keep_warm()
    candidate, times = Candidate(str(path), kind), []
    for edit in (*edits[:20], *edits):
        data = edit.text.encode()
        began = time.perf_counter()
        linter.data(data, candidate)
        times.append(time.perf_counter() - began)
    return times[20:]


def told(times: Sequence[float]) -> str:
    parts = {"median": median(times), "95 %": percentile(times, 95), "longest": max(times)}
    return "   ".join(f"{name} {seconds * 1000:6.1f} ms" for name, seconds in parts.items())


def percentile(times: Sequence[float], percent: int) -> float:
    return sorted(times)[min(len(times) * percent // 100, len(times) - 1)]


if __name__ == "__main__":
    sys.exit(main())
