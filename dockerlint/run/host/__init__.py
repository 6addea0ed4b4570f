"""The engine of this host, asked for what it runs."""
