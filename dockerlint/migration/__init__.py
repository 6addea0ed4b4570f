"""Configs of other tools, and what they amount to in a config of dockerlint."""
