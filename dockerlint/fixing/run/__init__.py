"""Requests on lines that make containers: other words, and what they did besides."""
