"""Variables and labels, wherever they are set, and whether they hold a secret."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import ClassVar, Final

from dockerlint.model.command.repository import is_plain_address
from dockerlint.model.secret.credential import Credential, UrlLogin, find_credentials, find_url_logins
from dockerlint.model.secret.name import (
    is_method_name,
    is_password_name,
    is_secret_name,
    mentions_secret,
    names_place,
)
from dockerlint.model.secret.value import (
    is_guessable,
    is_location,
    is_placeholder,
    literal_view,
    looks_secret,
)
from dockerlint.regex import pattern
from dockerlint.text import Span
from dockerlint.values import UNKNOWN, UNRESOLVED, Located, Unknown

_DOLLAR: Final = pattern(r"\$(?![({])")
_STAND_IN: Final = "\ue001"
"""Takes the place of a literal dollar while URLs are looked for."""
_SHORTEST_PART: Final = 8
_KEPT_PART: Final = pattern(r"(?=[^\W\d]*\d)(?=\d*[^\W\d])[\w+=!#%^&*~.-]*\Z")
_EASY: Final = pattern(r"[A-Za-z][a-z]{0,11}\d{0,3}!?\Z|[A-Z]{1,12}\Z")
"""A word, perhaps with the digits and the mark that forms for passwords ask for."""
_BEARER: Final = pattern(r"(?:TOKEN|API_?KEY|ACCESS_?KEY|CREDENTIALS?|WEBHOOK)(?:_[A-Z]+)?\Z", re.IGNORECASE)
"""Ends of the names of what is sent to somebody else's service."""
_GENERATED: Final = pattern(
    r"(?=[^\d]*\d)(?=[^A-Za-z]*[A-Za-z])(?!.*[-_ ]?(?:test|example|dummy|local))[\w+/=.-]{20,}\Z", re.I
)
_DOMAIN: Final = pattern(r"[\w-]+\.[\w.-]*[a-z]", re.IGNORECASE)
_OWN_HOST: Final = pattern(r"(?:localhost|127\.\d+\.\d+\.\d+|\[::1\]|0\.0\.0\.0)(?:[:/?#]|\Z)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Variable:
    """A name and its value."""

    KINDS: ClassVar[tuple[str, ...]] = ("variable",)
    CHILDREN: ClassVar[tuple[str, ...]] = ()

    name: str
    """Its name."""
    value: Located[str] | None
    """None when the name is declared without a value (`ARG TOKEN`, `- PASS_THROUGH`)."""
    origin: str
    """Where it is set: `env`, `arg`, `label`, `environment`, `env_file`, `build-arg`."""
    name_span: Span = field(compare=False)
    span: Span = field(compare=False)
    """Name and value together."""
    written: str = ""
    """The value as this text alone gives it, quotes taken off: as spelled, or with the defaults of variables
    in place and UNRESOLVED for the others; "" when that is the value. What is set elsewhere is not here."""
    names_file: str = ""
    """The variable with which the image of the service takes the same value from a file; "" when none is
    known."""

    @property
    def is_secret_name(self) -> bool:
        """The name says that the value is a secret: `DB_PASSWORD`, not `TOKEN_URL`."""
        return is_secret_name(self.name)

    @property
    def mentions_secret(self) -> bool:
        """One word of the name speaks of a secret, whatever the rest makes of it."""
        return mentions_secret(self.name)

    @property
    def is_reference(self) -> bool:
        """Some of the value comes from another variable that has no default here."""
        return UNRESOLVED in self._literal

    @property
    def is_placeholder(self) -> bool:
        """The value asks to be replaced: `<password>`, `changeme`; empty counts, absent does not."""
        return self.value is not None and is_placeholder(self._literal)

    @property
    def is_guessable(self) -> bool:
        """The value is one of the passwords that are tried first."""
        return is_guessable(self._literal)

    @property
    def is_guessable_as_deployed(self) -> bool:
        """The same of the value that the container gets, wherever that is set."""
        value = None if self.value is None else self.value.known
        return value is not None and UNRESOLVED not in value and is_guessable(_bare(value))

    @property
    def is_easy(self) -> bool:
        """The value, or the password of a URL in it, is a plain word or one of those that are tried first:
        it keeps nobody out, and nobody means it to.
        """
        login = self.url_login
        password = login.password if login else self._literal.strip("\"'")
        return is_guessable(password) or _EASY.match(password) is not None

    @property
    def opens_other_service(self) -> bool:
        """A token or key that looks generated, or a password in the URL of a host with a domain.

        What else a file for tests sets is the password of something that it starts itself.
        """
        if login := self.url_login:
            return _DOMAIN.match(login.host) is not None and not self.is_easy
        return _BEARER.search(self.name) is not None and _GENERATED.match(self._literal) is not None

    @property
    def holds_secret(self) -> bool | Unknown:
        """A literal secret stands here under a name that says so; UNKNOWN when a variable is part of it, and
        the rest is no secret for certain.
        """
        if self.value is None or not is_secret_name(self.name):
            return False
        literal = self._literal
        if UNRESOLVED not in literal:
            return _is_named_secret(self.name, literal)
        return True if any(map(self._is_secret_part, literal.split(UNRESOLVED))) else UNKNOWN

    @property
    def secret_text(self) -> str | None:
        """The secret that stands here: the password of a URL, else the value; None where variables decide."""
        if login := self.url_login:
            return login.password
        return self._literal if self.holds_secret is True and not self.is_reference else None

    @property
    def names_plain_server(self) -> bool | Unknown:
        """Its value is the address of a server without TLS, outside of the network around the builder."""
        if self.value is None:
            return False
        return UNKNOWN if isinstance(self.value.value, Unknown) else is_plain_address(_bare(self.value.value))

    @property
    def label_fault(self) -> str | None:
        """What the value of a label of this name should be and is not; None where it is right."""
        if self.origin != "label" or self.value is None or isinstance(self.value.value, Unknown):
            return None
        from dockerlint.model.label import label_fault

        return label_fault(self.name, self.value.value) if self.value.value else None

    @property
    def is_unlisted_label(self) -> bool:
        """A label that the project does not name, though it names some."""
        if self.origin != "label":
            return False
        from dockerlint.model.label import is_unlisted

        return is_unlisted(self.name)

    @property
    def credentials(self) -> tuple[Credential, ...]:
        """Tokens and keys of a known shape in the value."""
        return find_credentials(self._text, self.value.span.start) if self.value is not None else ()

    @property
    def url_login(self) -> UrlLogin | None:
        """The first literal password in a URL or connection string of the value: `postgres://app:…@db`,
        `Server=db;Password=…`.
        """
        return _login(self._literal)

    @property
    def holds_url_login(self) -> bool:
        """A URL in the value carries a literal password."""
        return self.url_login is not None

    @property
    def login_form(self) -> str | None:
        """What holds that password: `URL`, `connection string` or `Java option`; None where nothing does."""
        return None if (login := self.url_login) is None else login.form

    @property
    def is_local_login(self) -> bool:
        """The host of that URL is the machine itself."""
        login = self.url_login
        return login is not None and _OWN_HOST.match(login.host) is not None

    @property
    def names_place(self) -> bool:
        """The value is a path, or the name ends in a word for a place: where a secret lies is none."""
        return is_location(self._literal) or names_place(self.name)

    @property
    def secret_span(self) -> Span | None:
        """Where the secret stands: the password of a URL, else the whole value; None when there is none."""
        if self.value is None:
            return None
        if login := self.url_login:
            return self._place(login)
        is_elsewhere = self.value.span.start == self.value.span.end
        return None if is_elsewhere or self.holds_secret is False else self._inside

    @property
    def secret_spans(self) -> tuple[Span, ...]:
        """What no report may show."""
        span = self.secret_span
        return () if span is None else (span,)

    def _is_secret_part(self, part: str) -> bool:
        """What stands beside a variable is random enough to be most of the secret."""
        bare = part.strip("-_.:/")
        is_random = len(bare) >= _SHORTEST_PART and _KEPT_PART.match(bare) is not None
        return is_random and _is_named_secret(self.name, bare)

    def _place(self, login: UrlLogin) -> Span:
        assert self.value is not None
        span, text = self.value.span, self.written or self._text
        # What stands around it tells it from the same word elsewhere.
        before, behind = (
            self._literal[login.start - 1 : login.start],
            self._literal[login.end : login.end + 1],
        )
        at = text.find(before + login.password + behind)
        # Quotes or escapes between value and text make offsets inside it meaningless.
        if at < 0 or len(text) != span.end - span.start:
            return span
        return span._replace(start=span.start + at + 1, end=span.start + at + 1 + len(login.password))

    @property
    def _inside(self) -> Span | None:
        """The value without quotes that belong to it, as in `- NAME="value"` of a Compose file."""
        span, text = (None, "") if self.value is None else (self.value.span, self.written or self._text)
        if span is None or _bare(text) == text or len(text) != span.end - span.start:
            return span
        return span._replace(start=span.start + 1, end=span.end - 1)

    @property
    def _literal(self) -> str:
        """What whoever wrote it took for the value: quotes that Docker keeps are none of it."""
        return _bare(self._text)

    @property
    def _text(self) -> str:
        if self.written:
            return literal_view(self.written)
        return (self.value.known or "") if self.value is not None else ""


def _bare(text: str) -> str:
    return text[1:-1] if len(text) > 1 and text[0] in "'\"" and text[-1] == text[0] else text


@lru_cache(maxsize=8)
def _is_named_secret(name: str, literal: str) -> bool:
    """A secret that only its name gives away; remembered since several rules ask in a row."""
    if _login(literal) is not None or find_credentials(literal):
        return False
    if is_method_name(name) and literal.isalpha() and literal.islower() and not is_guessable(literal):
        return False
    return looks_secret(literal, is_password=is_password_name(name))


def _login(literal: str) -> UrlLogin | None:
    """The first password in a URL or connection string. No variable is left: a dollar is a dollar."""
    text = _DOLLAR.sub(_STAND_IN, literal) if "$" in literal else literal
    found = next((login for login in find_url_logins(text) if not is_placeholder(login.password)), None)
    if found is None and "=" in text:
        from dockerlint.model.secret.connection import find_connection_logins

        found = next(find_connection_logins(text), None)
    return found and found._replace(
        user=found.user.replace(_STAND_IN, "$"), password=found.password.replace(_STAND_IN, "$")
    )
