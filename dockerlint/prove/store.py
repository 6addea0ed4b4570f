"""Receipts are kept in the project, beside the first Compose file."""

from __future__ import annotations

import os

from dockerlint.kinds import RECEIPTS
from dockerlint.prove.project import ProvenProject
from dockerlint.workspace.roots import repository_top
from dockerlint.workspace.target import write_file


def keep_receipt(project: ProvenProject, service: str, text: str) -> str:
    """Write the receipt of a service, in place of an older one; its path. Raises Unwritten."""
    path = os.path.join(project.folder, *RECEIPTS.split("/"), f"{service}.yaml")
    write_file(path, text, lambda folder: repository_top(folder) or os.path.realpath(project.folder))
    return path
