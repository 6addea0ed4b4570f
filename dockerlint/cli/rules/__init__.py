"""What the command line says about rules: `dockerlint rules`, `dockerlint explain`."""
