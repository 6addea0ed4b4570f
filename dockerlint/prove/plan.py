"""What a dry run tells."""

from __future__ import annotations

from collections.abc import Iterator

from dockerlint.prove.options import ProveOptions
from dockerlint.prove.trials.sandbox import Sandbox


def plan(sandbox: Sandbox, options: ProveOptions) -> Iterator[str]:
    """What would be done, for a dry run."""
    others = [name for name in sandbox.names if name != sandbox.service]
    yield f"  starts {sandbox.service}{f', and {chr(44).join(others)} for it' if others else ''}"
    yield "  in a Compose project, networks and volumes of its own, without ports, host files and labels"
    for name in sandbox.names:
        yield f"  {name}: volumes {', '.join(_targets(sandbox, name)) or 'none'}"
    tells = "its health check" if sandbox.has_check else ""
    yield f"  works: {' and '.join(filter(None, (tells, *options.tests)))}, in two starts on the same volumes"
    yield "  tries: as it is; then on top of what has worked:"
    yield "    read_only, with a tmpfs for each folder that the engine and the log name"
    yield "    a user of the image, where it stays root and one is known"
    yield "    cap_drop ALL, with what the log asks for, else with halves of today's set"
    yield "    no-new-privileges"
    if options.tests:
        yield "    mem_limit and pids_limit, twice what the test took"
    yield "    and each tmpfs and capability taken away in turn"
    yield f"  ends after {options.seconds:g} s at the latest, and removes everything"


def _targets(sandbox: Sandbox, name: str) -> list[str]:
    written = sandbox.project.services[name].get("volumes") or ()
    return sorted({*(str(one.get("target")) for one in written), *sandbox.images[name].volumes})
