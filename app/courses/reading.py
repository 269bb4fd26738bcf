"""From rows to courses as the API shows them."""

from app.courses.schemas import Course
from app.resources.building import builder_of

build_courses = builder_of(Course)
