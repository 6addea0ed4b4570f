"""What does it cost to judge the files of a project together?

    python benchmarks/project_speed.py [--rounds 5] [--services 200] [--dockerfiles 50] [--most 1.5]

Writes a project of that many services, which a base declares and an override changes, with Dockerfiles that
the first of them build; and the same files each in a folder of its own. Checks both in one process by turns,
and compares the medians of the processor's time: together, every file is read once more for the links between
them, nothing is parsed once for each service. Exit code 1 where together takes more than `--most` times as
long as all files alone.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

DOCKERFILE = """FROM node:22 AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev && npm cache clean --force
COPY . .
RUN apt-get update && apt-get install -y --no-install-recommends curl={number} && rm -rf /var/lib/apt/lists/*
FROM node:22-slim
COPY --from=build /app /app
EXPOSE 3000
USER node
CMD ["node", "server{number}.js"]
"""


def service(number: int, builds: bool) -> str:
    """A service of the base."""
    source = f"build: {{context: ./s{number}}}" if builds else f"image: example/app{number}:1.{number}"
    return (
        f"  s{number}:\n    {source}\n    restart: unless-stopped\n    environment:\n      - LEVEL={number}\n"
        f"      - DATABASE_URL=postgres://db/app{number}\n    ports: ['127.0.0.1:{3000 + number}:3000']\n"
        f"    volumes: ['data{number}:/data']\n    depends_on: [s{max(number - 1, 0)}]\n"
        if number
        else f"  s0:\n    {source}\n"
    )


def change(number: int) -> str:
    """What the override makes of it."""
    return (
        f"  s{number}:\n    environment: {{LEVEL: 'x{number}', MORE: 'y'}}\n    cap_drop: [ALL]\n"
        f"    mem_limit: {100 + number}m\n    logging: {{driver: json-file, options: {{max-size: 10m}}}}\n"
    )


def files_of(services: int, dockerfiles: int) -> dict[str, str]:
    """The texts of the project by their paths."""
    volumes = "".join(f"  data{number}:\n" for number in range(services))
    base = "".join(service(number, number < dockerfiles) for number in range(services))
    over = "".join(map(change, range(services)))
    texts = {f"s{number}/Dockerfile": DOCKERFILE.format(number=number) for number in range(dockerfiles)}
    return {
        "compose.yaml": f"services:\n{base}volumes:\n{volumes}",
        "compose.override.yaml": f"services:\n{over}",
        **texts,
    }


def write(folder: Path, texts: dict[str, str]) -> None:
    """Write texts below a folder."""
    for name, text in texts.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


def seconds(folder: Path) -> float:
    """The processor's time of one check."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    check = [sys.executable, "-m", "dockerlint", "check", "--no-config", "--jobs", "1", "--fail-on", "never"]
    subprocess.run([*check, "--format", "json", "."], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--services", type=int, default=200)
    parser.add_argument("--dockerfiles", type=int, default=50)
    parser.add_argument("--most", type=float, default=1.5)
    said = parser.parse_args()
    texts = files_of(said.services, said.dockerfiles)
    with TemporaryDirectory() as root:
        together, alone = Path(root, "together"), Path(root, "alone")
        write(together, texts)
        for number, (name, text) in enumerate(texts.items()):
            write(alone, {f"{number}/{os.path.basename(name)}": text})
        pairs = [(seconds(together), seconds(alone)) for _ in range(said.rounds)]
    whole, parts = (median(one) for one in zip(*pairs, strict=True))
    print(f"{len(texts)} files: together {whole:.2f} s, alone {parts:.2f} s, ratio {whole / parts:.2f}")
    return int(whole / parts > said.most)


if __name__ == "__main__":
    sys.exit(main())
