"""`/events`."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Annotated, Self

from fastapi import APIRouter, Query
from pydantic import Field, model_validator
from sqlalchemy import ColumnElement, not_

from app.events import queries
from app.http.contract import Parameters, answers, fresh_until
from app.http.paging import Page
from app.resources.filters import ResourceParameters, conditions
from app.resources.listing import RECORD, AskingDep, Id, listing
from app.resources.models import Basis
from app.resources.reading import Around, Asking, around, core
from app.resources.remembering import record
from app.resources.schemas import ResourceShown
from app.sources.schemas import Day
from app.status import Status
from app.times import STOCKHOLM, midnight_after

router = APIRouter(tags=["events"])


class Event(ResourceShown):
    """A conference, theme day, seminar or campaign."""

    starts_on: Day | None = Field(description="First day; null where no source states it.")
    ends_on: Day | None = Field(description="Last day, where it lasts longer than one.")
    date_basis: Basis | None = Field(description="`inferred` where the source leaves out the year.")
    venue: str | None
    street_address: str | None
    locality: str | None
    free: bool | None = Field(description="Whether it is free of charge; null where no source states it.")
    register_by: Day | None = Field(description="Last day to register.")


class EventParameters(ResourceParameters):
    """Filters on events."""

    upcoming: bool | None = Field(
        None,
        description="`true`: not over yet, by its date; `false`: over, or without a date, also what has "
        "`ended`, unless `status` says otherwise.",
    )

    @model_validator(mode="after")
    def _past_events_have_ended(self) -> Self:
        if self.upcoming is False and "status" not in self.model_fields_set:
            self.status = list(Status)
        return self


def _details(wanted: EventParameters, at: datetime) -> Iterator[ColumnElement[bool]]:
    if wanted.upcoming is not None:
        ahead = queries.not_over(at.astimezone(STOCKHOLM).date())
        yield ahead if wanted.upcoming else not_(ahead)


def shown(asking: Asking, rows: Sequence[queries.Row], found: Around | None = None) -> list[Event]:
    """Events as the API shows them."""
    found = found or around(asking, [resource for resource, _ in rows])
    return [
        Event.model_construct(**core(asking, resource, found), **details.model_dump(exclude={"resource_id"}))
        for resource, details in rows
    ]


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
        fresh_until(asking.request, midnight_after(asking.at))
    where = [*conditions(asking.session, wanted, asking.at), *_details(wanted, asking.at)]
    return listing(asking, queries.events(where), wanted, shown)


@router.get("/events/{id}", summary="Ett evenemang")
@answers(*RECORD, fresh=300)
async def get_event(slug: Id, wanted: Annotated[Parameters, Query()], asking: AskingDep) -> Event:
    """One event, with its date, place, organizers and sources.

    Ett evenemang med datum, plats, arrangörer och källor.
    """
    return await record(asking, queries.event, shown, "events", slug)
