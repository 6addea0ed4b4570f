"""What stands below the options in a help text."""

from __future__ import annotations


def epilog(codes: str, *examples: str) -> str:
    """The exit codes, and examples with a line each."""
    lines = "\n".join(f"  {example}" for example in examples)
    return f"Exit code: {codes}\n\n\b\nExamples:\n{lines}"
