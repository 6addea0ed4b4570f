"""Checks that a command switches off: certificates of servers, signatures of packages."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from typing import Final

from dockerlint.data import word_list, word_table
from dockerlint.regex import pattern
from dockerlint.shell.command import SimpleCommand
from dockerlint.shell.words import Word
from dockerlint.values import Located

_FALSE = frozenset({"false", "0", "no", "off", "none", "null"})
_TRUE = frozenset({"true", "1", "yes", "on"})

_TLS_OPTIONS: Final = word_table("commands", "tls-off-options")
_SIGNATURE_OPTIONS: Final = word_table("commands", "unsigned-options")

_APT_TLS = pattern(r"acquire::(?:https?::)?(?:[\w.-]+::)?verify-(?:peer|host)$")
_APT_SIGNATURES = pattern(
    r"acquire::allow(?:insecure|downgradetoinsecure)repositories$|apt::get::allowunauthenticated$"
)
_RPM_TLS = pattern(r"(?:[\w*.-]+\.)?sslverify=['\"]?(?:0|false|no|off)['\"]?$", re.IGNORECASE)
_RPM_SIGNATURES = pattern(
    r"(?:[\w*.-]+\.)?(?:gpgcheck|repo_gpgcheck|localpkg_gpgcheck)=['\"]?(?:0|false|no|off)['\"]?$",
    re.IGNORECASE,
)
_OWN_MACHINE = pattern(r"(?:\w+://)?(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?:[:/?]|$)")
_GIT_TLS = pattern(r"http\.(?:.*\.)?sslverify$", re.IGNORECASE)


def certificate_check_off(command: SimpleCommand) -> Located[str] | None:
    """The word that makes a command accept any certificate, or stores that as a setting; None without one.

    Asking the own machine, as health checks do, needs no certificate.
    """
    found = _by_option(command, _TLS_OPTIONS.get(command.tool, ()))
    setting = _TLS_SETTINGS.get(command.tool)
    if found is None and setting is not None:
        found = setting(command)
    return None if found is not None and _asks_own_machine(command) else found


def certificate_checks_off(command: SimpleCommand) -> tuple[Located[str], ...]:
    """Every word that does so where options do; else the one place of the setting."""
    first = certificate_check_off(command)
    if first is None:
        return ()
    names = _TLS_OPTIONS.get(command.tool, ())
    found = [Located(one.name, one.span) for one in command.read.options if one.name in names]
    if command.tool == "git":
        settings = (one.value for one in command.read.options if one.name in ("-c", "--config"))
        found = [Located(one.text, one.span) for one in settings if one and _turns_git_off(one.text)]
    return tuple(found) if first in found else (first,)


def _turns_git_off(setting: str) -> bool:
    key, _, value = setting.partition("=")
    return bool(_GIT_TLS.match(key)) and value.lower() in _FALSE


def only_stores_setting(command: SimpleCommand) -> bool:
    """All that the command does is to store one setting: `npm config set …`, `conda config --set …`."""
    verb = "" if command.subcommand is None else str(command.subcommand.value)
    if command.tool == "yum-config-manager" or verb == "config-manager":
        return (
            set(command.options) <= {"--save", "--setopt", "-q", "-y"}
            and command.options.count("--setopt") == 1
        )
    return verb in ("config", "c", "env", "set") and len(command.read.operands) <= 3


def asks_unknown_server(command: SimpleCommand) -> bool:
    """Whether none of its operands says which server it asks, as a variable does."""
    return bool(command.arguments) and all(text.startswith("$") for text in command.arguments)


def _asks_own_machine(command: SimpleCommand) -> bool:
    """Its addresses are all of this machine; without a scheme one is told by a port, a path or its name."""
    addresses = [text for text in command.arguments if "://" in text or _OWN_MACHINE.match(text)]
    return bool(addresses) and all(_OWN_MACHINE.match(text) for text in addresses)


def signature_check_off(command: SimpleCommand) -> Located[str] | None:
    """The word that makes a command install what nobody has signed; None without one."""
    found = _by_option(command, _SIGNATURE_OPTIONS.get(command.tool, ()))
    if found is None and command.tool in ("apt-get", "apt", "aptitude"):
        return _apt_setting(command, _APT_SIGNATURES, _TRUE)
    if found is None and command.tool in _RPM_FAMILY:
        return _set_option(command, _RPM_SIGNATURES)
    return found


def _by_option(command: SimpleCommand, names: tuple[str, ...]) -> Located[str] | None:
    if not names:
        return None
    for option in command.read.options:
        spelled = f"{option.name}={option.value.text}" if option.value is not None else option.name
        if option.name in names or spelled in names:
            return Located(option.name, option.span)
    return None


def _apt_setting(
    command: SimpleCommand, name: re.Pattern[str], values: frozenset[str]
) -> Located[str] | None:
    for option in command.read.options:
        if option.name in ("-o", "--option") and option.value is not None:
            key, _, value = option.value.text.partition("=")
            if name.match(key.strip().lower()) and value.strip("\"' ;").lower() in values:
                return Located(option.value.text, option.value.span)
    return None


def _set_option(command: SimpleCommand, setting: re.Pattern[str]) -> Located[str] | None:
    for option in command.read.options:
        if option.name == "--setopt" and option.value and setting.match(option.value.text):
            return Located(option.value.text, option.span)
    return next(
        (Located(word.text, word.span) for word in command.read.operands if setting.match(word.text)), None
    )


def _words_with_subcommand(command: SimpleCommand) -> tuple[Word, ...]:
    read = command.read
    return read.operands if read.subcommand is None else (read.subcommand, *read.operands)


def _npm_setting(command: SimpleCommand) -> Located[str] | None:
    """`npm config set strict-ssl false`, `npm set strict-ssl=false`, `yarn config set enableStrictSsl …`."""
    words = _words_with_subcommand(command)
    texts = [word.text for word in words]
    if "set" not in texts[:2] or not texts or texts[0] not in ("config", "c", "set"):
        return None
    rest = words[texts.index("set") + 1 :]
    for at, word in enumerate(rest):
        name, equals, value = word.text.partition("=")
        value = value if equals else rest[at + 1].text if at + 1 < len(rest) else ""
        if (
            name.lower() in ("strict-ssl", "enablestrictssl", "unsafehttpwhitelist")
            and value.lower() in _FALSE
        ):
            return Located(f"{name} {value}", word.span)
    return None


def _git_setting(command: SimpleCommand) -> Located[str] | None:
    """`git -c http.sslVerify=false …`, `git config --global http.sslVerify false`."""
    for option in command.read.options:
        if option.name in ("-c", "--config") and option.value is not None:
            key, _, value = option.value.text.partition("=")
            if _GIT_TLS.match(key) and value.lower() in _FALSE:
                return Located(option.value.text, option.value.span)
    if command.subcommand is None or command.subcommand.value != "config":
        return None
    operands = [word for word in command.read.operands if word.text != "set"]
    for key_word, value_word in pairwise(operands):
        if _GIT_TLS.match(key_word.text) and value_word.text.lower() in _FALSE:
            return Located(f"{key_word.text} {value_word.text}", key_word.span)
    return None


def _conda_setting(command: SimpleCommand) -> Located[str] | None:
    words = command.words
    for key_word, value_word in pairwise(words):
        if key_word.text == "ssl_verify" and value_word.text.lower() in _FALSE:
            return Located("ssl_verify", key_word.span)
    return None


def _pip_setting(command: SimpleCommand) -> Located[str] | None:
    """`pip config set global.trusted-host …`."""
    if command.subcommand is None or command.subcommand.value != "config":
        return None
    found = (word for word in command.read.operands if word.text.endswith(".trusted-host"))
    return next((Located(word.text, word.span) for word in found), None)


def _pair_setting(*settings: tuple[str, frozenset[str]]) -> Callable[[SimpleCommand], Located[str] | None]:
    """A setting named by one operand and switched by the next."""
    wanted = dict(settings)

    def find(command: SimpleCommand) -> Located[str] | None:
        operands = command.read.operands
        for name, value in pairwise(operands):
            if value.text.lower() in wanted.get(name.text.lower(), ()):
                return Located(name.text, name.span)
        return None

    return find


def _go_setting(command: SimpleCommand) -> Located[str] | None:
    """`go env -w GOINSECURE=…`."""
    if command.subcommand is None or command.subcommand.value != "env":
        return None
    found = (
        word
        for word in command.words
        if word.text.startswith(("GOINSECURE=", "GONOSUMCHECK=", "GONOSUMDB=*"))
    )
    return next((Located(word.text, word.span) for word in found), None)


_RPM_FAMILY: Final = word_list("commands", "rpm-managers")
_TLS_SETTINGS: dict[str, Callable[[SimpleCommand], Located[str] | None]] = {
    "npm": _npm_setting,
    "yarn": _npm_setting,
    "pnpm": _npm_setting,
    "git": _git_setting,
    "conda": _conda_setting,
    "mamba": _conda_setting,
    "micromamba": _conda_setting,
    "pip": _pip_setting,
    "go": _go_setting,
    "composer": _pair_setting(("disable-tls", _TRUE), ("secure-http", _FALSE)),
    "bundle": _pair_setting(("ssl_verify_mode", _FALSE)),
    "poetry": _pair_setting(("certificates.pypi.cert", _FALSE)),
    **dict.fromkeys(_RPM_FAMILY, lambda command: _set_option(command, _RPM_TLS)),
    **dict.fromkeys(("apt-get", "apt"), lambda command: _apt_setting(command, _APT_TLS, _FALSE)),
}
