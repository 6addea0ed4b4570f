"""Actions on Compose files: text edits, or the reason why there are none."""
