"""Lines that make containers: where they stand, and what they say."""
