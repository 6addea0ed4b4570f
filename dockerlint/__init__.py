"""dockerlint: a linter and fixer for everything that decides how a container is built and run."""

__version__ = "0.1.0"
