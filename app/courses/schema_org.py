"""A course in the words of schema.org."""

from app.courses.schemas import Course
from app.http.views import View
from app.resources.models import Role
from app.standards.schema_org_parts import Node, areas_of, drop_missing
from app.standards.schema_org_types import date_of, reached_organizations, work

MODES = {"online": "Online", "on_site": "Onsite", "blended": "Blended"}


def describe_course(view: View, item: Course) -> Node:
    """A course, which has one instance."""
    workload = f"PT{item.minutes}M" if item.minutes else f"P{item.days}D" if item.days else None
    instance = drop_missing({"courseMode": MODES.get(item.format or ""), "courseWorkload": workload})
    return {
        "@type": "Course",
        **work(view, item),
        "spatialCoverage": areas_of(view, item),
        "provider": reached_organizations(view, item, Role.PROVIDER),
        "isAccessibleForFree": item.free,
        "dateCreated": date_of(item.launched_on),
        "timeRequired": workload,
        "hasCourseInstance": {"@type": "CourseInstance", **instance} if instance else None,
    }
