"""`ports:` of a Compose service, in both forms.

https://docs.docker.com/reference/compose-file/services/#ports and nat.ParsePortSpec of docker/go-connections.
"""

from __future__ import annotations

from dataclasses import replace

from dockerlint.model.container.port import Port, PortRange
from dockerlint.parse.compose.values import Values, known_text
from dockerlint.regex import pattern
from dockerlint.text import Span
from dockerlint.values import UNKNOWN, UNRESOLVED, Located, Unknown
from dockerlint.yaml.nodes import Mapping, Node, Scalar, Sequence

_BASE_60 = pattern(r"[1-9][0-9_]*(?::[0-5]?[0-9])+\Z")
"""https://yaml.org/type/int.html"""
_IPV6 = pattern(r"(?=[^:]*:[^:]*:)[0-9A-Fa-f:]+(?:\d+(?:\.\d+){3})?(?:%\w+)?\Z")
PROTOCOLS = ("tcp", "udp", "sctp")
LAST_PORT = 65535


def read_ports(node: Node | None, values: Values) -> tuple[Port, ...]:
    """Every entry that can be read; the others are problems."""
    items = node.items if isinstance(node, Sequence) else ()
    ports = (_short(item, values) if isinstance(item, Scalar) else _long(item, values) for item in items)
    return tuple(port for port in ports if port is not None)


def _short(item: Scalar, values: Values) -> Port | None:
    located = values.text_of(item)
    if located is None:
        return None
    text, span = str(located.value), located.span
    literal = text == item.text
    address, _, protocol = text.rpartition("/") if "/" in text else (text, "", "tcp")
    host, _, target = address.rpartition(":")
    host_ip, separator, published = host.rpartition(":")
    has_ip = bool(separator)

    def place(start: int, length: int) -> Span:
        return values.part(item, start, start + length) if literal else span

    target_range = _range(target, place(len(address) - len(target), len(target)))
    published_range = (
        _range(published, place(len(host) - len(published), len(published))) if published else None
    )
    protocol = protocol.lower()
    wrong = target_range is None or (published and published_range is None)
    if wrong or (protocol not in PROTOCOLS and UNRESOLVED not in protocol):
        values.problem("bad-port", "invalid port mapping", span, "write [address:][host port:]container port")
        return None
    ip = Located(known_text(host_ip.strip("[]")), place(0, len(host_ip))) if has_ip else None
    if ip is not None and isinstance(ip.value, str) and not _is_address(host_ip):
        values.problem(
            "bad-port", "the host part of a port must be an IP address", ip.span, "write [::1] or 127.0.0.1"
        )
    if _may_bring_an_address(host if not has_ip else host_ip, target, has_ip):
        ip = Located(UNKNOWN, span)
    assert target_range is not None
    if not _same_length(target_range, published_range):
        values.problem("bad-port", "the two port ranges differ in length", span)
    is_base_60 = not item.style and _BASE_60.match(item.text) is not None
    port = Port(target_range, published_range, ip, known_text(protocol), "ingress", span, is_base_60)
    return port if item.style else replace(port, is_plain=True)


def _is_address(text: str) -> bool:
    """An IPv4 or IPv6 address, in brackets or not: Docker takes no names here.

    splitParts of docker/go-connections takes all in front of the last two colons; releases before 0.5 wanted
    brackets.
    """
    if text.startswith("["):
        return text.endswith("]") and ":" in text
    if _IPV6.match(text):
        return True
    return not text or (text.count(".") == 3 and all(part.isdecimal() for part in text.split(".")))


def _same_length(target: Located[PortRange], published: Located[PortRange] | None) -> bool:
    """One port of the container may have a range on the host to choose from; else ranges go in pairs."""
    inside, outside = target.known, None if published is None else published.known
    if inside is None or outside is None or inside.first == inside.last:
        return True
    return inside.last - inside.first == outside.last - outside.first


def _may_bring_an_address(before: str, target: str, has_ip: bool) -> bool:
    """An unresolved variable that stands where an address may be: `${PREFIX}80:80`, or the whole entry."""
    if has_ip:
        return UNRESOLVED in before
    return (UNRESOLVED in before and before != UNRESOLVED) or (not before and UNRESOLVED in target)


def _long(item: Node, values: Values) -> Port | None:
    if not isinstance(item, Mapping):
        return None
    if item.get("target") is None:
        values.problem("bad-port", "the container port is missing", item.span, "add target:")
        return None
    target, published = values.text_of(item.get("target")), values.text_of(item.get("published"))
    protocol, mode = values.string(item.get("protocol")), values.string(item.get("mode"))
    target_range = _range(str(target.value), target.span) if target else None
    published_range = _range(str(published.value), published.span) if published and published.value else None
    if target_range is None or (published is not None and published.value and published_range is None):
        span = (target if target_range is None else published) or Located("", item.span)
        values.problem("bad-port", "invalid port", span.span)
        return None
    host_ip = values.string(item.get("host_ip"))
    if protocol is not None and protocol.known is not None and protocol.known.lower() not in PROTOCOLS:
        values.problem("bad-port", "unknown protocol", protocol.span, f"write {', '.join(PROTOCOLS)}")
    return Port(
        target_range,
        published_range,
        None if host_ip is None or host_ip.value == "" else host_ip,
        "tcp" if protocol is None else protocol.value,
        "ingress" if mode is None or isinstance(mode.value, Unknown) else mode.value,
        item.span,
    )


def _range(text: str, span: Span) -> Located[PortRange] | None:
    """One port or `first-last`; None when it is neither."""
    if UNRESOLVED in text:
        return Located(UNKNOWN, span)
    first, dash, last = text.partition("-")
    numbers = [first, last if dash else first]
    if not all(number.isdecimal() and number.isascii() and len(number) < 8 for number in numbers):
        return None
    low, high = int(numbers[0]), int(numbers[1])
    return Located(PortRange(low, high), span) if low <= high <= LAST_PORT else None
