"""`/courses`."""

from collections.abc import Iterator, Sequence
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field
from sqlalchemy import ColumnElement
from sqlmodel import col

from app.courses import queries
from app.courses.models import CourseDetails, Format
from app.http.contract import answers
from app.http.paging import Page
from app.resources.filters import MomentParameters, ReachableParameters, conditions
from app.resources.listing import RECORD, AskingDep, Id, listing
from app.resources.reading import Around, Asking, around, core
from app.resources.remembering import record
from app.resources.schemas import ResourceShown
from app.sources.schemas import Day

router = APIRouter(tags=["courses"])


class Course(ResourceShown):
    """A training course for professionals."""

    format: Format | None = Field(description="How it is given; null where no source states it.")
    minutes: int | None = Field(description="Length in minutes; null where no source states it.")
    days: int | None = Field(description="Length in days; null where no source states it.")
    duration_stated: str | None = Field(description="The source's own few words about the length.")
    chapters: int | None = Field(description="Number of chapters; null where no source states it.")
    free: bool | None = Field(description="Whether it is free of charge; null where no source states it for certain.")
    price_stated: str | None = Field(description="The source's own few words about the price.")
    launched_on: Day | None = Field(description="When it was launched; null where no source states it.")


class CourseParameters(ReachableParameters):
    """Filters on courses."""

    format: Format | None = Field(None, description="Given in this way.")
    free: bool | None = Field(None, description="`true`: stated to be free of charge; `false`: stated to cost.")
    max_minutes: int | None = Field(None, ge=1, le=100_000, description="Stated to take at most so many minutes.")


def _details(wanted: CourseParameters) -> Iterator[ColumnElement[bool]]:
    if wanted.format is not None:
        yield col(CourseDetails.format) == wanted.format
    if wanted.free is not None:
        yield col(CourseDetails.free) == wanted.free
    if wanted.max_minutes is not None:
        yield col(CourseDetails.minutes) <= wanted.max_minutes


def shown(asking: Asking, rows: Sequence[queries.Row], found: Around | None = None) -> list[Course]:
    """Courses as the API shows them."""
    found = found or around(asking, [resource for resource, _ in rows])
    return [
        Course.model_construct(**core(asking, resource, found), **details.model_dump(exclude={"resource_id"}))
        for resource, details in rows
    ]


@router.get("/courses", summary="Utbildningar")
@answers(fresh=60)
def list_courses(wanted: Annotated[CourseParameters, Query()], asking: AskingDep) -> Page[Course]:
    """Training courses for professionals.

    Length, price and format as the sources state them, null where they do not; a filter finds only what is stated.

    Utbildningar för yrkesverksamma. Längd, pris och form anges bara där en källa gör det.
    """
    where = [*conditions(asking.session, wanted, asking.at), *_details(wanted)]
    return listing(asking, queries.courses(where), wanted, shown)


@router.get("/courses/{id}", summary="En utbildning")
@answers(*RECORD, fresh=60)
async def get_course(slug: Id, wanted: Annotated[MomentParameters, Query()], asking: AskingDep) -> Course:
    """One course, with its length, price, audience and sources.

    En utbildning med längd, pris, målgrupp och källor.
    """
    return await record(asking, queries.course, shown, "courses", slug)
