"""Actions on Compose files: text edits, or a refusal."""
