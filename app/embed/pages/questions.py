"""What may be asked of a page. As strict as the API about values; a field that a form sends empty is left out."""

import re
from collections.abc import Sequence
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field, StringConstraints

from app.courses.models import Format
from app.courses.schemas import CourseParameters
from app.http.contract import Parameters
from app.http.paging import MAX_OFFSET
from app.opening_hours.live import Moment
from app.referrals.models import Urgency
from app.referrals.schemas import AudienceSlug, ReferralParameters
from app.resources.filters import PlaceName, ReachableParameters, ResourceParameters, Slug
from app.resources.models import Channel
from app.status import OFFERED, Status
from app.times import STOCKHOLM, read_moment


def _filled(value: object) -> object:
    """What somebody wrote in a field, or None."""
    return (value.strip() or None) if isinstance(value, str) else value


Place = Annotated[PlaceName | None, BeforeValidator(_filled)]
Words = Annotated[Annotated[str, StringConstraints(min_length=1, max_length=200)] | None, BeforeValidator(_filled)]


def _in_sweden(value: object) -> object:
    """What a form's `datetime-local` sends has no offset: it is Swedish time."""
    if isinstance(value, str) and LOCAL.match(value):
        return read_moment(f"{value}Z").replace(tzinfo=STOCKHOLM).isoformat()
    return _filled(value)


MOST = 50
"""Records on one page of a list."""
Ticked = Annotated[Literal["true"] | None, BeforeValidator(_filled)]
"""`true` for a ticked box, else None."""
LOCAL = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?$")
LocalMoment = Annotated[Moment | None, BeforeValidator(_in_sweden)]


class Question(Parameters):
    """The question of a page without parameters. Its language is in its address: `/sv/` or `/en/`."""

    unread = frozenset({"lang"})


class PlaceQuestion(Question):
    """Which part of a list, and for which municipality."""

    ticks: ClassVar[Sequence[tuple[str, str]]] = ()
    """What the page lets people tick: the parameter and its value."""
    asks_place: ClassVar[bool] = False
    """Whether the page has a field for the municipality."""

    offset: int = Field(0, ge=0, le=MAX_OFFSET, description="How many to pass over first.")
    status: list[Status] = Field(list(OFFERED), description="Only these; outdated and ended must be asked for.")
    municipality: Place = Field(None, description="Code (`1380`) or name (`Halmstad`).")

    def parameters(self) -> ResourceParameters:
        """The same question, as the API takes it."""
        return ResourceParameters.model_validate(self._filled_in())

    def _filled_in(self) -> dict[str, Any]:
        return {"limit": MOST, **self.model_dump(exclude_none=True)}


class ReachedQuestion(PlaceQuestion):
    """The same for a kind with contact points."""

    ticks: ClassVar[Sequence[tuple[str, str]]] = (("open", "true"),)
    asks_place = True

    open: Ticked = Field(None, description="`true`: only what is certainly open now.")

    def parameters(self) -> ReachableParameters:
        """The same question, as the API takes it."""
        return ReachableParameters.model_validate(self._filled_in())


class CoordinatorQuestion(ReachedQuestion):
    """The same for coordinators. None states certain hours, so the page has no box for `open`; its address may."""

    ticks = ()


class HotlineQuestion(ReachedQuestion):
    """The same for hotlines, most of which serve the whole country."""

    ticks = (("open", "true"), ("channel", "chat"), ("free_of_charge", "true"))
    asks_place = False

    channel: Annotated[Channel | None, BeforeValidator(_filled)] = Field(None, description="Reached in this way.")
    free_of_charge: Ticked = Field(None, description="`true`: only what is stated to cost nothing to contact.")


class CourseQuestion(PlaceQuestion):
    """The same for courses."""

    ticks = (("free", "true"), ("format", "online"))

    free: Ticked = Field(None, description="`true`: only what is stated to be free of charge.")
    format: Annotated[Format | None, BeforeValidator(_filled)] = Field(None, description="Given in this way.")

    def parameters(self) -> CourseParameters:
        """The same question, as the API takes it."""
        return CourseParameters.model_validate(self._filled_in())


class SearchQuestion(Question):
    """What to look for."""

    q: Words = Field(None, description="Words, all of which are to be found.")
    offset: int = Field(0, ge=0, le=MAX_OFFSET, description="How many to pass over first.")


class ReportQuestion(Question):
    """The record that somebody wants to report a fault in."""

    record: Words = Field(None, description="Collection and id, such as `hotlines/kvinnofridslinjen`.")


class ReferralQuestion(Question):
    """A situation, as the form sends it: a field left empty says nothing."""

    municipality: Place = Field(None, description="Where: code (`1380`) or name (`Halmstad`).")
    county: Place = Field(None, description="Where, if the municipality is not known: code (`13`) or name (`Halland`).")
    urgency: Annotated[Urgency | None, BeforeValidator(_filled)] = Field(None, description="How urgent.")
    audience: Annotated[AudienceSlug | None, BeforeValidator(_filled)] = Field(None, description="Who asks.")
    at: LocalMoment = Field(None, description="When; a time without offset is Swedish time. Left out: now.")
    topic: Annotated[Slug | None, BeforeValidator(_filled)] = Field(None, description="What it is about.")
    age: Annotated[Annotated[int, Field(ge=0, le=120)] | None, BeforeValidator(_filled)] = Field(
        None, description="Age in years of the person it is about."
    )

    def parameters(self) -> ReferralParameters:
        """The same question, as the API takes it."""
        return ReferralParameters.model_validate(self.model_dump(mode="json", exclude_none=True))
