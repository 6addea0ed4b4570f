"""A Dockerfile that is read again and again while it is edited."""
