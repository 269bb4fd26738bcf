"""A resource as the API shows it: what all kinds have."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from app.areas.models import AreaKind
from app.http.links import Links
from app.opening_hours.live import State
from app.resources.models import Basis, Channel, Kind, Role
from app.resources.reviewing import Review
from app.sources.schemas import CitationShown, Day
from app.status import Status
from app.texts import Language

REVIEW_SAYS = (
    "Whether a person has checked it within the cadence of its kind: current, due (within 30 days), overdue, or never "
    "(nobody has checked what it says today). Null in files that are kept: go by `review_due` there."
)
VERIFIED_SAYS = (
    "The day on which a person last checked what it says today (by telephone, with the operator, or by reading); null "
    "where nobody has. Not when a source was last seen to say so: `citations` have that, as `seen_at`."
)
FRESHNESS_SAYS = (
    "The dates in sentences: when a person checked it, when its source was last seen to say so, or, where neither has "
    "happened, when it was read; and whether it is known that the line still exists. Not that a check is overdue: "
    "`review` tells that."
)
AREA_BASIS_SAYS = (
    "`stated`: a source says which coordination region it belongs to, or which counties it has; `inferred`: we "
    "conclude it. Null for the nation."
)
UPDATED_SAYS = (
    "When the record's own content last changed in this directory. What it names may have got another name since: "
    "`/changes` lists that."
)
Instant = Annotated[datetime, Field(json_schema_extra={"example": "2026-11-21T12:00:00Z"})]
LocalInstant = Annotated[datetime, Field(json_schema_extra={"example": "2026-11-23T07:00:00+01:00"})]


class Named(BaseModel):
    """Something with an id and a name in the language of the answer."""

    id: str
    name: str


class AreaBrief(Named):
    """An area that is served."""

    kind: AreaKind
    basis: Basis | None = Field(description=AREA_BASIS_SAYS)
    reason: str | None = Field(description="Why, where it is inferred.")


class Successor(Named):
    """What has taken the place of a resource."""

    kind: Kind


class Part(Named):
    """An organization and its part in the resource."""

    role: Role


class ExceptionShown(BaseModel):
    """Other hours from one day to another, both included."""

    starts_on: Day
    ends_on: Day
    expression: str = Field(description="OSM opening_hours; `off` is closed.")
    reason: str


class OpeningHoursShown(BaseModel):
    """When a contact point is staffed, and whether it is now."""

    state: State = Field(description="open, closed, unknown (may be staffed, nobody says for certain) or not_stated.")
    comment: str | None = Field(
        description="The comment of the rule in force, such as `kontorstid`, in the language of the answer."
    )
    evaluated_at: LocalInstant = Field(description="The moment that the state is for.")
    time_zone: str = Field(description="IANA time zone of the hours.")
    next_change: LocalInstant | None = Field(description="When the state changes next; null: never, or not stated.")
    holiday: str | None = Field(description="The public holiday, or the eve, that the moment falls on.")
    always_open: bool = Field(description="Open at every hour of every day.")
    expression: str | None = Field(description="OSM opening_hours expression; null where no source gives hours.")
    basis: Basis | None = Field(description="Whether the expression is `stated` by a source or `inferred` from it.")
    reason: str | None = Field(description="Why the expression is what it is, where it is inferred.")
    stated: str | None = Field(description="The source's own few words about the hours, in Swedish.")
    exceptional: bool = Field(description="Whether an exception is in force at this moment.")
    exceptions: list[ExceptionShown] = Field(description="Dates with other hours, which override the expression.")


class ContactPointShown(BaseModel):
    """One way to reach a resource."""

    id: str = Field(description="Unique within the resource.")
    channel: Channel
    label: str
    value: str | None = Field(description="E.164 or short number, address; null where no source gives it.")
    display: str | None = Field(description="`value` as people read it; phone numbers are grouped in the Swedish way.")
    uri: str | None = Field(description="What a link dials or opens: `tel:`, `mailto:`, `https:`.")
    languages: list[str] = Field(description="ISO 639 codes of the languages that a source says it answers in.")
    anonymous: bool | None = Field(description="Whether one may be anonymous; null where no source says.")
    free_of_charge: bool | None = Field(description="Whether it costs nothing; null where no source says.")
    on_phone_bill: bool | None = Field(
        description="Whether the call shows on the phone bill; null where no source says."
    )
    interpreters: bool | None = Field(description="Whether interpreters can be had; null where no source says.")
    opening_hours: OpeningHoursShown | None = Field(description="Null for channels that nobody has to staff.")


class ResourceShown(BaseModel):
    """One thing the directory lists, with its status, dates and citations."""

    model_config = ConfigDict(populate_by_name=True)

    id: str = Field(description="Stable slug.")
    kind: Kind
    language: Language = Field(description="The language of the texts.")
    name: str
    summary: str
    description: str | None
    organizations: list[Part]
    audiences: list[Named]
    topics: list[Named]
    areas: list[AreaBrief] = Field(description="The areas that it serves.")
    min_age: int | None = Field(description="Youngest age that it is for, in years.")
    max_age: int | None = Field(description="Oldest age that it is for, in years.")
    contact_points: list[ContactPointShown]
    status: Status = Field(
        description="current (the operator's own dated words, whether or not anybody has checked them), unverified "
        "(stated undated or by somebody else), outdated or ended. `review` says whether a person has checked."
    )
    superseded_by: Successor | None = Field(description="What has taken its place; null where nothing is known to.")
    stated_on: Day | None = Field(description="The date that the source gives; null where it gives none.")
    review: Review | None = Field(description=REVIEW_SAYS)
    verified_at: Day | None = Field(description=VERIFIED_SAYS)
    review_due: Day | None = Field(
        description="The last day on which the next check is in time; null where none is due."
    )
    freshness: str = Field(description=FRESHNESS_SAYS)
    updated_at: Instant = Field(description=UPDATED_SAYS)
    citations: list[CitationShown] = Field(description="Who states which field, and when.")
    links: Links = Field(alias="_links")
