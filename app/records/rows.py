"""Builds the rows of a record in the tables that are read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import SQLModel

from app.areas.models import Area, AreaKind, AreaName
from app.areas.naming import stored_keys
from app.identity import identify
from app.kinds import DECLARATIONS
from app.organizations.models import Organization, OrganizationText, OrganizationTie
from app.records.models import CurrentRecord
from app.records.shapes import (
    AreaRow,
    Cited,
    ContactPointRecord,
    EscalationRecord,
    OrganizationRecord,
    Record,
    ResourceRecord,
    SourceRecord,
    TermRecord,
)
from app.referrals.models import EscalationStep
from app.resources.models import (
    ContactPoint,
    ContactPointLanguage,
    OpeningException,
    Resource,
    ResourceArea,
    ResourceOrganization,
    ResourceSuccessor,
    ResourceTerm,
    ResourceText,
)
from app.sources.models import Citation, Source
from app.texts import Language, said
from app.vocabularies.models import Term, Vocabulary


@dataclass(frozen=True, slots=True)
class References:
    """Ids by family and slug, and paths of areas and terms, which end with a dot."""

    ids: Mapping[tuple[str, str], UUID]
    paths: Mapping[tuple[str, str], str]


def project(record: Record, place: CurrentRecord, references: References) -> Iterator[SQLModel]:
    """Every row of one record except those of the search index, the main row first. `place`: its current row."""
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
            yield from _resource(record, place, references)
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
    yield from _citations(record, place, references)


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
    yield from _citations(record, place, references)


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
    yield from _citations(record, place, references)


def _resource(record: ResourceRecord, place: CurrentRecord, references: References) -> Iterator[SQLModel]:
    key = place.id
    yield Resource(
        id=key,
        slug=record.id,
        kind=record.kind,
        status=record.status,
        stated_on=record.stated_on,
        verified_at=None,  # until `write_verified` says otherwise
        review_due=None,
        min_age=record.min_age,
        max_age=record.max_age,
        position=place.position,
        updated_at=place.updated_at,
        digest=place.digest,
    )
    for language in Language:
        yield ResourceText(
            resource_id=key,
            language=language,
            name=record.name[language],
            summary=record.summary[language],
            description=said(record.description, language),
        )
    for nth, part in enumerate(record.organizations):
        organization = references.ids["organization", part.id]
        yield ResourceOrganization(resource_id=key, organization_id=organization, role=part.role, position=nth)
    if record.superseded_by is not None:
        successor = references.ids["resource", record.superseded_by]
        yield ResourceSuccessor(resource_id=key, successor_id=successor)
    for code in record.areas:
        yield ResourceArea(resource_id=key, area_id=references.ids["area", code])
    for vocabulary, slugs in ((Vocabulary.AUDIENCE, record.audiences), (Vocabulary.TOPIC, record.topics)):
        for slug in slugs:
            yield ResourceTerm(resource_id=key, term_id=references.ids[vocabulary, slug])
    for nth, point in enumerate(record.contact_points):
        yield from _contact_point(place, point, nth)
    yield from DECLARATIONS[record.kind].project_details(record, key, references.ids)
    yield from _citations(record, place, references)


def _contact_point(place: CurrentRecord, point: ContactPointRecord, nth: int) -> Iterator[SQLModel]:
    key = identify("resource", place.identity, point.id)
    yield ContactPoint(
        id=key,
        resource_id=place.id,
        slug=point.id,
        channel=point.channel,
        label_sv=point.label.sv,
        label_en=point.label.en,
        value=point.value,
        opening_hours=point.opening_hours,
        hours_basis=point.hours_basis,
        hours_stated=point.hours_stated,
        hours_reason_sv=said(point.hours_reason, Language.SWEDISH),
        hours_reason_en=said(point.hours_reason, Language.ENGLISH),
        anonymous=point.anonymous,
        free_of_charge=point.free_of_charge,
        on_phone_bill=point.on_phone_bill,
        interpreters=point.interpreters,
        position=nth,
    )
    for language in point.languages:
        yield ContactPointLanguage(contact_point_id=key, language=language)
    for exception in point.exceptions:
        yield OpeningException(
            id=identify(
                "resource", place.identity, point.id, exception.starts_on.isoformat(), exception.ends_on.isoformat()
            ),
            contact_point_id=key,
            starts_on=exception.starts_on,
            ends_on=exception.ends_on,
            expression=exception.expression,
            reason_sv=exception.reason.sv,
            reason_en=exception.reason.en,
        )


def _citations(record: Cited, place: CurrentRecord, references: References) -> Iterator[Citation]:
    for nth, citation in enumerate(record.citations):
        for field in citation.fields:
            yield Citation(
                id=identify("citation", place.family, place.identity, field, citation.source, str(nth)),
                subject_id=place.id,
                field=field,
                source_id=references.ids["source", citation.source],
                locator=citation.locator,
                evidence=citation.evidence,
                position=nth,
            )
