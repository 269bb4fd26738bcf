"""`/events`."""

from typing import Annotated

from fastapi import Query

from app.events import queries
from app.events.reading import build_events
from app.events.schemas import Event, EventParameters
from app.http.contract import Parameters, answers
from app.http.paging import Page
from app.http.routing import Router
from app.resources.filters import conditions
from app.resources.listing import RECORD, AskingDep, Id, listing
from app.resources.remembering import record
from app.times import midnight_after

router = Router(tags=["events"])


@router.get("/events", summary="Evenemang")
@answers(fresh=300)
def list_events(wanted: Annotated[EventParameters, Query()], asking: AskingDep) -> Page[Event]:
    """Conferences, theme days and campaigns.

    All known events are past and have the status `ended`: ask for them with `status=ended` or `upcoming=false`.
    Those that are not over are
    also a calendar, at `/events.ics`.

    Konferenser, temadagar och kampanjer. Alla kända evenemang är över; fråga efter dem med `status=ended`.
    """
    if wanted.upcoming is not None:  # tomorrow it may be over
        asking.aging.note(midnight_after(asking.at))
    where = [*conditions(asking.session, wanted, asking.at), *queries.own_conditions(wanted, asking.at)]
    return listing(asking, queries.events(where), wanted, build_events)


@router.get("/events/{id}", summary="Ett evenemang")
@answers(*RECORD, fresh=300)
async def get_event(slug: Id, wanted: Annotated[Parameters, Query()], asking: AskingDep) -> Event:
    """One event, with its date, place, organizers and sources.

    Ett evenemang med datum, plats, arrangörer och källor.
    """
    return await record(asking, queries.event, build_events, "events", slug)
