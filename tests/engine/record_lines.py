"""Puts what this machine's Engine makes of each line of `container_lines.py` on record.

    PYTHONPATH=tests:tests/engine python tests/engine/record_lines.py

Fields that no reader asks for and that differ from machine to machine are left out.
"""

from __future__ import annotations

import json
from typing import Any

from container_lines import FLAGS, RECORD, words_of
from docker_engine import docker

LEFT_OUT = ("GraphDriver", "ResolvConfPath", "HostnamePath", "HostsPath", "LogPath")
LEFT_OUT_OF_HOST = ("MaskedPaths", "ReadonlyPaths")


def made_of(flags: str) -> list[dict[str, Any]]:
    """What `docker inspect` prints of the container; raises RuntimeError for a line that is refused."""
    name = [] if "--name" in flags else ["--name", "dockerlint-record"]
    made = docker("create", *name, *words_of(flags))
    if made.code:
        raise RuntimeError(f"{flags}: {made.last_line}")
    try:
        found: list[dict[str, Any]] = json.loads(docker("inspect", made.last_line).text)
    finally:
        docker("rm", "--force", "--volumes", made.last_line)
    for container in found:
        for key in LEFT_OUT:
            container.pop(key, None)
        for key in LEFT_OUT_OF_HOST:
            if container["HostConfig"].get(key):  # an empty list says that nothing is hidden
                container["HostConfig"].pop(key)
    return found


if __name__ == "__main__":
    rows = [json.dumps({"flags": one, "inspect": made_of(one)}, separators=(",", ":")) for one in FLAGS]
    RECORD.write_text("[\n" + ",\n".join(rows) + "\n]\n", encoding="utf-8")
