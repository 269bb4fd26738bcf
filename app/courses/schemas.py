"""Courses as the API shows them, and what may be asked of their list."""

from pydantic import Field

from app.courses.models import Format
from app.resources.filters import CitedParameters, ReachableParameters
from app.resources.schemas import ResourceShown
from app.sources.schemas import Day


class Course(ResourceShown):
    """A training course for professionals."""

    format: Format | None = Field(description="How it is given; null where no source states it.")
    minutes: int | None = Field(description="Length in minutes; null where no source states it.")
    days: int | None = Field(description="Length in days; null where no source states it.")
    duration_stated: str | None = Field(description="The source's own few words about the length.")
    chapters: int | None = Field(description="Number of chapters; null where no source states it.")
    free: bool | None = Field(description="Whether it is free of charge; null where no source states it.")
    price_stated: str | None = Field(description="The source's own few words about the price.")
    launched_on: Day | None = Field(description="When it was launched; null where no source states it.")


class CourseParameters(ReachableParameters):
    """Filters on courses."""

    format: Format | None = Field(None, description="Given in this way.")
    free: bool | None = Field(None, description="`true`: stated to be free of charge; `false`: stated to cost.")
    max_minutes: int | None = Field(None, ge=1, le=100_000, description="Stated to take at most so many minutes.")


class CourseListParameters(CourseParameters, CitedParameters):
    """The same of the list, whose items have citations."""
