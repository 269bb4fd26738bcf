"""What a course adds to a service of HSDS."""

from app.courses.models import CourseDetails
from app.http.views import View
from app.standards.hsds.writing import JsonObject, day, stated


def tell_hsds_course(_: View, course: CourseDetails) -> JsonObject:
    """Its price as stated, and an object of our profile."""
    return stated(
        fees_description=course.price_stated,
        course=stated(
            **course.model_dump(include={"format", "minutes", "days", "duration_stated", "chapters"}),
            launched_on=day(course.launched_on),
        ),
    )
