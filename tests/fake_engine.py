"""An engine for tests of `prove`: it keeps what it makes, and its program fails as a real one does."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from dockerlint.prove.host.engine import Engine, Reply

Program = Callable[[dict[str, Any], int], str]
"""A service as Compose is told to run it and the number of its start → the line it fails with, or ""."""


class FakeEngine(Engine):
    """Answers what `prove` asks of docker, and counts what is left."""

    def __init__(
        self, composed: dict[str, Any], program: Program, image: dict[str, Any] | None = None
    ) -> None:
        super().__init__("/usr/bin/docker")
        self.composed = composed
        self.program = program
        self.image = image or {}
        self.changes = ""
        self.uids: Sequence[int] = (0,)
        self.asked: list[tuple[str, ...]] = []
        self.documents: list[dict[str, Any]] = []
        self.things: dict[str, dict[str, dict[str, str]]] = {"ps": {}, "network": {}, "volume": {}}
        """By kind and name: labels of what was made."""
        self.lines: dict[str, str] = {}
        """The line with which each container has ended."""
        self.starts: dict[str, int] = {}
        self.interrupt: Callable[[int], None] = lambda number: None

    def ask(self, *words: str, seconds: float = 30, given: str | None = None) -> Reply:
        self.asked.append(words)
        self.interrupt(len(self.asked))
        answer = getattr(self, f"_{words[0]}", None)
        return answer(words, given) if answer else Reply(0, "", "")

    @property
    def left(self) -> list[str]:
        return [name for things in self.things.values() for name in things]

    def _version(self, words: Sequence[str], given: str | None) -> Reply:
        return Reply(0, "26.1.5\n", "")

    def _compose(self, words: Sequence[str], given: str | None) -> Reply:
        if "config" in words:
            return Reply(0, json.dumps(self.composed), "")
        if "up" not in words:
            return Reply(0, "v2.26.1\n", "")
        document, project = json.loads(given or ""), words[words.index("-p") + 1]
        self.documents.append(document)
        service = document["services"][words[-1]]
        self.starts[project] = self.starts.get(project, 0) + 1
        for kind in ("network", "volume"):
            for name, about in document[f"{kind}s"].items():
                self.things[kind][about.get("name") or f"{project}_{name}"] = about.get(
                    "labels", service["labels"]
                )
        self.things["ps"][project] = service["labels"]
        self.lines[project] = self.program(service, self.starts[project])
        return Reply(0, "", "")

    def _image(self, words: Sequence[str], given: str | None) -> Reply:
        about = {"Id": "sha256:" + "a" * 64, "RepoDigests": [], "Config": self.image}
        return Reply(0, json.dumps([about]), "")

    def _ps(self, words: Sequence[str], given: str | None) -> Reply:
        if "-aq" in words:
            wanted = [word.partition("project=")[2] for word in words if "project=" in word]
            return Reply(0, "\n".join(name for name in self.things["ps"] if name in wanted), "")
        return self._listed("ps", words)

    def _network(self, words: Sequence[str], given: str | None) -> Reply:
        return self._listed("network", words) if words[1] == "ls" else self._removed("network", words)

    def _volume(self, words: Sequence[str], given: str | None) -> Reply:
        if words[1] == "create":
            labels = dict(word.split("=", 1) for word in words if word.startswith("dockerlint."))
            self.things["volume"][words[-1]] = labels
            return Reply(0, words[-1], "")
        return self._listed("volume", words) if words[1] == "ls" else self._removed("volume", words)

    def _rm(self, words: Sequence[str], given: str | None) -> Reply:
        return self._removed("ps", words)

    def _listed(self, kind: str, words: Sequence[str]) -> Reply:
        label, _, token = words[words.index("--filter") + 1].removeprefix("label=").partition("=")
        rows = [
            f"{name} {labels[label]} {labels[label + '.owner']} {labels[label + '.until']}"
            for name, labels in self.things[kind].items()
            if label in labels and token in ("", labels[label])
        ]
        return Reply(0, "\n".join(rows), "")

    def _removed(self, kind: str, words: Sequence[str]) -> Reply:
        for word in words:
            self.things[kind].pop(word, None)
        return Reply(0, "", "")

    def _inspect(self, words: Sequence[str], given: str | None) -> Reply:
        line = self.lines[words[-1]]
        state = (
            {"Status": "exited", "ExitCode": 1}
            if line
            else {"Status": "running", "Health": {"Status": "healthy"}}
        )
        return Reply(0, json.dumps([{"State": state}]), "")

    def _logs(self, words: Sequence[str], given: str | None) -> Reply:
        return Reply(0, self.lines[words[-1]], "")

    def _diff(self, words: Sequence[str], given: str | None) -> Reply:
        return Reply(0, self.changes, "")

    def _exec(self, words: Sequence[str], given: str | None) -> Reply:
        if "/proc/" in words[-1]:
            told = (f"Name:\tserver\nPid:\t1\nUid:\t{uid}\t{uid}\nGid:\t{uid}\t{uid}\n" for uid in self.uids)
            return Reply(0, "".join(told), "")
        if "cgroup" in words[-1]:
            return Reply(0, f"{40 << 20}\n12\n", "")
        return Reply(0, "", "")
