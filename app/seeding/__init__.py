"""Reads seed files, validates their records and merges them into the store in one transaction; safe to repeat."""
