"""A file that is linted again and again while it is edited."""
