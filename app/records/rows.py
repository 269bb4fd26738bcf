"""Builds the rows of a record in the tables that are read."""

from collections.abc import Container, Iterator, Mapping

from sqlmodel import SQLModel

from app.areas.models import Area, AreaKind, AreaName
from app.areas.naming import stored_keys
from app.identity import identify
from app.organizations.models import Organization, OrganizationText, OrganizationTie
from app.records.models import CurrentRecord
from app.records.references import References
from app.records.resource_rows import project_citations, project_resource
from app.records.shapes import (
    AreaRow,
    EscalationRecord,
    OrganizationRecord,
    Record,
    ResourceRecord,
    SourceRecord,
    TermRecord,
)
from app.referrals.models import EscalationStep
from app.sources.models import Citation, Source
from app.texts import Language
from app.vocabularies.models import Term, Vocabulary


def project(
    record: Record,
    place: CurrentRecord,
    references: References,
    tables: Container[type[SQLModel]] | None = None,
) -> Iterator[SQLModel]:
    """Every row of one record except those of the search index, the main row first.

    `place`: its current row. `tables`: those that parts are for; others may be left out.
    """
    match record:
        case SourceRecord():
            fields = record.model_dump(exclude={"id", "file"})
            yield Source(id=place.id, slug=record.id, position=place.position, **fields)
        case AreaRow():
            yield from _area(record, place, references)
        case TermRecord():
            yield from _term(record, place, references)
        case OrganizationRecord():
            yield from _organization(record, place, references)
        case ResourceRecord():
            yield from project_resource(record, place, references, tables)
        case EscalationRecord():
            yield from _step(record, place, references)


def path_of(record: AreaRow | TermRecord, family: str, paths: Mapping[tuple[str, str], str]) -> str:
    """The slugs from the root to an area or a term, each followed by a dot."""
    slug = record.code if isinstance(record, AreaRow) else record.id
    above = paths[family, record.parent] if record.parent else ""
    return f"{above}{slug}."


def _step(record: EscalationRecord, place: CurrentRecord, references: References) -> Iterator[SQLModel]:
    yield EscalationStep(
        id=place.id,
        slug=record.id,
        urgency=record.urgency,
        position=place.position,
        resource_id=None if record.resource is None else references.ids["resource", record.resource],
        local=record.local,
        reason_sv=record.reason.sv,
        reason_en=record.reason.en,
    )
    yield from project_citations(record, place, references)


def _area(record: AreaRow, place: CurrentRecord, references: References) -> Iterator[SQLModel]:
    yield Area(
        id=place.id,
        code=record.code,
        kind=AreaKind(place.kind),
        name_sv=record.name_sv,
        name_en=record.name_en,
        parent_id=references.ids["area", record.parent] if record.parent else None,
        iso_3166_2=record.iso_3166_2 or None,
        path=references.paths["area", record.code],
        basis=record.basis,
        reason_sv=record.reason_sv or None,
        reason_en=record.reason_en or None,
        position=place.position,
    )
    names = [record.name_sv, record.name_en, *(name.strip() for name in record.places.split(";") if name.strip())]
    for key in set().union(*(stored_keys(AreaKind(place.kind), name) for name in names)):
        yield AreaName(area_id=place.id, key=key)
    yield Citation(
        id=identify("citation", "area", place.identity),
        subject_id=place.id,
        field="parent" if record.parent else "name",
        source_id=references.ids["source", record.source],
        locator=record.locator or None,
        evidence=record.evidence,
        position=0,
    )


def _term(record: TermRecord, place: CurrentRecord, references: References) -> Iterator[SQLModel]:
    vocabulary = Vocabulary(place.kind)
    yield Term(
        id=place.id,
        vocabulary=vocabulary,
        slug=record.id,
        name_sv=record.name.sv,
        name_en=record.name.en,
        description_sv=record.description.sv,
        description_en=record.description.en,
        parent_id=None if record.parent is None else references.ids[vocabulary, record.parent],
        path=references.paths[vocabulary, record.id],
        position=place.position,
    )
    yield from project_citations(record, place, references)


def _organization(record: OrganizationRecord, place: CurrentRecord, references: References) -> Iterator[SQLModel]:
    key = place.id
    yield Organization(
        id=key,
        slug=record.id,
        status=record.status,
        url=record.url,
        stated_on=record.stated_on,
        verified_at=None,  # until `write_verified` says otherwise
        review_due=None,
        updated_at=place.updated_at,
        digest=place.digest,
        position=place.position,
    )
    for language in Language:
        name, description = record.name[language], record.description[language]
        yield OrganizationText(organization_id=key, language=language, name=name, description=description)
    for nth, tie in enumerate(record.ties):
        other = references.ids["organization", tie.to]
        yield OrganizationTie(organization_id=key, tie=tie.tie, other_id=other, position=nth)
    yield from project_citations(record, place, references)
