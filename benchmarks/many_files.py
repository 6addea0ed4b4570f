"""Does memory stay flat, and is every file accounted for, in a run over any number of files?

    python benchmarks/many_files.py [--files 5000] [--formats text json sarif] [--calm]

Checks so many small files with two processes, then ten times as many, in each format. Unless --calm is given,
one process of each run is killed and another one stopped in the middle. Fails where a file is not accounted
for, or where a process of the longer run needs over a tenth more memory than that of the shorter one.
Linux only: memory is what /proc says.
"""

from __future__ import annotations

import argparse
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

TIMES = 10
MAY_GROW = 1.1
BUSY_SHARE = 0.00015
"""Seconds of computing for each file of the run, after which a process is hit."""

DOCKERFILE = """\
FROM node:22 AS build
WORKDIR /app
COPY . .
RUN npm ci && npm run build
FROM nginx:{number}
COPY --from=build /app/dist /usr/share/nginx/html
EXPOSE 80
"""
COMPOSE = """\
services:
  web:
    image: nginx:1.{number}
    ports: ["80:80"]
  db:
    image: postgres:17
    environment:
      POSTGRES_USER: ${{DB_USER:-app}}
    volumes: [data:/var/lib/postgresql/data]
volumes:
  data: {{}}
"""
BROKEN = "FROM alpine:3.{number}\nRUNN apk add curl\n# dockerlint: ignore[DK502]\nUSER root\n"
TEXTS = (("Dockerfile", DOCKERFILE), ("compose.yaml", COMPOSE), ("broken.Dockerfile", BROKEN))


def write_files(root: Path, count: int) -> None:
    """So many mixed files in folders of three, in folders of three hundred."""
    (root / ".git").mkdir(parents=True)
    for number in range(count):
        name, text = TEXTS[number % len(TEXTS)]
        folder = root / f"{number // 300:04}" / f"{number // 3:06}"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text.format(number=number % 40))


@dataclass
class Run:
    """What was seen of one run."""

    process: subprocess.Popen[bytes]
    count: int
    peaks: dict[str, int] = field(default_factory=dict)
    """Kilobytes, of the process itself and of the largest of its helpers."""
    hit: list[int] = field(default_factory=list)

    def watch(self, is_calm: bool) -> None:
        """Until it ends: note memory, kill one helper and stop another one."""
        while self.process.poll() is None:
            self._note("run", self.process.pid)
            for helper in helpers_of(self.process.pid):
                self._note("helper", helper)
                if not is_calm and len(self.hit) < 2 and helper not in self.hit:
                    self._hit(helper)
            time.sleep(0.05)

    def _note(self, role: str, pid: int) -> None:
        self.peaks[role] = max(self.peaks.get(role, 0), peak_of(pid))

    def _hit(self, pid: int) -> None:
        if seconds_of(pid) > self.count * BUSY_SHARE:
            os.kill(pid, signal.SIGSTOP if self.hit else signal.SIGKILL)
            self.hit.append(pid)


def helpers_of(pid: int) -> list[int]:
    with suppress(OSError):
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


def peak_of(pid: int) -> int:
    with suppress(OSError):
        found = re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
        return int(found[1]) if found else 0
    return 0


def seconds_of(pid: int) -> float:
    """What a process has computed."""
    with suppress(OSError, IndexError):
        user, system = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")
    return 0.0


def checked(root: Path, count: int, format: str, is_calm: bool) -> Run:
    """One run over the files; prints what it needed, and raises SystemExit for a file that is missing."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as errors:
        command = [sys.executable, "-m", "dockerlint", "check", str(root)]
        command += ["--jobs", "2", "--format", format, "--fail-on", "never"]
        run = Run(subprocess.Popen(command, stdout=out, stderr=errors), count)
        run.watch(is_calm)
        judged = accounted(out, format)
        errors.seek(0)
        mishaps = errors.read().decode()
    shown = ", ".join(f"{role} {kilobytes / 1024:.1f} MB" for role, kilobytes in run.peaks.items())
    print(
        f"{count:>7} files as {format}: {judged} judged, {shown}, {mishaps.count(chr(10))} mishaps",
        flush=True,
    )
    if run.process.returncode != 0 or judged != count:
        raise SystemExit(f"{count - judged} files are missing; exit code {run.process.returncode}\n{mishaps}")
    if not is_calm and len(run.hit) < 2:
        raise SystemExit("the run ended before a process was killed and another one stopped")
    return run


def accounted(out: tempfile._TemporaryFileWrapper[bytes], format: str) -> int:  # type: ignore[name-defined]
    """Files that a report calls judged."""
    size = out.seek(0, os.SEEK_END)
    out.seek(max(size - 100_000, 0))
    end = out.read().decode()
    said = re.findall(r" in (\d+) files \(" if format == "text" else r'"judged": (\d+)', end)
    return int(said[-1]) if said and "not judged" not in end else 0


def growths(formats: Sequence[str], files: int, is_calm: bool) -> Iterator[tuple[str, float]]:
    """How many times as much memory the longer runs needed, by what did."""
    with tempfile.TemporaryDirectory() as folder:
        few, many = Path(folder, "few"), Path(folder, "many")
        write_files(few, files)
        write_files(many, files * TIMES)
        for format in formats:
            short, long = (
                checked(root, count, format, is_calm) for root, count in ((few, files), (many, files * TIMES))
            )
            for role, peak in long.peaks.items():
                yield f"{role} as {format}", peak / short.peaks[role]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--files", type=int, default=5000)
    parser.add_argument("--formats", nargs="+", default=["text", "json"])
    parser.add_argument("--calm", action="store_true", help="kill and stop nothing")
    said = parser.parse_args()
    found = list(growths(said.formats, said.files, said.calm))
    for what, growth in found:
        print(f"{what}: x{growth:.3f}{' TOO MUCH' if growth > MAY_GROW else ''}")
    sys.exit(any(growth > MAY_GROW for _, growth in found))


if __name__ == "__main__":
    main()
