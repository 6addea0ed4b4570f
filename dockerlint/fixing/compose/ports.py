"""A published port of a Compose service, bound to another address of the host."""

from __future__ import annotations

from dockerlint.findings import Edit, Refused
from dockerlint.fixing.compose.text import ComposeText
from dockerlint.regex import pattern
from dockerlint.text import Span
from dockerlint.yaml.document import Path
from dockerlint.yaml.edit import insert_entries, replace_scalar
from dockerlint.yaml.nodes import Mapping, Scalar

_LONG_FORM = ("name", "target", "published", "host_ip", "protocol", "mode", "app_protocol")
_VARIABLE = pattern(r"\$\{[^{}$]*\}|\$[A-Za-z_]\w*")
_PORT_VARIABLE = pattern(r"\$\{?\w*PORTS?\w*\}?\Z|\$\{\w+:?-\d+(?:-\d+)?\}\Z")
_IPV6_LOOPBACK = "::1"


def bind(file: ComposeText, service: Path, span: Span, address: str) -> list[Edit]:
    """Bind the entry of `ports` that holds `span` to an address; an IPv6 entry stays one."""
    ports = file.listed(file.sequence((*service, "ports")))
    items, at = ports.body.items, ports.at(span)
    if at is None:
        raise Refused("the port is set elsewhere")
    path = (*service, "ports", at)
    if isinstance(items[at], Mapping):
        if file.has((*path, "host_ip")):
            return replace_scalar(file, (*path, "host_ip"), address)
        return insert_entries(file, path, {"host_ip": address}, _LONG_FORM)
    item = file.node(path)
    if not isinstance(item, Scalar) or item.style in ("|", ">"):
        raise Refused("the port spans several lines")
    bound = bound_to(item.text, address)
    if bound in ports.words:
        raise Refused("the port is published there already")
    return [_rewrite(file, item, bound, ports.body.is_flow)]


def _rewrite(file: ComposeText, item: Scalar, bound: str, in_flow: bool) -> Edit:
    """The least that changes: what stands before the ports."""
    written = file.text[item.span.start : item.span.end]
    inner = written[1:-1] if item.style else written
    if inner != item.text:
        raise Refused("the port contains escapes")
    if in_flow and not item.style:
        quote = file.habits.quote
        return Edit(item.span, f"{quote}{bound}{quote}")
    kept = _common_end(item.text, bound)
    start = item.span.start + bool(item.style)
    return Edit(Span(start, start + len(item.text) - kept), bound[: len(bound) - kept])


def _common_end(old: str, new: str) -> int:
    """How many characters both end with; a whole address is exchanged, not some of its digits."""
    kept = 0
    while kept < min(len(old), len(new)) and old[-1 - kept] == new[-1 - kept]:
        kept += 1
    if kept == len(old):
        return kept
    return len(old) - len(_split(old)[0]) if _split(old)[0] else kept


def bound_to(entry: str, address: str) -> str:
    """The short form of a port with another address; raises Refused where a variable may hold one."""
    host_ip, published, rest = _split(entry)
    if _VARIABLE.search(host_ip):
        raise Refused("the address is a variable")
    if not published and _VARIABLE.search(rest):
        raise Refused("a variable may contain an address")
    for variable in _VARIABLE.findall(published):
        if not _PORT_VARIABLE.match(variable) or variable.count("$") != published.count("$"):
            raise Refused("a variable may contain an address")
    if _VARIABLE.sub("", published + rest).strip("0123456789-:/abcdefghijklmnopqrstuvwxyzTCPUDS"):
        raise Refused("the syntax of the port is not supported")
    is_ipv6 = host_ip.startswith("[") and "." not in host_ip
    host = f"[{_IPV6_LOOPBACK}]" if is_ipv6 and address == "127.0.0.1" else address
    return f"{host}:{published}:{rest}"


def _split(entry: str) -> tuple[str, str, str]:
    """Address, port of the host, and the rest; the colons inside of variables and brackets are none."""
    masked = _VARIABLE.sub(lambda match: "v" * len(match[0]), entry)
    bare, slash, _ = masked.rpartition("/")
    end = len(bare) if slash else len(masked)
    before, colon, _ = masked[:end].rpartition(":")
    if not colon:
        return "", "", entry
    address, separator, _ = before.rpartition(":")
    start = len(address) + 1 if separator else 0
    return entry[: len(address)], entry[start : len(before)], entry[len(before) + 1 :]
