"""Reads JSON text that somebody wrote or a program printed, and edits it; knows no Docker."""
