"""Findings as reports may show them."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from dockerlint.findings import Finding, Fix, NewFile, Refusal
from dockerlint.masking.mask import Mask

HOLDS_SECRET: Final = "it contains a secret"


def masked_finding(finding: Finding, mask: Mask) -> Finding:
    """The finding with nothing of a secret in what it says or would write."""
    finding = _named_safely(finding, mask)
    if mask.is_idle:
        return finding
    message, evidence = mask.text(finding.message), mask.text(finding.evidence)
    unfixed = None if finding.unfixed is None else masked_refusal(finding.unfixed, mask)
    fix = None if finding.fix is None else masked_fix(finding.fix, mask)
    return replace(finding, message=message, evidence=evidence, fix=fix, unfixed=unfixed)


def _named_safely(finding: Finding, mask: Mask) -> Finding:
    """The finding with no credential in the names and paths of what it is about."""
    path, project = mask.path(finding.path), mask.path(finding.project)
    subject = None if finding.subject is None else mask.name(finding.subject)
    others, builders, profiles = (
        tuple(map(mask.name, names)) for names in (finding.shared_with, finding.built_by, finding.profiles)
    )
    named = (path, subject, project, others, builders, profiles)
    if named == (
        *(finding.path, finding.subject, finding.project),
        *(finding.shared_with, finding.built_by, finding.profiles),
    ):
        return finding
    return replace(
        finding,
        path=path,
        subject=subject,
        project=project,
        shared_with=others,
        built_by=builders,
        profiles=profiles,
    )


def masked_refusal(refusal: Refusal, mask: Mask) -> Refusal:
    """The refusal with nothing of a secret in its reason."""
    return Refusal(mask.text(refusal.reason))


def masked_fix(fix: Fix, mask: Mask) -> Fix:
    """The fix with its promise; without its edits where one of them would write a secret."""
    holds_secret = any(mask.hides(edit.text) for edit in fix.edits)
    title, caveat = mask.text(fix.title), mask.text(fix.caveat)
    if not (holds_secret or fix.files) and (title, caveat) == (fix.title, fix.caveat):
        return fix
    return replace(
        fix,
        title=title,
        caveat=caveat,
        edits=() if holds_secret else fix.edits,
        left_out=HOLDS_SECRET if holds_secret else fix.left_out,
        files=tuple(_masked_file(file, mask) for file in fix.files),
    )


def _masked_file(file: NewFile, mask: Mask) -> NewFile:
    is_secret = file.is_secret or mask.hides(file.text)
    return replace(file, path=mask.path(file.path), text="" if is_secret else file.text, is_secret=is_secret)
