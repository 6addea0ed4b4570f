"""`python -m dockerlint`."""

from dockerlint.cli import main

if __name__ == "__main__":
    main()
