"""Standard input and output, as a client that starts the server uses them."""

from __future__ import annotations

import asyncio
import os
import select
import sys
from typing import Any, NoReturn


def leave(code: int) -> NoReturn:
    """End at once: where a thread waits for input, nobody may ever close that. Nothing is half written."""
    os._exit(code)


class ClientPipe:
    """What pygls writes to; a client that has gone ends the server."""

    def __init__(self) -> None:
        self._handle = sys.stdout.fileno()

    def write(self, data: bytes) -> None:
        rest = memoryview(data)
        try:
            while rest:
                try:
                    rest = rest[os.write(self._handle, rest) :]
                except BlockingIOError:  # the loop made a socket so that is input and output
                    select.select([], [self._handle], [])
        except OSError:
            leave(1)

    def close(self) -> None:
        """Nothing is kept back."""


async def standard_input() -> Any:
    """A reader of standard input; where the loop cannot read, as on Windows or from a file, a thread does."""
    reader = asyncio.StreamReader()
    protocol = asyncio.StreamReaderProtocol(reader)
    try:
        await asyncio.get_running_loop().connect_read_pipe(lambda: protocol, sys.stdin.buffer)
    except (NotImplementedError, OSError, ValueError):
        from pygls.io_ import StdinAsyncReader

        return StdinAsyncReader(sys.stdin.buffer)
    return reader
