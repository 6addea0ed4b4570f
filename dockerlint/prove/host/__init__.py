"""The engine of this host: its commands, what it has, what it shows, what marks all that is made on it."""
