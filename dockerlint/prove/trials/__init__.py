"""One trial: what is taken from a service, the project that it is started in, and how that went."""
