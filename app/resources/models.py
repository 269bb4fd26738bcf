"""The core that every kind shares: the resource, its texts, contact points, areas, organizations and terms."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlmodel import Field, Index, SQLModel, UniqueConstraint

from app.resources.kind import Kind as Kind  # noqa: PLC0414  # the type of a column here: for who reads the rows
from app.resources.kind import profile_of
from app.status import Status
from app.stored_values import UtcDateTime, choice
from app.texts import Language


class Role(StrEnum):
    """What an organization is to a resource."""

    PROVIDER = "provider"
    PARTNER = "partner"
    PUBLISHER = "publisher"
    ADMINISTRATOR = "administrator"
    FUNDER = "funder"
    RECEIVER = "receiver"
    ORGANIZER = "organizer"


class Channel(StrEnum):
    """Ways to reach a resource."""

    PHONE = "phone"
    SMS = "sms"
    CHAT = "chat"
    EMAIL = "email"
    WEB = "web"
    VISIT = "visit"


STAFFED = (Channel.PHONE, Channel.SMS, Channel.CHAT, Channel.VISIT)
"""Channels where somebody has to be there: for these, hours that no source gives are "not stated"."""
REACHED = tuple(kind for kind in Kind if profile_of(kind).is_reached)
"""Kinds that are there to be reached: they are checked when their numbers and addresses are, where they have any."""


class Basis(StrEnum):
    """Whether a source states it, or we infer it from what a source states."""

    STATED = "stated"
    INFERRED = "inferred"


class Resource(SQLModel, table=True):
    """One thing the directory lists. `position` is the order of lists: kind, then as the editors put it."""

    __table_args__ = (
        Index("ix_resource_listed", "kind", "position", "slug", "status", "id"),
        Index("ix_resource_place", "position", "slug", "status", "kind"),
        Index("ix_resource_counted", "id", "kind", "status"),
    )

    id: UUID = Field(primary_key=True)
    slug: str = Field(unique=True)
    kind: Kind = Field(sa_type=choice(Kind))
    status: Status = Field(sa_type=choice(Status))
    stated_on: date | None
    verified_at: date | None
    called_on: date | None
    confirmed_on: date | None
    review_due: date | None
    min_age: int | None
    max_age: int | None
    position: int
    updated_at: datetime = Field(sa_type=UtcDateTime, index=True)
    digest: str


class ResourceText(SQLModel, table=True):
    """A resource's texts in one language, in our own words."""

    resource_id: UUID = Field(foreign_key="resource.id", primary_key=True)
    language: Language = Field(primary_key=True, sa_type=choice(Language))
    name: str
    summary: str
    description: str | None


class ResourceSuccessor(SQLModel, table=True):
    """What has taken a resource's place: the newer edition of a manual, the updated analysis."""

    resource_id: UUID = Field(foreign_key="resource.id", primary_key=True)
    successor_id: UUID = Field(foreign_key="resource.id", index=True)


class ResourceOrganization(SQLModel, table=True):
    """An organization's part in a resource."""

    __table_args__ = (Index("ix_resourceorganization_found", "organization_id", "resource_id"),)

    resource_id: UUID = Field(foreign_key="resource.id", primary_key=True)
    organization_id: UUID = Field(foreign_key="organization.id", primary_key=True)
    role: Role = Field(primary_key=True, sa_type=choice(Role))
    position: int


class ResourceArea(SQLModel, table=True):
    """An area that a resource serves."""

    __table_args__ = (Index("ix_resourcearea_served", "area_id", "resource_id"),)

    resource_id: UUID = Field(foreign_key="resource.id", primary_key=True)
    area_id: UUID = Field(foreign_key="area.id", primary_key=True)


class ResourceTerm(SQLModel, table=True):
    """An audience or a topic of a resource."""

    __table_args__ = (Index("ix_resourceterm_found", "term_id", "resource_id"),)

    resource_id: UUID = Field(foreign_key="resource.id", primary_key=True)
    term_id: UUID = Field(foreign_key="term.id", primary_key=True)


class ContactPoint(SQLModel, table=True):
    """One way to reach a resource. `value` is E.164 or a short number, an address or null where no source gives it."""

    __table_args__ = (
        UniqueConstraint("resource_id", "slug"),
        Index("ix_contactpoint_reached", "resource_id", "channel"),
        Index("ix_contactpoint_found", "channel", "resource_id"),
        Index("ix_contactpoint_opening_hours", "opening_hours"),
        Index("ix_contactpoint_staffed", "resource_id", "opening_hours", "id"),
    )

    id: UUID = Field(primary_key=True)
    resource_id: UUID = Field(foreign_key="resource.id")
    slug: str
    channel: Channel = Field(sa_type=choice(Channel))
    label_sv: str
    label_en: str
    value: str | None
    opening_hours: str | None
    hours_basis: Basis | None = Field(sa_type=choice(Basis))
    hours_stated: str | None
    hours_reason_sv: str | None
    hours_reason_en: str | None
    anonymous: bool | None
    free_of_charge: bool | None
    on_phone_bill: bool | None
    interpreters: bool | None
    position: int


class ContactPointLanguage(SQLModel, table=True):
    """A language (ISO 639-1) in which a contact point answers."""

    __table_args__ = (Index("ix_contactpointlanguage_found", "language", "contact_point_id"),)

    contact_point_id: UUID = Field(foreign_key="contactpoint.id", primary_key=True)
    language: str = Field(primary_key=True)


class OpeningException(SQLModel, table=True):
    """Other hours on some dates, both included; overrides the expression of the contact point."""

    id: UUID = Field(primary_key=True)
    contact_point_id: UUID = Field(foreign_key="contactpoint.id", index=True)
    starts_on: date
    ends_on: date
    expression: str
    reason_sv: str
    reason_en: str
