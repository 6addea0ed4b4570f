"""Reports of vulnerability scanners: read each in its format, and summed up for the parsers."""
