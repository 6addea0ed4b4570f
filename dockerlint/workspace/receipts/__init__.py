"""Receipts of `prove`: which hold for a file, and what stands in them."""
