"""Requests on daemon.json: edits of its text, and what they did besides."""
