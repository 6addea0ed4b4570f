"""`python -m dockerlint`."""

from dockerlint.cli.main import main

if __name__ == "__main__":
    main()
