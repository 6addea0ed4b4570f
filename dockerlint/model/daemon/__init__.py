"""The Docker daemon: what its settings open, and what they leave out."""
