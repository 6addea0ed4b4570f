"""The report as one page for a browser, which loads nothing and sends nothing."""
