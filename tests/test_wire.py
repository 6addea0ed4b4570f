"""Reports survive the way between processes, and their rules travel once."""

from __future__ import annotations

from report_samples import COMPOSE, LIMITS, PORT, finding

from dockerlint.run.wire import Receiver, Sender


def test_findings_arrive_as_they_were_sent() -> None:
    sender, receiver = Sender(), Receiver()
    sent = [finding(COMPOSE, "postgres:17"), finding(COMPOSE, "db", LIMITS), finding(COMPOSE, "db")]
    assert receiver.unpack(sender.pack(sent)) == sent
    assert receiver.unpack(sender.pack(sent[:1])) == sent[:1]


def test_a_rule_travels_once() -> None:
    sender, receiver = Sender(), Receiver()
    why = PORT.docs.why.encode()
    first, second = (sender.pack(finding(COMPOSE, "db")) for _ in range(2))
    assert (why in first, why in second) == (True, False)
    assert receiver.unpack(first).rule is receiver.unpack(second).rule
