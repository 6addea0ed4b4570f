"""What a command of a shell does to an image."""
