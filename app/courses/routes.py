"""`/courses`."""

from typing import Annotated

from fastapi import Query

from app.courses import queries
from app.courses.reading import build_courses
from app.courses.schemas import Course, CourseListParameters
from app.http.contract import answers
from app.http.paging import Page
from app.http.routing import Router
from app.resources.filters import MomentParameters, conditions
from app.resources.listing import RECORD, AskingDep, Id, answer_list
from app.resources.remembering import answer_record

router = Router(tags=["courses"])


@router.get("/courses", summary="Utbildningar")
@answers(fresh=60)
def list_courses(parameters: Annotated[CourseListParameters, Query()], asking: AskingDep) -> Page[Course]:
    """Training courses for professionals.

    Length, price and format as the sources state them, null where they do not; a filter finds only what is stated.

    Utbildningar för yrkesverksamma. Längd, pris och form anges bara där en källa gör det.
    """
    where = [*conditions(asking.session, parameters, asking.at), *queries.own_conditions(parameters)]
    return answer_list(asking, queries.courses(where), parameters, build_courses)


@router.get("/courses/{id}", summary="En utbildning")
@answers(*RECORD, fresh=60)
async def get_course(slug: Id, parameters: Annotated[MomentParameters, Query()], asking: AskingDep) -> Course:
    """One course, with its length, price, audience and sources.

    En utbildning med längd, pris, målgrupp och källor.
    """
    return await answer_record(asking, queries.course, build_courses, "courses", slug)
