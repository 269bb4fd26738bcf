"""What a course adds to a service of HSDS."""

from app.courses.models import CourseDetails
from app.http.views import View
from app.standards.hsds.writing import JsonObject, columns_of, drop_unstated


def tell_hsds_course(_: View, course: CourseDetails) -> JsonObject:
    """Its price as stated, and an object of our profile."""
    return drop_unstated(
        fees_description=course.price_stated,
        course=drop_unstated(**columns_of(course, "resource_id", "free", "price_stated")),
    )
