"""Fixes: what a rule declares becomes edits, and only what was verified is written."""
