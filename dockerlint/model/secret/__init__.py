"""Secrets: told by name, by value, by form, in parsed and in raw text."""
