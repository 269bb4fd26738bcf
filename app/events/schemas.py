"""Events as the API shows them, and what may be asked of their list."""

from typing import Self

from pydantic import Field, model_validator

from app.http.paging import MAX_LIMIT
from app.resources.filters import CitedParameters, ResourceParameters
from app.resources.models import Basis
from app.resources.schemas import ResourceShown
from app.sources.schemas import Day
from app.status import Status


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


class EventParameters(ResourceParameters, CitedParameters):
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


class EventCalendarParameters(ResourceParameters):
    """Filters on upcoming events."""

    limit: int = Field(MAX_LIMIT, ge=1, le=MAX_LIMIT, description="How many to return, at most.")
