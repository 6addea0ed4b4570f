"""What a container or a stage needs to run hardened: capabilities, tmpfs, bounds, a health check, a user."""
