"""Pack a wheel and what it needs into one file that any Python 3.10 or newer runs: `zipapp.py WHEEL PYZ`.

The same wheel gives the same bytes: names are in order, and every time is that of SOURCE_DATE_EPOCH.
"""

from __future__ import annotations

import hashlib
import os
import stat
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

HERE = Path(__file__).parent
REQUIREMENTS = HERE.parent / "requirements" / "zipapp.txt"
START = b"#!/usr/bin/env python3\n"
EARLIEST = 315_532_800
"""1980, before which an archive knows no time."""
PURE = ("--only-binary", ":all:", "--platform", "any", "--implementation", "py", "--abi", "none", "--python-version", "3.10")


def install(wheel: Path, site: Path) -> None:
    """Put the wheel and the pinned packages into a folder."""
    pip = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-compile", "--target", str(site)]
    subprocess.run([*pip, *PURE, "--require-hashes", "-r", str(REQUIREMENTS)], check=True)
    subprocess.run([*pip, *PURE, "--no-index", str(wheel)], check=True)


def contents(site: Path) -> dict[str, bytes]:
    """What the archive holds, by name."""
    found = {
        f"site/{path.relative_to(site).as_posix()}": path.read_bytes()
        for path in site.rglob("*")
        if path.is_file() and path.parts[len(site.parts)] != "bin" and path.name not in ("RECORD", "direct_url.json")
    }
    found["__main__.py"] = (HERE / "zipmain.py").read_bytes()
    digest = hashlib.sha256()
    for name, data in sorted(found.items()):
        digest.update(f"{name} {len(data)}\n".encode() + data)
    return {**found, "ID": digest.hexdigest()[:32].encode()}


def pack(files: dict[str, bytes], target: Path) -> None:
    moment = time.gmtime(max(int(os.environ.get("SOURCE_DATE_EPOCH", EARLIEST)), EARLIEST))[:6]
    with target.open("wb") as stream:
        stream.write(START)
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
            for name in sorted(files):
                about = zipfile.ZipInfo(name, moment)
                about.compress_type, about.external_attr = zipfile.ZIP_DEFLATED, (stat.S_IFREG | 0o644) << 16
                packed.writestr(about, files[name])
    target.chmod(0o755)


def main(wheel: str, target: str) -> None:
    with TemporaryDirectory() as folder:
        site = Path(folder, "site")
        install(Path(wheel), site)
        pack(contents(site), Path(target))


if __name__ == "__main__":
    main(*sys.argv[1:])
