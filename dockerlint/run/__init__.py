"""A run of check or fix over many files."""
