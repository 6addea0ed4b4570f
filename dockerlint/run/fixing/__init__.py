"""What a fix is told of a file, and all files of a project fixed in one go."""
