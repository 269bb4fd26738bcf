"""A coordinator in the words of schema.org."""

from app.coordinators.schemas import Coordinator
from app.http.links import base_url
from app.resources.reading import Asking
from app.standards.schema_org_parts import Node
from app.standards.schema_org_types import service


def describe_coordinator(asking: Asking, item: Coordinator) -> Node:
    """A coordinator works within the municipality's social services, and may be reached through a hotline."""
    line = f"{base_url(asking.request)}/v1/hotlines/{item.reached_through}" if item.reached_through else None
    related = {"@type": "Service", "@id": line} if line else None
    return {**service(asking, item), "@type": "GovernmentService", "isRelatedTo": related}
