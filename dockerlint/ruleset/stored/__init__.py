"""Facts about images that the user brought in between two releases, and those that are in force."""
