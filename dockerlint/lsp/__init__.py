"""The language server: the checks and fixes of the command line, for editors."""
