"""The door to the language server, whose packages are an extra."""

from __future__ import annotations

from dockerlint.errors import UserError


def serve_editor(is_untrusted: bool) -> int:
    """Answer an editor until it leaves; raises UserError where the extra is not installed."""
    try:
        from dockerlint.lsp.server import serve
    except ModuleNotFoundError as error:
        if error.name not in ("pygls", "lsprotocol"):
            raise
        raise UserError("lsp: pygls is not installed; install dockerlint[lsp]") from None
    return serve(is_untrusted)
