"""The Compose project that containers of an audit are held to, as text beside what an engine printed."""

from __future__ import annotations

import os

from dockerlint.kinds import AGAINST
from dockerlint.parse.inspect.against import Against
from dockerlint.run.projects import Held, TextAt


def texts_of_project(held: Held, path: str, text_at: TextAt) -> dict[str, str]:
    """What names the project to the reader of a record, and the files of variables of the project."""
    here = os.path.dirname(os.path.abspath(path))
    folder = os.path.relpath(held.folder, here).replace(os.sep, "/")
    found = {AGAINST: Against(held.files, "" if folder == os.curdir else folder, held.folder).written()}
    for name in held.files.env_files:
        text = text_at(os.path.normpath(os.path.join(held.folder, name)))
        if text is not None:
            found[os.path.normpath(os.path.join(folder, name)).replace(os.sep, "/")] = text
    return found
