"""A coordinator in the words of schema.org."""

from app.coordinators.schemas import Coordinator
from app.http.views import View
from app.standards.schema_org_parts import Node
from app.standards.schema_org_types import service


def describe_coordinator(view: View, item: Coordinator) -> Node:
    """A coordinator works within the municipality's social services, and may be reached through a hotline."""
    line = f"{view.base_url}/v1/hotlines/{item.reached_through}" if item.reached_through else None
    related = {"@type": "Service", "@id": line} if line else None
    return {**service(view, item), "@type": "GovernmentService", "isRelatedTo": related}
