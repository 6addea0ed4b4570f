"""The start of dockerlint.pyz: it unpacks itself once, into a folder of the user's own, and runs from there.

The program reads its rules as files, so it cannot run from within an archive. An unpacked archive runs as it is.
"""

import sys

if sys.version_info < (3, 10):
    sys.exit("dockerlint needs Python 3.10 or newer")

import atexit
import os
import shutil
import stat
import tempfile
import zipfile

SITE = "site"


def is_own(folder: str) -> bool:
    """Nobody else can have put something there."""
    about = os.lstat(folder)
    owner = getattr(os, "getuid", lambda: about.st_uid)()
    return stat.S_ISDIR(about.st_mode) and about.st_uid == owner and not about.st_mode & 0o022


def unpack(archive: str, name: str) -> str:
    """The folder with the unpacked archive: a kept one, or one for this run where none can be kept."""
    cache = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    above = os.path.join(cache, "dockerlint")
    kept = os.path.join(above, name)
    try:
        os.makedirs(above, 0o700, exist_ok=True)
        if not is_own(above):
            raise PermissionError
        if not os.path.lexists(kept):
            made = fill(tempfile.mkdtemp(dir=above), archive)
            try:
                os.rename(made, kept)
            except OSError:  # another process was faster
                shutil.rmtree(made)
        if is_own(kept):
            return kept
    except OSError:
        pass
    passing = tempfile.mkdtemp()
    atexit.register(shutil.rmtree, passing, ignore_errors=True)
    return fill(passing, archive)


def fill(folder: str, archive: str) -> str:
    with zipfile.ZipFile(archive) as packed:
        packed.extractall(folder)
    return folder


def run() -> None:
    here = os.path.dirname(os.path.abspath(__file__))
    root = here if os.path.isdir(here) else unpack(here, __loader__.get_data(os.path.join(here, "ID")).decode())
    sys.path[0] = os.path.join(root, SITE)
    from dockerlint.cli.main import main

    main()


if __name__ == "__main__":
    run()
