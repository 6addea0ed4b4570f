"""Whether a release tool builds a Dockerfile, in a folder that it makes of the files that it packs.

goreleaser.com/customization/docker: the context is temporary, and no `.dockerignore` of the project is in it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Final

from dockerlint.data import ordered_words, word_list
from dockerlint.linting.around.folders import folders_above
from dockerlint.workspace.roots import Roots
from dockerlint.yaml.nodes import Mapping, Scalar, Sequence, as_mapping
from dockerlint.yaml.tree import parse_yaml

_DOCKERFILE: Final = "Dockerfile"


def is_packed(path: str, roots: Roots, text_at: Callable[[str], str | None]) -> bool:
    """Whether a file of such a tool, in the folder of a Dockerfile or above, names it."""
    path = os.path.abspath(path)
    for folder in folders_above(path, roots):
        for name in ordered_words("scans", "packer-files"):
            text = text_at(os.path.join(folder, name))
            named = _dockerfiles(text) if text is not None else ()
            if any(os.path.normpath(os.path.join(folder, one)) == path for one in named):
                return True
    return False


def _dockerfiles(text: str) -> Iterator[str]:
    keys = word_list("scans", "packer-keys")
    for document in parse_yaml(text).documents:
        for key, entry in as_mapping(document).entries.items():
            items = entry.value.items if key in keys and isinstance(entry.value, Sequence) else ()
            for item in items:
                named = item.get("dockerfile") if isinstance(item, Mapping) else None
                yield named.text if isinstance(named, Scalar) else _DOCKERFILE
