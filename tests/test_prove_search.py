"""How the smallest set is found: whole sets are tried, and none counts that was not."""

from __future__ import annotations

import pytest

from dockerlint.prove.host.observing import Changed, Process, telling_line
from dockerlint.prove.layers.hints import capabilities_in, folders_in, written_folders
from dockerlint.prove.layers.search import once, shrink
from dockerlint.prove.layers.users import PHASE, judged_by_users
from dockerlint.prove.trials.trial import TrialResult

WHOLE = tuple("abcdefghijklmn")


def test_a_small_set_is_found_in_few_trials() -> None:
    tried: list[tuple[str, ...]] = []

    def works(members: tuple[str, ...]) -> bool:
        tried.append(members)
        return {"c", "k"} <= set(members)

    assert shrink(WHOLE, once(works)) == ("c", "k")
    assert len(tried) < 20


def test_sets_that_grow_can_break_so_that_only_proven_ones_are_kept() -> None:
    """`b` alone works, and with `a` only where `c` is there, too."""
    proven = [WHOLE]

    def works(members: tuple[str, ...]) -> bool:
        if "b" in members and ("a" not in members or "c" in members):
            proven.append(members)
            return True
        return False

    assert shrink(WHOLE, once(works)) == ("b",) == proven[-1]


def test_nothing_is_taken_from_a_set_that_needs_all() -> None:
    assert shrink(("a", "b"), lambda members: False) == ("a", "b")
    assert shrink((), lambda members: False) == ()


def test_lines_of_logs_name_what_was_missing() -> None:
    assert capabilities_in(["chown: changing ownership of '/data': Operation not permitted"]) == ("CHOWN",)
    assert capabilities_in(['error: failed switching to "redis": operation not permitted']) == (
        "SETGID",
        "SETUID",
    )
    assert capabilities_in(["mkdir: cannot create directory '/data/x': Permission denied"]) == (
        "DAC_OVERRIDE",
    )
    assert capabilities_in(["chown is a word, and nothing was refused"]) == ()
    assert folders_in(['open() "/run/app/app.pid" failed (30: Read-only file system)']) == ("/run/app",)
    assert telling_line(["error: gone", "open /x: Permission denied", "bye"]) == "open /x: Permission denied"


def test_the_uppermost_folder_of_new_files_is_what_a_tmpfs_is_for() -> None:
    paths = [
        ("/run", False),
        ("/run/a", True),
        ("/run/a/b.pid", True),
        ("/var/cache/x/y", True),
        ("/etc/c", False),
    ]
    changes = [Changed(path, is_new) for path, is_new in paths]
    assert written_folders(changes) == ("/run", "/var/cache/x")


def running(*processes: tuple[str, int]) -> tuple[Process, ...]:
    return tuple(Process(name, at, uid, uid, is_stuck=True) for at, (name, uid) in enumerate(processes, 1))


@pytest.mark.parametrize(
    ("now", "works"),
    [
        ([("server", 0), ("server", 33)], True),
        ([("server", 33)], True),
        ([("server", 10001)], True),  # another user, such as one that was tried
        ([("server", 0), ("server", 0)], False),
        ([("other", 0)], True),  # the program cannot be seen
        ([], True),
    ],
)
def test_a_program_that_stepped_down_from_root_must_not_go_on_as_root(
    now: list[tuple[str, int]], works: bool
) -> None:
    before = running(("init", 0), ("server", 0), ("server", 33))
    result = judged_by_users(TrialResult(True, "", "", (), 1.0, 1.0, (), running(*now)), before)
    assert result.works is works
    assert (result.phase == PHASE) is not works
    assert works or "server goes on as root" in result.line
