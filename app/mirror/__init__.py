"""Exports the whole service as plain files for any web server (docs/decisions/0006-static-mirror.md)."""
