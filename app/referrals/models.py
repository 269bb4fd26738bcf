"""The escalation: whom to contact in which order, according to the sources."""

from enum import StrEnum
from uuid import UUID

from sqlmodel import Field, SQLModel

from app.stored_values import choice


class Urgency(StrEnum):
    """acute: danger now; urgent: cannot wait for office hours; advice: support in a case."""

    ACUTE = "acute"
    URGENT = "urgent"
    ADVICE = "advice"


class Local(StrEnum):
    """Contacts that depend on where the caller is."""

    COORDINATOR = "coordinator"
    SOCIAL_SERVICES_ON_CALL = "social_services_on_call"
    MUNICIPAL_CONTACT = "municipal_contact"


class EscalationStep(SQLModel, table=True):
    """One step: either a named resource or a kind of local contact. Lower `position` first."""

    id: UUID = Field(primary_key=True)
    slug: str = Field(unique=True)
    urgency: Urgency = Field(sa_type=choice(Urgency))
    position: int
    resource_id: UUID | None = Field(foreign_key="resource.id")
    local: Local | None = Field(sa_type=choice(Local))
    reason_sv: str
    reason_en: str
