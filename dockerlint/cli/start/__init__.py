"""What `dockerlint init` adds besides a config: hooks of pre-commit, and jobs of services that build."""
