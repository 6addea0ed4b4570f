"""Parts judged on a Dask cluster that is there already; its workers share the folders of input and output."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from dockerlint.survey.extras import library
from dockerlint.survey.judging import Task, judge_part
from dockerlint.survey.local import Judged
from dockerlint.survey.parts import SurveyError

ROUNDS: Final = 5
"""Times that a part is handed out, where its workers are lost or fail."""
_SECONDS: Final = 20
"""Until a scheduler that does not answer is given up."""


def judge_on_cluster(tasks: Sequence[Task], scheduler: str, tell: Callable[[str], None]) -> Iterator[Judged]:
    """Judge parts on a cluster, as they are done; raises SurveyError where there is none.

    The scheduler hands the parts of a lost worker to others. One that it gives up is handed out again: what
    its worker died at is known from the note in the folder of the tables.
    """
    distributed = library("distributed")
    try:
        client = distributed.Client(scheduler, timeout=_SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:
        raise SurveyError(
            f"--scheduler {scheduler}: cannot be reached: {str(error).splitlines()[0]}"
        ) from None
    with client:
        left = list(tasks)
        for number in range(1, ROUNDS + 1):
            failed: dict[Task, str] = {}
            for task, answer in _answers(client, distributed, left):
                if isinstance(answer, Exception):
                    failed[task] = _told(answer)
                else:
                    yield Judged(task, answer)
            left = [task for task in left if task in failed and number < ROUNDS]
            if not left:
                yield from (Judged(task, None, why) for task, why in failed.items())
                return
            tell(f"{len(left)} parts are handed out again: {next(iter(failed.values()))}")


def _answers(client: Any, distributed: Any, tasks: Sequence[Task]) -> Iterator[tuple[Task, Any]]:
    """Each part with its manifest, or with what went wrong."""
    run = os.urandom(4).hex()  # nothing that an earlier run left on the cluster is an answer
    keys = [f"dockerlint-{task.part.id}-{run}" for task in tasks]
    futures = client.map(judge_part, tasks, key=keys, pure=False, batch_size=1_000)
    by_key = dict(zip(keys, tasks, strict=True))
    for future in distributed.as_completed(futures):
        try:
            answer = future.result()
        except Exception as error:
            answer = error
        yield by_key[future.key], answer


def _told(error: Exception) -> str:
    lines = str(error).splitlines()
    return f"{type(error).__name__}: {lines[0][:200]}" if lines else type(error).__name__
