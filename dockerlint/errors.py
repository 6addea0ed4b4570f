"""Errors that a user sees as they are."""

from __future__ import annotations


class UserError(Exception):
    """Something that the user gave cannot be used; the text says what, where, and what to do about it."""
