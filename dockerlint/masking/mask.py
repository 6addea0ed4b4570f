"""One mask for all that is said about a file: what no report may show of it, wherever it stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Final

from dockerlint.kinds import TextOf, nobody
from dockerlint.masking.places import Place, hide, merged
from dockerlint.model.secret.credential import SHORTEST
from dockerlint.model.secret.text import secrets_in_text
from dockerlint.regex import pattern
from dockerlint.text import Span

if TYPE_CHECKING:  # most files hold no secret
    from dockerlint.masking.occurrences import Occurrences

_ENVIRONMENT = ".env"
_SIGNS = frozenset("=:@ ")
"""A secret that is shorter than a credential tells its form by one of these."""
# A password with a dollar in it, by mistake not doubled, is not in capitals and braces.
_REFERENCE = pattern(r"(['\"]?)\$(?:[A-Z_][A-Z0-9_]*|\{[A-Za-z_]\w*\})\1\Z")
_LOGIN = pattern(r"[A-Za-z][\w+.-]*://([^\s:@/]*):(\S+)@[^\s@=]*\Z")
"""A URL with a password, and without settings that may hold another one."""


class Mask:
    """The secrets of one file and of those beside it that are shown with it.

    Made from the spans that parsed nodes call secret, and from values that the text may spell otherwise; what
    stands in the same texts by its form alone is found here. Nothing is looked for before the first question.
    """

    def __init__(
        self,
        text: str,
        secrets: Iterable[Span] = (),
        text_of: TextOf = nobody,
        values: Iterable[str] = (),
    ) -> None:
        self._text = text
        self._values = tuple(values)
        self._secrets = tuple(secrets)
        self._neighbour = text_of
        self._places: dict[str, Sequence[Place]] = {}
        self._told: dict[str, list[Span]] = {}
        self._said: dict[str, Sequence[Place]] = {}
        self._names: dict[str, str] = {}
        self._paths: dict[str, str] = {}

    def places(self, source: str = "") -> Sequence[Place]:
        """What is hidden of the file, or of one beside it: apart and in order."""
        if source not in self._places:
            text = self._text_of(source)
            occurrences = self._occurrences
            more = occurrences.find(text) if occurrences else []
            self._places[source] = merged([*(span[:2] for span in self._spans(source)), *more])
        return self._places[source]

    def places_in(self, text: str, secrets: Iterable[Span]) -> Sequence[Place]:
        """What is hidden of another text, in which these spans are secret: an inline Dockerfile."""
        spans = [span[:2] for span in (*secrets, *secrets_in_text(text))]
        return merged([*spans, *(self._occurrences.find(text) if self._occurrences else [])])

    def text(self, said: str) -> str:
        """What may be shown of something that is said about the file, which may quote it."""
        places = self._places_said(said) if said and self._occurrences else ()
        return hide(said, places) if places else said

    def path(self, path: str) -> str:
        """What may be shown of a path: all but credentials in it, whatever its file holds."""
        if path not in self._paths:
            self._paths[path] = hide_alone(path)
        return self._paths[path]

    def name(self, name: str) -> str:
        """What may be shown of the name of a service or stage: all but credentials in it."""
        if name not in self._names:
            held = self._credentials.find(name) if self._credentials else []
            self._names[name] = hide(name, merged([*held, *_places_alone(name)]))
        return self._names[name]

    def alone(self, said: str) -> str:
        """What may be shown of something that is not about the text of the file: a note, an error."""
        return hide_alone(said)

    @property
    def is_idle(self) -> bool:
        """There is no secret to hide."""
        return self._occurrences is None

    def hides(self, text: str) -> bool:
        """Whether a secret stands in a text, such as what a fix would write."""
        return bool(self._occurrences and self._places_said(text))

    def _places_said(self, said: str) -> Sequence[Place]:
        """Remembered, since a rule says much the same of many places."""
        if said not in self._said:
            assert self._occurrences is not None
            found = self._occurrences.find(said)
            if "=" in said or ":" in said:
                found += (span[:2] for span in secrets_in_text(said))
            self._said[said] = merged(found)
        return self._said[said]

    @cached_property
    def _occurrences(self) -> Occurrences | None:
        """None where there is no secret."""
        if not self._forms:
            return None
        from dockerlint.masking.names import names_around
        from dockerlint.masking.occurrences import Occurrences

        return Occurrences(self._forms, lambda: names_around(self._text, self._spans("")))

    @cached_property
    def _credentials(self) -> Occurrences | None:
        """Secrets that nothing would be called, so that not even a name may hold them; None where there is
        none.
        """
        if not self._forms:
            return None
        from dockerlint.masking.names import is_like_name
        from dockerlint.masking.occurrences import WHOLE, Occurrences

        forms = {form for form in self._forms if len(form) >= WHOLE and not is_like_name(form)}
        return Occurrences(forms, set)

    @cached_property
    def _forms(self) -> set[str]:
        """Every spelling of every secret."""
        written = {
            self._text_of(source)[span.start : span.end]
            for source in (*self._sources, "")
            for span in self._spans(source)
        }.union(self._values)
        if not written:
            return set()
        from dockerlint.masking.spellings import spellings

        return {form for one in written for form in spellings(_secret_part(one))}

    @cached_property
    def _sources(self) -> set[str]:
        """The files beside this one that a report may show."""
        named = {span.source for span in self._secrets if span.source}
        return named | {_ENVIRONMENT} if self._neighbour(_ENVIRONMENT) is not None else named

    def _spans(self, source: str) -> list[Span]:
        """The secrets in one file that nodes or their form tell of."""
        if source not in self._told:
            text = self._text_of(source)
            told = [span for span in self._secrets if span.source == source and not _is_reference(span, text)]
            self._told[source] = [*told, *secrets_in_text(text)]
        return self._told[source]

    def _text_of(self, source: str) -> str:
        return (self._neighbour(source) or "") if source else self._text


class _NoMask(Mask):
    """Hides nothing."""

    def path(self, path: str) -> str:
        return path

    def name(self, name: str) -> str:
        return name

    def alone(self, said: str) -> str:
        return said


NOTHING_HIDDEN: Final = _NoMask("")
"""For a report that shows secrets because the user asked for it, and for a text that nobody is shown."""


def hide_alone(text: str) -> str:
    """What may be shown of a text that no known file stands behind: an error, a path."""
    places = _places_alone(text)
    return hide(text, places) if places else text


def _places_alone(text: str) -> list[Place]:
    if len(text) < SHORTEST and _SIGNS.isdisjoint(text):
        return []  # most paths and names
    return merged(span[:2] for span in secrets_in_text(text))


def _secret_part(written: str) -> str:
    """Of a URL the password: its host, user and path are names of things, which other texts may say.

    A user that is no name may be a token: `https://TOKEN:x-oauth-basic@host`.
    """
    from dockerlint.masking.names import is_like_name

    login = _LOGIN.match(written)
    return login[2] if login and (not login[1] or is_like_name(login[1])) else written


def _is_reference(span: Span, text: str) -> bool:
    """All that stands there is the name of a variable, which is no secret: `${DB_PASSWORD}`."""
    return _REFERENCE.match(text[span.start : span.end]) is not None
