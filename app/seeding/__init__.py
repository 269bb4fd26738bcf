"""Seed files → validated records → one transaction, safe to repeat."""
