"""What a fixed text came to, as it may be shown."""

from __future__ import annotations

from dataclasses import replace

from dockerlint.findings import Finding
from dockerlint.fixing.results import Result, Withheld
from dockerlint.masking.findings import masked_finding, masked_fix, masked_refusal


def masked_result(result: Result) -> Result:
    """The result with nothing of a secret in what its findings and fixes say; its texts are as they were."""
    masks = (result.mask_before, result.mask)

    def finding(one: Finding) -> Finding:
        return masked_finding(masked_finding(one, masks[0]), masks[1])

    applied = [
        one._replace(finding=finding(one.finding), fix=masked_fix(masked_fix(one.fix, masks[0]), masks[1]))
        for one in result.applied
    ]
    withheld = [
        Withheld(finding(one.finding), masked_refusal(masked_refusal(one.refusal, masks[0]), masks[1]))
        for one in result.withheld
    ]
    return replace(result, left=[finding(one) for one in result.left], applied=applied, withheld=withheld)
