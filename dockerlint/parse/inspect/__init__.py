"""`docker inspect` and `podman inspect` into the model."""
