"""`/opening-hours`: one entry for each contact point that somebody has to staff."""

from typing import Annotated

from fastapi import Query

from app.http.contract import answers
from app.http.paging import Page
from app.http.routing import Router
from app.opening_hours import queries
from app.opening_hours.reading import build_entries
from app.opening_hours.schemas import OpeningHoursEntry, OpeningHoursParameters
from app.resources.filters import MomentParameters
from app.resources.listing import AskingDep, Id, answer_list, answer_single

router = Router(tags=["opening-hours"])


@router.get("/opening-hours", summary="Öppettider")
@answers(fresh=60)
def list_opening_hours(
    parameters: Annotated[OpeningHoursParameters, Query()], asking: AskingDep
) -> Page[OpeningHoursEntry]:
    """Opening hours, one entry for each contact point that has hours or needs staff, with its state.

    `open` and `closed` are certain. `unknown`: the source gives hours that do not settle this moment, such as
    "kontorstid på vardagar" in the daytime. `not_stated`: no source gives hours. Public holidays are Sweden's, by law.

    Öppettider, en post för varje kontaktväg, med läget vid `at` (nu, om inget anges).
    """
    return answer_list(
        asking,
        queries.opening_hours(queries.conditions_of(asking, parameters)),
        parameters,
        build_entries,
        queries.IN_ORDER,
    )


@router.get("/opening-hours/{id}", summary="Öppettider för en kontaktväg")
@answers(fresh=60)
def get_opening_hours(
    slug: Id, parameters: Annotated[MomentParameters, Query()], asking: AskingDep
) -> OpeningHoursEntry:
    """The hours of one contact point, with its state at a moment and its sources.

    Öppettiderna för en kontaktväg, med läget vid en tidpunkt och källan.
    """
    resource, _, point = slug.partition(".")
    return answer_single(asking, queries.entry(resource, point), build_entries, "opening-hours", slug)
