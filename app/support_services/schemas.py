"""Support services as the API shows them."""

from app.resources.schemas import ResourceShown


class SupportService(ResourceShown):
    """Counselling, a municipal contact, a clinic."""
