"""What a course adds to a service of HSDS."""

from app.courses.models import CourseDetails
from app.http.views import View
from app.standards.hsds.writing import JsonObject, columns_of, stated


def tell_hsds_course(_: View, course: CourseDetails) -> JsonObject:
    """Its price as stated, and an object of our profile."""
    return stated(
        fees_description=course.price_stated,
        course=stated(**columns_of(course, "resource_id", "free", "price_stated")),
    )
