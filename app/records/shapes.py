"""The shape of the seed files: what an editor writes, checked field by field.

A field that is not null is published, and each published field needs a citation; see `citable`.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, field_validator, model_validator

from app.organizations.models import Tie
from app.referrals.models import Local, Urgency
from app.resources.contacts import find_web_address_fault
from app.resources.models import Basis, Channel, Kind, Role
from app.status import Status
from app.texts import Text

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
Line = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Count = Annotated[int, Field(gt=0, lt=1 << 31)]
"""An integer that fits into a column of both databases."""
Day = Annotated[date, Field(ge=date(1900, 1, 1), le=date(2076, 12, 31))]
"""A date within the years that calendars and opening hours cover."""


def _check_web_address(value: str) -> str:
    if reason := find_web_address_fault(value):
        raise ValueError(reason)
    return value


WebAddress = Annotated[
    str, StringConstraints(pattern=r"^https?://[^\s—]+$", max_length=500), AfterValidator(_check_web_address)
]


class Record(BaseModel):
    """Strict: an unknown key is an error, not a silent loss."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, frozen=True)

    @field_validator("*", mode="after")
    @classmethod
    def _no_list_has_an_entry_twice(cls, value: object) -> object:
        """The store keeps each entry of a list once."""
        if isinstance(value, list) and (
            twice := [entry for entry, times in Counter(map(repr, value)).items() if times > 1]
        ):
            raise ValueError(f"holds more than once: {', '.join(twice[:3])}")
        return value


class SourceRecord(Record):
    """`[[source]]`: a document or page. `file` names a document at hand, whose text the evidence is looked up in."""

    id: Slug
    title: Line
    publisher: Line
    url: WebAddress | None = None
    published: Day | None = None
    updated: Day | None = None
    retrieved: Day
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")] | None = None
    file: Annotated[str, StringConstraints(pattern=r"^[^/\\]+$")] | None = None


class CitationRecord(Record):
    """`[[….citations]]`: this source states these fields. Evidence is a fragment: a name, a number, a phrase."""

    source: Slug
    locator: Line | None = None
    evidence: Annotated[str, StringConstraints(min_length=1, max_length=60)]
    fields: Annotated[list[str], Field(min_length=1)]


class Cited(Record):
    """Anything with an id whose fields are cited."""

    uncited: ClassVar[frozenset[str]] = frozenset({"id", "status", "stated_on", "citations", "contact_points"})

    id: Slug
    citations: list[CitationRecord] = []

    def citable(self) -> Iterator[str]:
        """The names of the fields that this record publishes, each of which needs a citation."""
        for name in type(self).model_fields:
            if name not in self.uncited and getattr(self, name) not in (None, []):
                yield name

    @model_validator(mode="after")
    def _each_published_field_is_cited(self) -> "Cited":
        cited = {field for citation in self.citations for field in citation.fields}
        published = set(self.citable())
        if missing := published - cited:
            raise ValueError(f"no citation for: {', '.join(sorted(missing))}")
        if empty := cited - published:
            raise ValueError(f"citation for a field that is not published: {', '.join(sorted(empty))}")
        return self


class TermRecord(Cited):
    """`[[audience]]` or `[[topic]]`: a term; `parent` makes it narrower than another."""

    uncited: ClassVar[frozenset[str]] = frozenset({"id", "citations", "parent"})

    name: Text
    description: Text
    parent: Slug | None = None


class TieRecord(Record):
    """The relation of this organization to another."""

    tie: Tie
    to: Slug


class OrganizationRecord(Cited):
    """`[[organization]]`."""

    name: Text
    description: Text
    url: WebAddress | None = None
    ties: list[TieRecord] = []
    status: Status = Status.CURRENT
    stated_on: Day | None = None


class CadenceRecord(Record):
    """`[[review]]`: a record of this kind is to be checked so many days after it was."""

    kind: Kind | Literal["organization"]
    days: Annotated[int, Field(ge=1, le=3660)]


class EverydayWords(Cited):
    """`[[words]]`: what people write in Swedish and English, and the records that answer it, best first.

    The words of a phrase may stand in any form and order, with others between.
    """

    uncited: ClassVar[frozenset[str]] = frozenset({"id", "citations", "sv", "en"})

    sv: Annotated[list[Line], Field(min_length=1)]
    en: Annotated[list[Line], Field(min_length=1)]
    records: Annotated[list[Slug], Field(min_length=1, max_length=8)]


class ExceptionRecord(Record):
    """Other hours from one date to another, both included."""

    starts_on: Day
    ends_on: Day
    expression: Line
    reason: Text


