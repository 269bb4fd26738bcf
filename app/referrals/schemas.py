"""The parameters and the answer of `/referrals`."""

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from app.http.contract import Parameters
from app.http.links import Links
from app.opening_hours.live import Moment, State
from app.referrals.models import Urgency
from app.resources.filters import PlaceName, Slug
from app.resources.models import Kind
from app.resources.reviewing import Review
from app.resources.schemas import REVIEW_SAYS, AreaBrief, ContactPointShown, LocalInstant, Named
from app.sources.schemas import CitationShown
from app.status import Status
from app.texts import Language

ANYONE = "anyone"
FORMER_AUDIENCES = {"professional": "professionals", "buyer": "people-who-buy-sex"}
"""Slugs of the first version, which are still in use in links and embeds of other sites."""


def _rename_audience(value: object) -> object:
    return FORMER_AUDIENCES.get(value, value) if isinstance(value, str) else value


AudienceSlug = Annotated[Slug, BeforeValidator(_rename_audience)]


class ReferralParameters(Parameters):
    """The caller's situation; all of it may be left out."""

    municipality: PlaceName | None = Field(None, description="Where: municipality code (`1380`) or name (`Halmstad`).")
    at: Moment | None = Field(None, description="When, RFC 3339 with offset, 2000 to 2076. Left out: now.")
    county: PlaceName | None = Field(
        None,
        description="Where, if the municipality is not known: county code (`13`) or name (`Halland`). `municipality` "
        "outranks it.",
    )
    audience: AudienceSlug = Field(
        ANYONE,
        description="Who asks: a slug of `/audiences`, such as `professionals`, `health-care`, `exposed`, `relatives`, "
        "`people-who-buy-sex` or `anyone` (if left out). Contacts for just a narrower audience come first.",
    )
    urgency: Urgency | None = Field(
        None, description="How urgent: `acute` danger, `urgent`, or `advice`. Left out: all, the most urgent first."
    )
    topic: Slug | None = Field(None, description="What it is about: a slug of `/topics`.")
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")] | None = Field(
        None,
        description="ISO 639 code of the language that the person speaks, such as `uk`. Advice is then given first by "
        "those who answer in it or have interpreters.",
    )
    age: Annotated[int, Field(ge=0, le=120)] | None = Field(None, description="Age in years of the person it is about.")


class ReferredResource(Named):
    """Whom to contact."""

    kind: Kind
    summary: str
    status: Status = Field(description="current (the operator's own dated words) or unverified; see `review`.")
    review: Review | None = Field(description=REVIEW_SAYS)
    freshness: str = Field(
        description="The dates in sentences: when a person checked its numbers, when their source was last seen to say "
        "so, or when it was read; whether it is known that the line still exists; and, where the next check is "
        "overdue, that it is."
    )


class Step(BaseModel):
    """One contact, and why it is in the list."""

    model_config = ConfigDict(populate_by_name=True)

    position: int = Field(description="Its place in the list, from 1.")
    urgency: Urgency
    reason: str = Field(description="Why it is in the list.")
    resource: ReferredResource
    state: State = Field(
        description="The best state, at `evaluated_at`, of its contact points with a number or an address; where there "
        "are none, of those of the line in `reached_through`."
    )
    next_change: LocalInstant | None = Field(
        description="Where it is closed: when it next opens, or may be staffed. Null where that is not known."
    )
    contact_points: list[ContactPointShown]
    reached_through: ReferredResource | None = Field(
        description="The line that refers on, where no direct contact is known."
    )
    citations: list[CitationShown] = Field(
        description="Who states that this is whom to contact, or whom the contact is for."
    )
    links: Links = Field(alias="_links")


class Referral(BaseModel):
    """Whom to contact, in which order."""

    model_config = ConfigDict(populate_by_name=True)

    language: Language
    evaluated_at: LocalInstant = Field(description="The moment that states are for.")
    time_zone: str
    holiday: str | None = Field(description="The public holiday, or the eve, that the moment falls on.")
    municipality: AreaBrief | None
    county: AreaBrief | None = Field(description="The county, where that was asked for instead of a municipality.")
    coordination_region: AreaBrief | None
    steps: list[Step] = Field(description="Never empty; 112 first.")
    notices: list[str] = Field(description="What the directory does not know here, and what to do instead.")
    links: Links = Field(alias="_links")
