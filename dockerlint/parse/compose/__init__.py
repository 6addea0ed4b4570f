"""A Compose file into the model."""