class ContactPointRecord(Record):
    """`[[….contact_points]]`: one way to reach the resource, with its own hours.

    `value`: E.164 or a short number, an e-mail address, a web address, a visiting address; left out where no source
    gives it. `opening_hours`: an OSM expression; left out where no source gives hours. `hours_stated`: the source's
    few words. An inferred expression says why in `hours_reason`.
    """

    uncited: ClassVar[frozenset[str]] = frozenset({"id", "label", "hours_basis", "hours_reason", "hours_stated"})

    id: Slug
    channel: Channel
    label: Text
    value: Annotated[str, StringConstraints(min_length=1, max_length=300)] | None = None
    opening_hours: Annotated[str, StringConstraints(min_length=1, max_length=500)] | None = None
    hours_basis: Basis | None = None
    hours_stated: Annotated[str, StringConstraints(min_length=1, max_length=60)] | None = None
    hours_reason: Text | None = None
    exceptions: list[ExceptionRecord] = []
    languages: list[Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]] = []
    anonymous: bool | None = None
    free_of_charge: bool | None = None
    on_phone_bill: bool | None = None
    interpreters: bool | None = None

    def citable(self) -> Iterator[str]:
        """The published fields, as `contact_points.<id>.<field>`."""
        for name in type(self).model_fields:
            if name not in self.uncited and getattr(self, name) not in (None, []):
                yield f"contact_points.{self.id}.{name}"

    @model_validator(mode="after")
    def _hours_say_where_they_come_from(self) -> "ContactPointRecord":
        if (self.opening_hours is None) != (self.hours_basis is None):
            raise ValueError("opening_hours and hours_basis (stated or inferred) go together")
        if self.opening_hours is not None and self.hours_stated is None:
            raise ValueError("opening_hours needs hours_stated: the source's own few words")
        if (self.hours_basis is Basis.INFERRED) != (self.hours_reason is not None):
            raise ValueError("hours_reason is for inferred hours, and they need it")
        return self


class PartRecord(Record):
    """An organization's part in the resource."""

    id: Slug
    role: Role


class ResourceRecord(Cited):
    """What every kind has. Field names with a citation: these, `contact_points.<id>.<field>`, and the kind's own."""

    kind: ClassVar[Kind]

    name: Text
    summary: Text
    description: Text | None = None
    organizations: list[PartRecord] = []
    audiences: list[Slug] = []
    topics: list[Slug] = []
    areas: list[str] = []
    min_age: Annotated[int, Field(ge=0, le=120)] | None = None
    max_age: Annotated[int, Field(ge=0, le=120)] | None = None
    status: Status
    superseded_by: Slug | None = None
    stated_on: Day | None = None
    contact_points: list[ContactPointRecord] = []

    def citable(self) -> Iterator[str]:
        """The record's published fields and those of its contact points."""
        yield from super().citable()
        for point in self.contact_points:
            yield from point.citable()

    def details(self) -> dict[str, Any]:
        """The fields that are the kind's own."""
        return {
            name: getattr(self, name) for name in type(self).model_fields if name not in ResourceRecord.model_fields
        }


class EscalationRecord(Cited):
    """`[[step]]`: whom to contact at an urgency, in this order: a named `resource`, or the `local` one of a sort."""

    urgency: Urgency
    resource: Slug | None = None
    local: Local | None = None
    reason: Text

    @model_validator(mode="after")
    def _names_one_contact(self) -> "EscalationRecord":
        if (self.resource is None) == (self.local is None):
            raise ValueError("a step names either a resource or a local contact")
        return self


class AreaRow(Record):
    """A row of `areas/*.csv`; `places` are further names that find a municipality, separated by `;`.

    `basis`: whether the source states which coordination region a county belongs to, or that is inferred; of a
    coordination region, whether that holds for all its counties. A municipality has what its county has.
    """

    code: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{1,10}$")]
    name_sv: Line
    name_en: Line
    parent: str = ""
    iso_3166_2: str = ""
    places: str = ""
    source: Slug
    locator: str = ""
    evidence: Line
    basis: Basis | None = None
    reason_sv: str = ""
    reason_en: str = ""

    @field_validator("basis", mode="before")
    @classmethod
    def _empty_is_none(cls, value: object) -> object:
        return value or None

    @model_validator(mode="after")
    def _what_is_inferred_has_its_reason(self) -> "AreaRow":
        if (self.basis is Basis.INFERRED) != bool(self.reason_sv and self.reason_en):
            raise ValueError("reason_sv and reason_en are for an inferred basis, and it needs both")
        return self
