"""Put the files of the newest commit of a git repository that collects others into one Parquet file.

    python benchmarks/survey_input.py ../dockerfiles fleet.parquet --skip 2

A path without its first folders names the repository (two folders) and the file. Blobs are read by `git
cat-file --batch`, so that no work tree is needed.
"""

from __future__ import annotations

import argparse
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pyarrow
import pyarrow.parquet

GROUP = 10_000
"""Rows of a row group."""


def rows(repository: Path, skip: int, suffix: str) -> Iterator[tuple[str, str, bytes]]:
    """Repository, path and content of each file that is so called."""
    listed = subprocess.run(
        ["git", "-C", repository, "ls-tree", "-r", "-z", "HEAD"], capture_output=True, check=True
    ).stdout
    entries = [line.split(b"\t", 1) for line in listed.split(b"\0") if line]
    wanted = [(about.split()[2], name.decode("utf-8", "replace")) for about, name in entries]
    wanted = [one for one in wanted if suffix in one[1].rpartition("/")[2] and one[1].count("/") > skip + 1]
    with subprocess.Popen(
        ["git", "-C", repository, "cat-file", "--batch"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for blob, name in wanted:
            process.stdin.write(blob + b"\n")
            process.stdin.flush()
            size = int(process.stdout.readline().split()[2])
            content = process.stdout.read(size + 1)[:-1]
            parts = name.split("/")[skip:]
            yield "/".join(parts[:2]), "/".join(parts[2:]), content
        process.stdin.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("repository", type=Path)
    parser.add_argument("target", type=Path)
    parser.add_argument("--skip", type=int, default=2, help="folders above those that name a repository")
    parser.add_argument("--suffix", default="Dockerfile", help="what the names of files contain")
    told = parser.parse_args()
    schema = pyarrow.schema(
        [("repository", pyarrow.string()), ("path", pyarrow.string()), ("content", pyarrow.binary())]
    )
    count = 0
    with pyarrow.parquet.ParquetWriter(told.target, schema, compression="zstd") as writer:
        waiting: list[tuple[str, str, bytes]] = []

        def flush() -> None:
            columns = [
                pyarrow.array(one, field.type)
                for one, field in zip(zip(*waiting, strict=True), schema, strict=True)
            ]
            writer.write_table(pyarrow.Table.from_arrays(columns, schema=schema))
            waiting.clear()

        for row in rows(told.repository, told.skip, told.suffix):
            waiting.append(row)
            count += 1
            if len(waiting) == GROUP:
                flush()
        if waiting:
            flush()
    print(f"{count:,} files in {told.target}")


if __name__ == "__main__":
    main()
