"""The same directory as FastAPI's and SQLModel's tutorials would write it: relationships, response models, sessions.

For comparison only. It reads the same SQLite file and tells the same facts about a resource.
"""

import os
from collections.abc import Iterator
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException, Query
from sqlmodel import Field, Relationship, Session, SQLModel, col, create_engine, select

engine = create_engine(f"sqlite:///{os.environ['BENCH_STORE']}", connect_args={"check_same_thread": False})
app = FastAPI()


class ResourceTerm(SQLModel, table=True):
    resource_id: str = Field(foreign_key="resource.id", primary_key=True)
    term_id: str = Field(foreign_key="term.id", primary_key=True)


class ResourceArea(SQLModel, table=True):
    resource_id: str = Field(foreign_key="resource.id", primary_key=True)
    area_id: str = Field(foreign_key="area.id", primary_key=True)


class ResourceOrganization(SQLModel, table=True):
    resource_id: str = Field(foreign_key="resource.id", primary_key=True)
    organization_id: str = Field(foreign_key="organization.id", primary_key=True)


class Term(SQLModel, table=True):
    id: str = Field(primary_key=True)
    slug: str
    name_sv: str


class Area(SQLModel, table=True):
    id: str = Field(primary_key=True)
    code: str
    name_sv: str


class OrganizationText(SQLModel, table=True):
    organization_id: str = Field(foreign_key="organization.id", primary_key=True)
    language: str = Field(primary_key=True)
    name: str


class Organization(SQLModel, table=True):
    id: str = Field(primary_key=True)
    slug: str
    texts: list[OrganizationText] = Relationship()


class ResourceText(SQLModel, table=True):
    resource_id: str = Field(foreign_key="resource.id", primary_key=True)
    language: str = Field(primary_key=True)
    name: str
    summary: str
    description: str | None


class ContactPoint(SQLModel, table=True):
    id: str = Field(primary_key=True)
    resource_id: str = Field(foreign_key="resource.id")
    slug: str
    channel: str
    label_sv: str
    value: str | None
    opening_hours: str | None
    hours_stated: str | None


class Source(SQLModel, table=True):
    id: str = Field(primary_key=True)
    slug: str
    title: str
    publisher: str


class Citation(SQLModel, table=True):
    id: str = Field(primary_key=True)
    subject_id: str = Field(foreign_key="resource.id")
    source_id: str = Field(foreign_key="source.id")
    field: str
    locator: str | None
    evidence: str
    source: Source = Relationship()


class Resource(SQLModel, table=True):
    id: str = Field(primary_key=True)
    slug: str
    kind: str
    status: str
    position: int
    updated_at: str
    texts: list[ResourceText] = Relationship()
    contact_points: list[ContactPoint] = Relationship()
    organizations: list[Organization] = Relationship(link_model=ResourceOrganization)
    areas: list[Area] = Relationship(link_model=ResourceArea)
    terms: list[Term] = Relationship(link_model=ResourceTerm)
    citations: list[Citation] = Relationship()


class TermPublic(SQLModel):
    slug: str
    name_sv: str


class AreaPublic(SQLModel):
    code: str
    name_sv: str


class NamePublic(SQLModel):
    language: str
    name: str


class OrganizationPublic(SQLModel):
    slug: str
    texts: list[NamePublic]


class TextPublic(NamePublic):
    summary: str
    description: str | None


class ContactPointPublic(SQLModel):
    slug: str
    channel: str
    label_sv: str
    value: str | None
    opening_hours: str | None
    hours_stated: str | None


class SourcePublic(SQLModel):
    slug: str
    title: str
    publisher: str


class CitationPublic(SQLModel):
    field: str
    locator: str | None
    evidence: str
    source: SourcePublic


class ResourcePublic(SQLModel):
    slug: str
    kind: str
    status: str
    updated_at: str
    texts: list[TextPublic]
    contact_points: list[ContactPointPublic]
    organizations: list[OrganizationPublic]
    areas: list[AreaPublic]
    terms: list[TermPublic]
    citations: list[CitationPublic]


def get_session() -> Iterator[Session]:
    with Session(engine) as session:
        yield session


SessionDep = Annotated[Session, Depends(get_session)]


@app.get("/resources/", response_model=list[ResourcePublic])
def read_resources(
    session: SessionDep,
    kind: str | None = None,
    area: str | None = None,
    q: str | None = None,
    offset: int = 0,
    limit: Annotated[int, Query(le=100)] = 100,
) -> list[Resource]:
    statement = select(Resource)
    if kind:
        statement = statement.where(Resource.kind == kind)
    if area:
        statement = statement.where(col(Resource.areas).any(col(Area.code) == area))
    if q:
        statement = statement.where(col(Resource.texts).any(col(ResourceText.name).contains(q)))
    return list(session.exec(statement.order_by(col(Resource.position)).offset(offset).limit(limit)).all())


@app.get("/resources/{slug}", response_model=ResourcePublic)
def read_resource(slug: str, session: SessionDep) -> Resource:
    found = session.exec(select(Resource).where(Resource.slug == slug)).first()
    if not found:
        raise HTTPException(status_code=404, detail="Resource not found")
    return found
