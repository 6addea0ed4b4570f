"""The input of a survey: Parquet files, or a folder of repositories."""

from __future__ import annotations

import os
from collections.abc import Iterator

from dockerlint.survey.files import SurveyedFile
from dockerlint.survey.folders import files_of_folder, parquet_files_in, parts_of_folder
from dockerlint.survey.parquet import parts_of_parquet, rows_of_parquet
from dockerlint.survey.parts import SurveyError, SurveyPart


def parts_of(source: str, size: int, depth: int) -> Iterator[SurveyPart]:
    """The parts of an input, in stable order; raises SurveyError.

    A folder with Parquet files in it holds the input in them, any other one holds repositories.
    """
    real = os.path.realpath(source)
    if os.path.isdir(real):
        files = parquet_files_in(real)
        if not files:
            yield from parts_of_folder(real, size, depth)
            return
    elif os.path.exists(real):
        files = [real]
    else:
        raise SurveyError(f"{source}: no such file or directory")
    for path in files:
        yield from parts_of_parquet(path, size)


def files_of(part: SurveyPart) -> Iterator[SurveyedFile]:
    """The files of a part, in its order; raises SurveyError where the input cannot be read."""
    if part.found:
        return files_of_folder(part)
    return rows_of_parquet(part)
