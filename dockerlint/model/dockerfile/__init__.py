"""What a Dockerfile says: its stages, their instructions, and what these leave."""
