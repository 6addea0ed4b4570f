"""Hardening that is tried on the user's own engine: which trials, in what order, and what they showed."""
