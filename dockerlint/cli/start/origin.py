"""Where hooks and pipelines get dockerlint from: an address that others reach, or a package index."""

from __future__ import annotations

import json
from typing import Final, NamedTuple

from dockerlint import __version__
from dockerlint.errors import UserError
from dockerlint.regex import pattern

_SOURCE: Final = pattern(r"((?:https|ssh|file)://[\w.:@/~+-]+|git@[\w.-]+:[\w./~-]+)@([\w./-]+)\Z")
_GITHUB: Final = pattern(r"(?:https://|ssh://git@|git@)github\.com[/:]([\w.-]+/[\w.-]+?)(?:\.git)?/?\Z")
_PLACEHOLDER: Final = "https://github.com/OWNER/dockerlint"


class PackageSource(NamedTuple):
    """A repository and a revision of it; with no repository, a version in a package index."""

    address: str = ""
    revision: str = __version__
    is_placeholder: bool = False
    """Nobody knows the address, and the user has to put it in."""

    @property
    def requirement(self) -> str:
        """What pip is told to install."""
        if not self.address:
            return f"dockerlint=={self.revision}"
        address = self.address
        if address.startswith("git@"):
            address = f"ssh://{address.replace(':', '/', 1)}"
        return f"dockerlint @ git+{address}@{self.revision}"

    @property
    def on_github(self) -> str | None:
        """`owner/name` of a repository on GitHub, whose action a workflow can use."""
        found = _GITHUB.match(self.address)
        return found[1] if found else None


def origin_of(source: str) -> PackageSource:
    """What `ADDRESS@REVISION` says, or, where it is "", where this dockerlint was installed from.

    pip keeps that beside the package (https://packaging.python.org/specifications/direct-url/). Raises
    UserError for a source that is no address of a repository with a revision.
    """
    if source:
        found = _SOURCE.match(source)
        if found is None:
            raise UserError(
                f"--source {source}: not ADDRESS@REVISION of a git repository, "
                "such as https://github.com/OWNER/dockerlint@v0.1.0"
            )
        return PackageSource(found[1], found[2])
    record = _direct_url()
    if record is None:
        return PackageSource()
    version = record.get("vcs_info")
    revision = version.get("commit_id") if isinstance(version, dict) else None
    written = f"{record.get('url')}@{revision}"
    if revision and _SOURCE.match(written) and not written.startswith("file:"):
        return PackageSource(str(record["url"]), str(revision))
    return PackageSource(_PLACEHOLDER, "REVISION", is_placeholder=True)


def _direct_url() -> dict[str, object] | None:
    """pip's record of an installation from an address or a folder; None for one from a package index."""
    from importlib.metadata import PackageNotFoundError, distribution

    try:
        text = distribution("dockerlint").read_text("direct_url.json")
    except PackageNotFoundError:
        text = "{}"
    try:
        record = json.loads(text) if text else None
    except ValueError:
        record = {}
    return record if record is None or isinstance(record, dict) else {}
