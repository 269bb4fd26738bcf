"""`/events`."""

from typing import Annotated

from fastapi import Query, Response

from app.calendars import CALENDAR
from app.events import queries
from app.events.calendar import make_events_calendar
from app.events.reading import build_events
from app.events.schemas import Event, EventCalendarParameters, EventParameters
from app.http.contract import Parameters, answers
from app.http.paging import Page
from app.http.routing import Router
from app.resources.filters import conditions
from app.resources.listing import RECORD, AskingDep, Id, answer_list
from app.resources.remembering import answer_record
from app.times import STOCKHOLM, midnight_after

router = Router(tags=["events"])


@router.get("/events", summary="Evenemang")
@answers(fresh=300)
def list_events(parameters: Annotated[EventParameters, Query()], asking: AskingDep) -> Page[Event]:
    """Conferences, theme days and campaigns.

    All known events are past and have the status `ended`: ask for them with `status=ended` or `upcoming=false`.
    Those that are not over are
    also a calendar, at `/events.ics`.

    Konferenser, temadagar och kampanjer. Alla kända evenemang är över; fråga efter dem med `status=ended`.
    """
    if parameters.upcoming is not None:  # tomorrow it may be over
        asking.aging.note(midnight_after(asking.at))
    where = [*conditions(asking.session, parameters, asking.at), *queries.own_conditions(parameters, asking.at)]
    return answer_list(asking, queries.events(where), parameters, build_events)


@router.get("/events.ics", summary="Kommande evenemang för kalendern", response_class=Response)
@answers(CALENDAR, fresh=300)
def get_events_calendar(parameters: Annotated[EventCalendarParameters, Query()], asking: AskingDep) -> Response:
    """The events that are not over yet, as a calendar (iCalendar, RFC 5545); never one that is past.

    An event whose year had to be inferred is tentative. Where nothing is ahead the calendar is empty, and valid.

    Kommande evenemang som kalender; aldrig något som är över.
    """
    asking.aging.note(midnight_after(asking.at))  # what ends today is over tomorrow
    ahead = queries.not_over(asking.at.astimezone(STOCKHOLM).date())
    where = [*conditions(asking.session, parameters, asking.at), ahead]
    events = answer_list(asking, queries.events(where), parameters, build_events).items
    body = make_events_calendar(asking, events)
    return Response(body, media_type=CALENDAR, headers={"Content-Disposition": 'inline; filename="events.ics"'})


@router.get("/events/{id}", summary="Ett evenemang")
@answers(*RECORD, fresh=300)
async def get_event(slug: Id, parameters: Annotated[Parameters, Query()], asking: AskingDep) -> Event:
    """One event, with its date, place, organizers and sources.

    Ett evenemang med datum, plats, arrangörer och källor.
    """
    return await answer_record(asking, queries.event, build_events, "events", slug)
