"""daemon.json and flags of dockerd into the model."""
