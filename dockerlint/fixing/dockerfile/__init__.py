"""Actions on Dockerfiles: text edits, or the reason why there are none."""
