"""The libraries of the extra `dockerlint[survey]`, imported when somebody needs them."""

from __future__ import annotations

from importlib import import_module
from typing import Any, Final

from dockerlint.survey.parts import SurveyError

_EXTRA: Final = {"distributed": "survey-dask"}
"""Which extra brings a library, where it is not `survey`."""


def library(name: str) -> Any:
    """A module by its name; raises SurveyError that says what to install."""
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        package = name.partition(".")[0]
        if error.name is None or error.name.partition(".")[0] != package:
            raise
        extra = _EXTRA.get(package, "survey")
        raise SurveyError(f"survey: {package} is not installed; install dockerlint[{extra}]") from None
