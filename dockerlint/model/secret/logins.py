"""Passwords of logins in raw text: `scheme://user:password@host`, and the same without a scheme or a user."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dockerlint.model.secret.phrases import last_groups
from dockerlint.model.secret.value import is_stand_in
from dockerlint.regex import pattern
from dockerlint.text import Span

# A path that is put in order has one slash of two. A URL ends where the next one begins.
_URL = pattern(r"(?:(?<=\w):/|(?<=https:)|(?<=http:))/(?:[^\s\"'<>`:]|:(?!//)){1,4000}")
_QUERY = pattern(r"[?&]\w{1,99}=")
# A path on a server, and what is taken of it: nothing follows that, as a path or port follows a host.
_REPOSITORY = (
    r"(?:git|hg|svn)@[\w.-]{1,99}:[\w.-]{1,99}/[^\s@]{0,400}(?:@[\w.-]{1,99})?(?=[\s\"',;)\]#?&]|\Z)"
)
# A port with a path behind it is no password, and an address in brackets no user; a user may be an address of
# e-mail.
_LOGIN = pattern(
    r"(?::/)?/(?!\[|" + _REPOSITORY + r")[^:@/]{0,400}(?:@[^:@/]{1,200})?:"
    r"(?!\d{1,5}(?:[/?#,]|\Z))(.{1,2000})@",
    re.DOTALL,
)
# Stands in all that has no blank, and costs less to find than any of them.
_ANY_LOGIN = pattern(r":[^\s\"':@]*@")
# What a colon may follow in front of an address that is no login: a scheme, a registry, a word about mail.
_NO_USER = (
    r"(?!(?:mailto|npm|sha\d{1,3}|https?|ssh|s?ftp|file|docker|jsr|sips?|xmpp|acct|tag|arn|urn|cpe|jdbc|git|github"
    r"|gitlab|gitea|gist|bitbucket|nfs\d?|pkg|oci|patch|workspace|catalog|link|portal|exec|doi|cc|bcc|to"
    r"|[\w.-]{0,60}(?i:mail|contact|author|maintainer|owner|from|sender|reply)s?):)"
)
# A host or registry without a scheme, behind a user or an address of one.
_BARE_LOGIN = pattern(
    rf"(?<![\w.@/:$+%-]){_NO_USER}[A-Za-z][\w.+-]{{0,99}}(@[\w.-]{{1,99}})?:"
    r"([^\s:/@\"'<>{}$\\]{4,200})(?(1)(?<!\.git))@(?!sha\d|v?\d+(?:\.\d+)*(?![\w.]))[\w\[(]"
)
# Without a user, in front of a host that is told by its port or path.
_USERLESS_LOGIN = pattern(r"(?<![^\s\"'=,\[`]):([^\s/@\"'<>{}\\]{4,200})@[A-Za-z][\w.-]{0,99}[:/]\w")
_IMAGE_LOGIN = pattern(
    r"(?:\bimage[\"']?:[ \t]{1,20}[\"']?|^[ \t]*FROM[ \t]{1,20}(?:--\S{1,200}[ \t]{1,20})?|docker://)"
    r"[^\s/:@\"']{1,99}:(?!\d{1,5}/)([^\s\"']{1,400})@(?!sha\d)",
    re.IGNORECASE | re.MULTILINE,
)
# With signs that a name or path would not hold, from the start of a word to the last `@` of it.
_ODD_LOGIN = pattern(
    rf"(?<![^\s\"'=,\[`]){_NO_USER}(?!{_REPOSITORY})"
    r"[A-Za-z][\w.+-]{0,60}(?:@[\w.-]{1,99})?:(?!/|\d{1,5}[/,])([^\s\"'<>`]{4,128})@"
    r"(?!sha\d|v?\d+(?:\.\d+)*(?![\w.]))[A-Za-z][\w.-]{0,99}(?=[/:\s\"',()\]]|\Z)"
)
_ODD_SIGN = pattern(r"[^$#!%^&*?~;|()=:@]*[$#!%^&*?~;|()=:@]|(?=\S*[a-z][A-Z]).{12}")
# Oracle parts user and password by a slash.
_ORACLE_LOGIN = pattern(r"(?:jdbc:oracle:\w{1,9}:|\bsqlplus[ \t]{1,9})[^\s/@:\"']{1,99}/([^\s\"'/@]{1,200})@")
# A token without a password; an organisation of Azure DevOps stands in front of the host and behind it.
_LONE_LOGIN = pattern(
    r"(?<=\w)://(?:([\w.-]{20,400})|(?=[^@\s]{0,20}[a-z])(?=[^@\s]{0,20}[A-Z])(?=[^@\s]{0,20}\d)([\w.-]{8,19}))"
    r"@(?![\w.-]{1,200}/\1/)"
)
# A password with blanks; a port is none.
_WIDE_LOGIN = pattern(
    r"(?P<quote>[\"']?)\b\w{1,20}://[^\s:@/\"'<>`]{1,99}:(?!\d{1,5}[/\s\"'])(?P<login>[^\s\"`@$][^\n\"`@]{1,200})@\w"
)


def find_logins(text: str) -> Iterator[Span]:
    """Passwords in front of the last `@` of a URL, host or registry, and tokens there. Linear."""
    if "@" not in text:
        return
    if _ANY_LOGIN.search(text):
        yield from _url_logins(text)
        yield from _bare_logins(text)
    if "oracle" in text or "sqlplus" in text:
        yield from last_groups(_ORACLE_LOGIN, text)
    if "://" in text:
        yield from last_groups(_LONE_LOGIN, text)
        yield from _wide_logins(text)


def _url_logins(text: str) -> Iterator[Span]:
    for url in _URL.finditer(text):
        query = _QUERY.search(text, url.start(), url.end())
        login = _LOGIN.match(text, url.start(), query.start() if query else url.end())
        if login and not is_stand_in(login[1]):
            yield Span(*login.span(1))


def _bare_logins(text: str) -> Iterator[Span]:
    for shape in (_BARE_LOGIN, _USERLESS_LOGIN, _IMAGE_LOGIN):
        yield from last_groups(shape, text)
    for match in _ODD_LOGIN.finditer(text):
        if not is_stand_in(match[1]) and _ODD_SIGN.match(match[1]):
            yield Span(*match.span(1))


def _wide_logins(text: str) -> Iterator[Span]:
    """Passwords with blanks in a URL, which a string around it holds together."""
    for wide in _WIDE_LOGIN.finditer(text):
        login = wide["login"]
        if " " in login and "://" not in login and not (wide["quote"] == "'" and "'" in login):
            yield Span(*wide.span("login"))
