"""Hotlines as the API shows them."""

from app.resources.schemas import ResourceShown


class Hotline(ResourceShown):
    """A line or chat, with its number and whether anybody answers now."""
