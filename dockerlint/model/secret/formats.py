"""How the credentials of known services are spelled.

The formats themselves stand in rules/lists/secrets.yaml.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from dockerlint.data import records


class CredentialFormat(NamedTuple):
    """How one kind of credential is spelled; group 1 of the pattern is the credential itself."""

    id: str
    title: str
    """With its article, as a message names it: `a GitHub token`."""
    keywords: tuple[str, ...]
    """One of these stands in every text that holds such a credential."""
    pattern: str
    entropy: float = 0.0
    """Least Shannon entropy of the credential, in bits a character: below it is an example."""
    is_live: bool = True
    """Whoever holds it can use it as it stands."""


# Keeps a long run of token characters from being tried at each of its characters. Formats that begin with a
# word of their own need no such border, and are found where a damaged line has glued them to another word.
_START = r"(?<![0-9A-Za-z_-])"


def _format(row: dict[str, Any]) -> CredentialFormat:
    return CredentialFormat(
        row["id"],
        row["title"],
        tuple(row["keywords"]),
        row["pattern"],
        row.get("entropy", 0.0),
        row.get("live", True),
    )


def _of_service(row: dict[str, Any]) -> CredentialFormat:
    """A token that begins with one of some words; where its length is known, nothing may follow."""
    words, rest = tuple(row["keywords"]), row["rest"]
    begins = "|".join(word.replace(".", r"\.") for word in words)
    ends = "(?![0-9A-Za-z_-])" if rest.endswith("}") and "," not in rest.rpartition("{")[2] else ""
    return CredentialFormat(row["id"], row["title"], words, f"{_START}((?:{begins}){rest}){ends}", 3.0)


FORMATS: Final = (
    *map(_format, records("secrets", "credential-formats")),
    *map(_of_service, records("secrets", "service-tokens")),
)
