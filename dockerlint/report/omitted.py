"""One line about what a run left out, and by which settings; the same as data for programs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from dockerlint.workspace.omissions import Excluder, Hider, Omissions

_COMMENTS: Final = "inline"
_OURS: Final = "dockerlint"
_PURPOSE: Final = "purpose"
_MOST_NAMES: Final = 3
_EXCLUDERS: Final = {
    "gitignore": ".gitignore",
    "default": "default",
    "content": "content that its name does not fit",
    "link": "links out of the project",
    "special": "not being a regular file",
}


def omission_line(omissions: Omissions) -> str:
    """What was hidden and excluded, and the settings that did it; "" where there was nothing of the kind."""
    if omissions.is_usual:
        return ""
    told = [
        ("hidden:", _hidden(omissions.hidden)),
        ("lowered:", _hidden(omissions.lowered)),
        ("excluded:", _excluded(omissions.excluded)),
        ("config", _configs(omissions.configs)),
    ]
    parts = [f"{label} {text}" for label, text in told if text]
    if omissions.selected:
        parts.append(f"select {_listed(omissions.selected)}")
    elif omissions.profiles:
        parts.append(f"profile {_listed(omissions.profiles)}")
    return "   ".join(parts)


def omission_data(omissions: Omissions) -> dict[str, Any]:
    """The parts of a summary that say what was left out."""
    return {
        "excluded": [
            {"by": by, "where": where, **files_and_folders}
            for (by, where), files_and_folders in _by_place(omissions.excluded).items()
        ],
        "hidden": _counted(omissions.hidden),
        "lowered": _counted(omissions.lowered),
        "profile": ", ".join(omissions.profiles),
        "select": list(omissions.selected),
        "configs": [{"path": path, "sets": list(keys)} for path, keys in omissions.configs.items()],
    }


def _counted(hiders: Mapping[Hider, int]) -> list[dict[str, Any]]:
    return [{"by": one.by, "where": one.where, "findings": number} for one, number in sorted(hiders.items())]


def _by_place(excluded: Mapping[Excluder, int]) -> dict[tuple[str, str], dict[str, int]]:
    found: dict[tuple[str, str], dict[str, int]] = {}
    for one, number in sorted(excluded.items()):
        counts = found.setdefault((one.by, one.where), {"files": 0, "folders": 0})
        counts["folders" if one.is_folder else "files"] += number
    return found


def _hidden(hiders: Mapping[Hider, int]) -> str:
    return ", ".join(f"{number} by {_hider(one)}" for one, number in sorted(hiders.items()))


def _hider(hider: Hider) -> str:
    if hider.by == _COMMENTS:
        return "inline comments" + ("" if hider.where == _OURS else f" of {hider.where}")
    if hider.by == _PURPOSE:
        return f"purpose {hider.where}"
    return hider.where if hider.where.startswith("--") else f"{hider.by} in {hider.where}"


def _excluded(excluded: Mapping[Excluder, int]) -> str:
    counts: dict[tuple[str, bool], int] = {}
    for one, number in sorted(excluded.items()):
        by = _EXCLUDERS.get(one.by) or f"{one.by} in {one.where}"
        counts[by, one.is_folder] = counts.get((by, one.is_folder), 0) + number
    return ", ".join(f"{_amount(number, is_folder)} by {by}" for (by, is_folder), number in counts.items())


def _amount(number: int, is_folder: bool) -> str:
    return f"{number} {'folder' if is_folder else 'file'}{'' if number == 1 else 's'}"


def _configs(configs: Mapping[str, Iterable[str]]) -> str:
    return _listed([f"{path} ({', '.join(keys)})" if keys else path for path, keys in configs.items()])


def _listed(names: Iterable[str]) -> str:
    names = list(names)
    more = len(names) - _MOST_NAMES
    return ", ".join(names[:_MOST_NAMES]) + (f" and {more} more" if more > 0 else "")
