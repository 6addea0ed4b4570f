"""What a container is and what it shares with others, wherever it was declared."""
