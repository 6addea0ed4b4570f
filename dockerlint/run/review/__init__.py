"""Runs that look back: baselines, changes since a revision, records of an audit."""
