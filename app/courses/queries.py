"""Statements over courses."""

from collections.abc import Iterable, Iterator

from sqlalchemy import ColumnElement, Select
from sqlmodel import col

from app.courses.models import CourseDetails
from app.courses.schemas import CourseParameters
from app.resources.models import Kind, Resource
from app.resources.queries import of_kind

Row = tuple[Resource, CourseDetails]


def courses(where: Iterable[ColumnElement[bool]] = ()) -> Select[Resource, CourseDetails]:
    """Courses with their details, in the order of lists."""
    details = of_kind(Kind.COURSE, where).join(CourseDetails, col(CourseDetails.resource_id) == col(Resource.id))
    return details.add_columns(CourseDetails)


def course(slug: str) -> Select[Resource, CourseDetails]:
    """The course with this slug."""
    return courses([col(Resource.slug) == slug])


def own_conditions(parameters: CourseParameters) -> Iterator[ColumnElement[bool]]:
    """What the filters of courses alone ask for."""
    if parameters.format is not None:
        yield col(CourseDetails.format) == parameters.format
    if parameters.free is not None:
        yield col(CourseDetails.free) == parameters.free
    if parameters.max_minutes is not None:
        yield col(CourseDetails.minutes) <= parameters.max_minutes
