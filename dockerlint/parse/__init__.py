"""Text into the model, one folder a kind of file."""
