"""What a client can do, as it says when it starts."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

_ENCODINGS: Final = ("utf-8", "utf-16", "utf-32")


class Abilities(NamedTuple):
    """What the server makes use of; a client that says nothing can do nothing of it."""

    encoding: str = "utf-16"
    """In which places are counted."""
    versions_edits: bool = False
    """An edit may say of which version of a text it speaks."""
    makes_files: bool = False
    """Such an edit may make files."""
    asks_for_edits: bool = False
    """The edit of an action is asked for once somebody wants it."""
    fills_in: bool = False
    """An edit may have a place where the user is to write something."""
    shows_related: bool = False
    """A diagnostic may name other places."""
    shows_markdown: bool = False
    watches_files: bool = False
    """It can be asked to tell of files that change on the disk."""
    gives_settings: bool = False
    """Settings are asked for."""


def abilities_of(capabilities: Any) -> Abilities:
    """Those of a client; see "Client capabilities" of the protocol."""

    def of(*path: str) -> Any:
        found = capabilities
        for name in path:
            found = getattr(found, name, None)
        return found

    edit = ("workspace", "workspace_edit")
    resolved = of("text_document", "code_action", "resolve_support", "properties") or ()
    versions = bool(of(*edit, "document_changes"))
    operations = _words(of(*edit, "resource_operations"))
    formats = _words(of("text_document", "hover", "content_format"))
    return Abilities(
        encoding=next(filter(_ENCODINGS.__contains__, _words(of("general", "position_encodings"))), "utf-16"),
        versions_edits=versions,
        makes_files=versions and "create" in operations,
        asks_for_edits="edit" in resolved and bool(of("text_document", "code_action", "data_support")),
        fills_in=versions and bool(of(*edit, "snippet_edit_support")),
        shows_related=bool(of("text_document", "publish_diagnostics", "related_information")),
        shows_markdown="markdown" in formats,
        watches_files=bool(of("workspace", "did_change_watched_files", "dynamic_registration")),
        gives_settings=bool(of("workspace", "configuration")),
    )


def _words(said: Any) -> list[str]:
    """The values of an enumeration, which a client may extend by words of its own."""
    return [str(getattr(one, "value", one)) for one in said or ()]
