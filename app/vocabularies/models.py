"""Controlled vocabularies: whom a resource is for (audiences) and what it is about (topics)."""

from enum import StrEnum
from uuid import UUID

from sqlmodel import Field, SQLModel, UniqueConstraint

from app.stored_values import choice


class Vocabulary(StrEnum):
    """The vocabularies."""

    AUDIENCE = "audience"
    TOPIC = "topic"


class Term(SQLModel, table=True):
    """A term. `path` lists the slugs from the root, each followed by a dot: `professionals.health-care.`."""

    __table_args__ = (UniqueConstraint("vocabulary", "slug"),)

    id: UUID = Field(primary_key=True)
    vocabulary: Vocabulary = Field(sa_type=choice(Vocabulary))
    slug: str
    name_sv: str
    name_en: str
    description_sv: str
    description_en: str
    parent_id: UUID | None = Field(foreign_key="term.id")
    path: str
    position: int
