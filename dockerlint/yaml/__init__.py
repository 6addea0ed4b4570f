"""Reading YAML with the place of every value, and editing it as text; what a file is for is not known."""
