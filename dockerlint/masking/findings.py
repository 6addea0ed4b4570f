"""Findings as reports may show them."""

from __future__ import annotations

from typing import Final

from dockerlint.findings import Finding, Fix, NewFile
from dockerlint.masking import Mask
from dockerlint.records import replace

HOLDS_SECRET: Final = "it holds a secret"


def masked_finding(finding: Finding, mask: Mask) -> Finding:
    """The finding with nothing of a secret in what it says or would write."""
    path = mask.path(finding.path)
    subject = None if finding.subject is None else mask.name(finding.subject)
    if mask.is_idle and (path, subject) == (finding.path, finding.subject):
        return finding
    return replace(
        finding,
        message=mask.text(finding.message),
        path=path,
        subject=subject,
        evidence=mask.text(finding.evidence),
        fix=None if finding.fix is None else masked_fix(finding.fix, mask),
        unfixed=mask.text(finding.unfixed),
    )


def masked_fix(fix: Fix, mask: Mask) -> Fix:
    """The fix with its promise; without its edits where one of them would write a secret."""
    holds_secret = any(mask.hides(edit.text) for edit in fix.edits)
    return replace(
        fix,
        title=mask.text(fix.title),
        caveat=mask.text(fix.caveat),
        edits=() if holds_secret else fix.edits,
        left_out=HOLDS_SECRET if holds_secret else fix.left_out,
        files=tuple(_masked_file(file, mask) for file in fix.files),
    )


def _masked_file(file: NewFile, mask: Mask) -> NewFile:
    is_secret = file.is_secret or mask.hides(file.text)
    return replace(file, path=mask.path(file.path), text="" if is_secret else file.text, is_secret=is_secret)
