"""What several requests on one text ask for, worked out once."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, TypeVar

T = TypeVar("T")


class Answers:
    """Answers about one text and its model, by the question and what it was asked about."""

    def __init__(self) -> None:
        self._answers: dict[tuple[object, ...], Any] = {}
        self._asked: list[tuple[object, ...]] = []
        """What was asked about lives as long as the answers, so that nothing else gets its identity."""

    def answer(self, question: Callable[..., T], *about: object) -> T:
        """What `question(*about)` says. Nodes are told apart by identity, texts by what they say."""
        key = (question, *(one if isinstance(one, (str, tuple)) else id(one) for one in about))
        if key not in self._answers:
            self._answers[key] = question(*about)
            self._asked.append(about)
        answer: T = self._answers[key]
        return answer


@lru_cache(maxsize=4)
def shared_by(text: str) -> Answers:
    """What the requests on a text share; the last few texts are kept, since those of a project take turns."""
    return Answers()
