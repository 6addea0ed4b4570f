"""A Dockerfile into the model."""
