"""Secrets among the arguments of programs, in text that nobody parsed: `curl -u a:b`, `echo a:b | chpasswd`.

Commands stand in comments, labels, scripts inside values and broken files too. What options of many programs
share (`--password`, `--token`) is told by its name (`assigned_secret`); here are those that mean a secret to
some programs only.
"""

from __future__ import annotations

from collections.abc import Iterator

from dockerlint.expressions import pattern
from dockerlint.model.secret_phrases import is_stand_in
from dockerlint.text import Span

LONGEST_COMMAND = 2000
"""Characters behind the name of a program in which its options are looked for."""

# Blanks, a continued line, the next string or item of a list.
_BLANK = r"(?:[ \t=]|\\\r?\n|\\?[\"'](?:,\s{0,99}\\?[\"'])?|\r?\n[ \t]{0,99}-[ \t]){1,9}"
_ONE = r"\\?[\"']?([^\s\"'`|;&<>\\-][^\s\"'`|;&<>\\]{1,400})"
_PAIR = r"\\?[\"']?[^\s:\"']{0,99}:([^\s\"'`|;\\]{2,400})"
# What no port is: `docker run -p 8080:80`.
_NO_PORT = r"(?![\"']?[\d.]*:|[\"']?\d{1,5}\b)" + _ONE
_CLIENTS = (
    "docker podman buildah skopeo nerdctl helm az oc mongo mongosh mongodump mongorestore cypher-shell"
    " clickhouse-client influx lftp smbclient"
)
# Names of programs, their options, what stands between option and value, the value.
_TABLE = (
    ("curl wget http https", r"-u|-U|--user|--proxy-user|-a|--auth", _BLANK, _PAIR),
    ("curl", r"-u|-U", "", _PAIR),
    ("curl", r"--oauth2-bearer|--pass|--proxy-pass|--tlspassword", _BLANK, _ONE),
    ("mysql mysqladmin mysqldump mariadb mariadb-admin mariadb-dump sshpass 7z 7za unzip", r"-p", "", _ONE),
    (_CLIENTS, r"-p|-P", _BLANK, _NO_PORT),
    ("sshpass", r"-p", _BLANK, _ONE),
    ("redis-cli", r"-a|--pass", _BLANK, _ONE),
    ("ldapsearch ldapadd ldapmodify ldappasswd", r"-w|-s", _BLANK, _ONE),
    ("sqlcmd bcp unzip zip 7z", r"-P", _BLANK, _ONE),
    ("useradd usermod adduser", r"-p|--password", _BLANK, _ONE),
    ("keytool jarsigner", r"-(?:src|dest|new)?(?:store|key)pass(?:wd)?|-new", _BLANK, _ONE),
    ("htpasswd", r"-[A-Za-z]*b[A-Za-z]*(?:[ \t]+-\w+)*[ \t]+\S{1,200}[ \t]+[\w.@-]{1,99}", r"[ \t]+", _ONE),
    ("htpasswd", r"-[A-Za-z]*(?:bn|nb)[A-Za-z]*[ \t]+[\w.@\"'-]{0,99}", r"[ \t]+", _ONE),
    ("openssl", r"-k|-K", _BLANK, _ONE),
    ("openssl", r"passwd(?:[ \t]+-(?:\d|apr1|salt[ \t]+\S+))*", r"[ \t]+", _ONE),
)


def _of_program() -> dict[str, list[str]]:
    shapes: dict[str, list[str]] = {}
    for names, options, glue, value in _TABLE:
        for name in names.split():
            shapes.setdefault(name, []).append(rf"(?<![\w-])(?:{options}){glue}{value}")
    return shapes


_OPTIONS = {name: tuple(pattern(shape) for shape in shapes) for name, shapes in _of_program().items()}
_READERS = ("chpasswd", "passwd", "--password-stdin", "--stdin", "--passphrase-fd", "sudo")
"""They take a password from what is piped into them."""
_PROGRAMS = (*_OPTIONS, *_READERS)
_PART_OF_NAME = pattern(r"[\w.-]")
_END = pattern(r"(?<!\\)\r?\n(?![ \t]*-[ \t])|&&|\|\|")
_WRITERS = ("echo", "printf", "yes")
_WRITER = pattern(rf"\b(?:{'|'.join(_WRITERS)})\b(?:\s+-\w{1, 3}(?=\s))*")
_ACCOUNT = pattern(r"(?<![\w/:.$-])(?:[\w.-]{1,64}|\$\{?\w{1,64}\}?):([^\s\"'|\\]{1,400})")
_PIECE = pattern(r"(?:[^\s\"'|();\\]|\\[^nrt\s])+")
_HERE = pattern(r"<<<\s*[\"']?([^\s\"']{1,400})")


def secret_options(text: str, small: str) -> Iterator[Span]:
    """Values of such options, and passwords that are piped into a program. Linear: commands do not overlap.

    `small` is the text in small letters.
    """
    named = [name for name in _PROGRAMS if name in small]
    found = sorted(place for name in named for place in _places(small, name))
    behind = 0
    for at, (start, end, name) in enumerate(found):
        following = found[at + 1][0] if at + 1 < len(found) else len(text)
        limit = min(following, end + LONGEST_COMMAND)
        if name in _OPTIONS:
            yield from _valued(text, name, end, _end(text, end, limit))
        else:
            yield from _piped(text, name, max(behind, start - LONGEST_COMMAND), start)
            yield from _fed(text, name, end, limit)
            behind = end


def _places(small: str, name: str) -> Iterator[tuple[int, int, str]]:
    """Where a program is named by a word of its own."""
    start = small.find(name)
    while start >= 0:
        end = start + len(name)
        if not _PART_OF_NAME.match(small, end) and not (start and _PART_OF_NAME.match(small, start - 1)):
            yield start, end, name
        start = small.find(name, end)


def _end(text: str, start: int, limit: int) -> int:
    end = _END.search(text, start, limit)
    return end.start() if end else limit


def _valued(text: str, name: str, start: int, end: int) -> Iterator[Span]:
    for shape in _OPTIONS[name]:
        for match in shape.finditer(text, start, end):
            if not is_stand_in(match[1]):
                yield Span(*match.span(1))


def _piped(text: str, reader: str, start: int, end: int) -> Iterator[Span]:
    """The words of `echo … |` in front of the reader."""
    bar = text.rfind("|", start, end)
    writers = list(_WRITER.finditer(text, max(start, bar - 500), bar)) if bar >= 0 else ()
    for writer in writers[-2:]:
        yield from _words(text, reader, writer.end(), bar)


def _fed(text: str, reader: str, start: int, limit: int) -> Iterator[Span]:
    """A here-string or a heredoc behind the reader."""
    here = _HERE.search(text, start, _end(text, start, limit))
    if here is not None and not is_stand_in(here[1]):
        yield from _words(text, reader, here.start(1), here.end(1))
    elif reader == "chpasswd" and "<<" in text[start : start + 9]:
        yield from _words(text, reader, start, limit)


def _words(text: str, reader: str, start: int, end: int) -> Iterator[Span]:
    accounts = list(_ACCOUNT.finditer(text, start, end))
    for account in accounts:
        if not is_stand_in(account[1]):
            yield Span(*account.span(1))
    if accounts and reader == "chpasswd":
        return
    for piece in _PIECE.finditer(text, start, end):
        if (
            len(piece[0]) > 2
            and piece[0] not in _WRITERS
            and "%" not in piece[0]
            and not is_stand_in(piece[0])
        ):
            yield Span(*piece.span())
