"""What no report may show of a file, wherever it stands."""
