"""Passwords and tokens that are typed into a command line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import ClassVar, Final

from dockerlint.data import table, word_list, word_table
from dockerlint.model.command.writing import written
from dockerlint.model.secret.credential import find_url_logins
from dockerlint.model.secret.name import is_password_name, is_secret_name
from dockerlint.model.secret.value import is_guessable, is_placeholder, looks_secret
from dockerlint.model.variable import Variable
from dockerlint.regex import pattern
from dockerlint.shell.command import SimpleCommand
from dockerlint.shell.options import ALWAYS_VALUED
from dockerlint.shell.words import Option, Word
from dockerlint.text import Span


@dataclass(frozen=True, slots=True)
class TypedSecret:
    """One secret in the words of a command."""

    KINDS: ClassVar[tuple[str, ...]] = ("typed_secret",)
    CHILDREN: ClassVar[tuple[str, ...]] = ()

    form: str
    """`option`, `variable`, `login`, `header`, `url`, `settings`, `file`, `setting` or `statement`."""
    where: str
    """What a message calls its place: the option, the header, the file."""
    span: Span = field(compare=False)
    is_guessable: bool = False
    """One of the words that stand in for a password in examples and dry runs."""

    @property
    def secret_spans(self) -> tuple[Span, ...]:
        """What no report may show."""
        return (self.span,)


_LOGINS: Final = word_table("secrets", "login-options")
"""`name:password` in one word."""

# Short options that mean a password to these programs only.
_SHORT: Final = word_table("secrets", "password-letters")
# Options whose next word is their value, of programs whose options are not known otherwise.
_WORD_OPTIONS = {
    program: (row["options"].split(), row.get("prefix", ""))
    for program, row in table("secrets", "word-options").items()
}
"""Options of these programs, and what stands in front of a password that is typed."""
_SHORTEST: Final = 5
"""Characters of an option that may be a word; shorter ones are letters."""
_MODES: Final = frozenset(("AUTH", "SECRET"))
"""Options of these names say how somebody proves who he is, or name a secret that is kept elsewhere."""
_HEADERS = frozenset({"-H", "--header", "--proxy-header"})
_HEADER = pattern(r"\s*([\w-]+)\s*:\s*(?:(?:basic|bearer|token|digest|apikey)\s+)?(\S+)", re.IGNORECASE)
_HEADER_OF_SECRET = pattern(r"token|api-?key|secret|password|auth", re.IGNORECASE)
_PARTS: Final = frozenset(";? ")
"""What parts the settings of a connection string."""
_DATABASES: Final = word_list("secrets", "sql-writers")
_SQL_PASSWORD = pattern(
    r"(?:\bidentified\s+(?:with\s+\w+\s+)?by|\bpassword)\s*(?:\(\s*)?'([^']+)'", re.IGNORECASE
)
_NPM_AUTH = pattern(r"(?:^|:)_(?:authToken|auth|password)(?:\s*=\s*|\s+)(\S+)", re.MULTILINE)
_NETRC = pattern(r"\bpassword\s+(\S+)")
_PYPIRC = pattern(r"^[^\S\n]*password\s*[:=]\s*(\S+)", re.MULTILINE)
_FILES = (
    ((".npmrc", "npmrc"), _NPM_AUTH),
    ((".netrc", "_netrc"), _NETRC),
    ((".pypirc", ".my.cnf", ".pgpass.conf"), _PYPIRC),
)


def typed_secrets(command: SimpleCommand, variables: Iterable[Variable]) -> tuple[TypedSecret, ...]:
    """Every literal secret in the words of a command and the variables that it sets, each place once."""
    if len(command.words) < 2 and not command.redirections and not command.assignments:
        return ()
    found: dict[tuple[int, int], TypedSecret] = {}
    for secret in (*_in_variables(variables), *_in_words(command), *_in_files(command)):
        found.setdefault(secret.span[:2], secret)
    return tuple(found.values())


def _in_variables(variables: Iterable[Variable]) -> Iterator[TypedSecret]:
    for variable in variables:
        if variable.value is not None and variable.holds_secret is True:
            span, guess = variable.value.span, variable.is_guessable
            yield TypedSecret("variable", variable.name, span, guess)


def _in_words(command: SimpleCommand) -> Iterator[TypedSecret]:
    for option in command.read.options:
        if option.value is not None:
            yield from _in_option(command.tool, option, option.value)
    if command.tool in ("npm", "yarn", "pnpm"):
        yield from _in_setting(command.words)
    if command.tool in _WORD_OPTIONS:
        yield from _behind_options(command)
    yield from _behind_long_options(command)
    if command.tool == "htpasswd":
        yield from _in_batch(command.words[1:])
    for word in command.words[1:]:
        yield from _in_assignment(word)
        if "://" in word.text:
            yield from _in_url(word)
        if "=" in word.text and (word.text.startswith("-D") or not _PARTS.isdisjoint(word.text)):
            yield from _in_connection_string(word)
        if "'" in word.text and command.tool in _DATABASES:
            yield from _in_statement(word)


def _in_option(tool: str, option: Option, value: Word) -> Iterator[TypedSecret]:
    if option.name in _LOGINS.get(tool, ()):
        user, colon, password = value.text.partition(":")
        if colon and _is_literal(password):
            yield _secret("login", option.name, value.after(len(user) + 1))
    elif option.name in _HEADERS:
        header = _HEADER.match(value.text)
        if header and _HEADER_OF_SECRET.search(header[1]) and _is_literal(header[2]):
            yield _secret("header", header[1], value.after(header.start(2)))
    elif _is_literal(value.text) and _takes_secret(tool, option, value):
        yield _secret("option", option.name, value)


def _behind_options(command: SimpleCommand) -> Iterator[TypedSecret]:
    """`redis-cli -a PW`, `keytool -storepass PW`, `openssl genrsa -passout pass:PW`."""
    names, prefix = _WORD_OPTIONS[command.tool]
    for option, value in pairwise(command.words[1:]):
        password = value.text.removeprefix(prefix)
        if option.text in names and value.text.startswith(prefix) and _is_literal(password):
            yield _secret("option", option.text, value.after(len(prefix)) if prefix else value)


def _behind_long_options(command: SimpleCommand) -> Iterator[TypedSecret]:
    """`--requirepass PW`, `--redis.password PW`: the name of an option says what its next word is."""
    for option, value in pairwise(command.words[1:]):
        text = option.text
        if text[:1] != "-" or len(text) < _SHORTEST or "=" in text or value.text[:1] == "-":
            continue
        name = text.lstrip("-").replace("-", "_").replace(".", "_").upper()
        if text in ALWAYS_VALUED or name in _MODES or not is_secret_name(name) or not _is_literal(value.text):
            continue
        if looks_secret(value.text, is_password=is_password_name(name)):
            yield _secret("option", text, value)


def _in_batch(words: tuple[Word, ...]) -> Iterator[TypedSecret]:
    """`htpasswd -b FILE USER PW`, `htpasswd -nb USER PW`."""
    flags = [word.text for word in words if word.text.startswith("-")]
    plain = [word for word in words if not word.text.startswith("-")]
    letters = "".join(flag for flag in flags if not flag.startswith("--"))
    is_whole = "b" in letters and "C" not in letters and len(plain) == (2 if "n" in letters else 3)
    if is_whole and _is_literal(plain[-1].text):
        yield _secret("option", "-b", plain[-1])


def _takes_secret(tool: str, option: Option, value: Word) -> bool:
    if option.name in _SHORT.get(tool, ()):
        return _is_attached(tool, option, value)
    name = option.name.lstrip("-").replace("-", "_").upper()
    if not option.name.startswith("--") or not is_secret_name(name):
        return False
    return looks_secret(value.text, is_password=is_password_name(name))


def _is_attached(tool: str, option: Option, value: Word) -> bool:
    """`mysql -p secret` asks for the password and opens the database `secret`; only `-psecret` gives it."""
    return not tool.startswith(("mysql", "maria")) or value.span.start < option.span.end


def _is_literal(text: str) -> bool:
    return bool(text) and "$" not in text and "`" not in text and not is_placeholder(text)


def _in_assignment(word: Word) -> Iterator[TypedSecret]:
    """`make DB_PASSWORD=…`, `docker run -e DB_PASSWORD=…`, `echo DB_PASSWORD=… >> .env`."""
    name, equals, value = word.text.partition("=")
    # Names in small letters are those of packages and their versions: `libsecret=0.21.4-r1`.
    if not equals or not name.isidentifier() or not name.isupper() or not is_secret_name(name):
        return
    if _is_literal(value) and looks_secret(value, is_password=is_password_name(name)):
        place = word.after(len(name) + 1)
        yield TypedSecret("variable", name, place.span, is_guessable(value))


def _in_setting(words: tuple[Word, ...]) -> Iterator[TypedSecret]:
    """`npm config set //registry.example/:_authToken …`."""
    for at, word in enumerate(words):
        name, equals, value = word.text.partition("=")
        if not name.rpartition(":")[2].startswith(("_auth", "_password")):
            continue
        if equals and _is_literal(value):
            yield _secret("setting", name.rpartition(":")[2], word.after(len(name) + 1))
        elif not equals and at + 1 < len(words) and _is_literal(words[at + 1].text):
            yield _secret("setting", name.rpartition(":")[2], words[at + 1])


def _in_url(word: Word) -> Iterator[TypedSecret]:
    for login in find_url_logins(word.text):
        if _is_literal(login.password):
            yield _secret("url", "URL", word.between(login.start, login.end))
    # a token alone in front of the @, as GitHub and GitLab take it
    token = re.match(r"https?://([A-Za-z0-9_-]{16,})@", word.text)
    if token:
        yield _secret("url", "URL", word.between(*token.span(1)))


def _in_connection_string(word: Word) -> Iterator[TypedSecret]:
    """`java -Dkey.password=…`, `tool --db "Server=db;User Id=app;Password=…"`."""
    from dockerlint.model.secret.connection import find_connection_logins

    for login in find_connection_logins(word.text):
        if _is_literal(login.password):
            yield _secret("settings", login.form, word.between(login.start, login.end))


def _in_statement(word: Word) -> Iterator[TypedSecret]:
    """`CREATE USER app IDENTIFIED BY '…'`."""
    found = _SQL_PASSWORD.search(word.text)
    if found and _is_literal(found[1]):
        yield _secret("statement", "SQL", word.between(*found.span(1)))


def _in_files(command: SimpleCommand) -> Iterator[TypedSecret]:
    for path, text, span in written(command):
        for names, shape in _FILES:
            found = shape.search(text) if path.endswith(names) else None
            if found and _is_literal(found[1]):
                yield TypedSecret("file", path.rpartition("/")[2], span)
        if path.endswith(".git-credentials"):
            for login in find_url_logins(text):
                if _is_literal(login.password):
                    yield TypedSecret("file", ".git-credentials", span)


def _secret(form: str, where: str, word: Word) -> TypedSecret:
    return TypedSecret(form, where, word.span)
