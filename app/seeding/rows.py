"""From the seed's records to the rows that the store must hold."""

import hashlib
from collections.abc import Iterator
from datetime import datetime

from sqlmodel import SQLModel

from app.areas.models import Area, AreaKind, AreaName
from app.areas.naming import stored_keys
from app.coordinators.models import CoordinatorDetails
from app.courses.models import CourseDetails
from app.events.models import EventDetails
from app.identity import identify
from app.organizations.models import Organization, OrganizationText, OrganizationTie
from app.programs.models import ProgramDetails
from app.publications.models import PublicationDetails
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
from app.seeding.files import Seed
from app.seeding.records import (
    AreaRow,
    Cited,
    ContactPointRecord,
    CoordinatorRecord,
    CourseRecord,
    EventRecord,
    OrganizationRecord,
    ProgramRecord,
    PublicationRecord,
    Record,
    ResourceRecord,
    TermRecord,
)
from app.sources.models import Citation, Source
from app.texts import Language, said
from app.vocabularies.models import Term, Vocabulary

DETAILS: dict[type[ResourceRecord], type[SQLModel]] = {
    CourseRecord: CourseDetails,
    EventRecord: EventDetails,
    PublicationRecord: PublicationDetails,
}
"""Kinds whose own fields are stored as they are written."""


def rows(seed: Seed, now: datetime) -> Iterator[SQLModel]:
    """Every row but the search index. `updated_at` is `now`; who writes keeps the old one where nothing changed."""
    for place, source in enumerate(seed.sources):
        fields = source.model_dump(exclude={"id", "file"})
        yield Source(id=identify("source", source.id), slug=source.id, position=place, **fields)
    yield from _areas(seed)
    for vocabulary, terms in ((Vocabulary.AUDIENCE, seed.audiences), (Vocabulary.TOPIC, seed.topics)):
        yield from _terms(vocabulary, terms)
    for place, organization in enumerate(seed.organizations):
        yield from _organization(organization, place, now)
    for place, resource in enumerate(seed.resources):
        yield from _resource(resource, place, now)
    for place, step in enumerate(seed.steps):
        key = identify("step", step.id)
        yield EscalationStep(
            id=key,
            slug=step.id,
            urgency=step.urgency,
            position=place,
            resource_id=None if step.resource is None else identify("resource", step.resource),
            local=step.local,
            reason_sv=step.reason.sv,
            reason_en=step.reason.en,
        )
        yield from _citations(step, "step")


def digest(record: Record) -> str:
    """Changes whenever anything in the record does."""
    return hashlib.sha256(record.model_dump_json().encode()).hexdigest()


def _areas(seed: Seed) -> Iterator[SQLModel]:
    paths: dict[str, str] = {"": ""}
    above: dict[str, AreaRow] = {}
    for kind in AreaKind:
        for place, row in enumerate(seed.areas[kind]):
            key = identify("area", row.code)
            above[row.code] = row
            attested = above[row.parent] if kind is AreaKind.MUNICIPALITY else row
            paths[row.code] = f"{paths[row.parent]}{row.code}."
            yield Area(
                id=key,
                code=row.code,
                kind=kind,
                name_sv=row.name_sv,
                name_en=row.name_en,
                parent_id=identify("area", row.parent) if row.parent else None,
                iso_3166_2=row.iso_3166_2 or None,
                path=paths[row.code],
                position=place,
                basis=attested.basis,
                reason_sv=attested.reason_sv or None,
                reason_en=attested.reason_en or None,
            )
            names = [row.name_sv, row.name_en, *(name.strip() for name in row.places.split(";") if name.strip())]
            for found_by in set().union(*(stored_keys(kind, name) for name in names)):
                yield AreaName(area_id=key, key=found_by)
            yield Citation(
                id=identify("citation", "area", row.code),
                subject_id=key,
                field="parent" if row.parent else "name",
                source_id=identify("source", row.source),
                locator=row.locator or None,
                evidence=row.evidence,
                position=0,
            )


def _terms(vocabulary: Vocabulary, terms: list[TermRecord]) -> Iterator[SQLModel]:
    paths: dict[str | None, str] = {None: ""}
    for place, term in enumerate(terms):
        paths[term.id] = f"{paths[term.parent]}{term.id}."
        yield Term(
            id=identify(vocabulary, term.id),
            vocabulary=vocabulary,
            slug=term.id,
            name_sv=term.name.sv,
            name_en=term.name.en,
            description_sv=term.description.sv,
            description_en=term.description.en,
            parent_id=None if term.parent is None else identify(vocabulary, term.parent),
            path=paths[term.id],
            position=place,
        )
        yield from _citations(term, vocabulary)


def _organization(record: OrganizationRecord, place: int, now: datetime) -> Iterator[SQLModel]:
    key = identify("organization", record.id)
    yield Organization(
        id=key,
        slug=record.id,
        status=record.status,
        url=record.url,
        stated_on=record.stated_on,
        verified_at=record.verified_at,
        review_due=record.review_due,
        updated_at=now,
        digest=digest(record),
        position=place,
    )
    for language in Language:
        name, description = record.name[language], record.description[language]
        yield OrganizationText(organization_id=key, language=language, name=name, description=description)
    for nth, tie in enumerate(record.ties):
        other = identify("organization", tie.to)
        yield OrganizationTie(organization_id=key, tie=tie.tie, other_id=other, position=nth)
    yield from _citations(record, "organization")


def _resource(record: ResourceRecord, place: int, now: datetime) -> Iterator[SQLModel]:
    key = identify("resource", record.id)
    yield Resource(
        id=key,
        slug=record.id,
        kind=record.kind,
        status=record.status,
        stated_on=record.stated_on,
        verified_at=record.verified_at,
        review_due=record.review_due,
        min_age=record.min_age,
        max_age=record.max_age,
        position=place,
        updated_at=now,
        digest=digest(record),
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
        organization = identify("organization", part.id)
        yield ResourceOrganization(resource_id=key, organization_id=organization, role=part.role, position=nth)
    if record.superseded_by is not None:
        yield ResourceSuccessor(resource_id=key, successor_id=identify("resource", record.superseded_by))
    for code in record.areas:
        yield ResourceArea(resource_id=key, area_id=identify("area", code))
    for vocabulary, slugs in ((Vocabulary.AUDIENCE, record.audiences), (Vocabulary.TOPIC, record.topics)):
        for slug in slugs:
            yield ResourceTerm(resource_id=key, term_id=identify(vocabulary, slug))
    for nth, point in enumerate(record.contact_points):
        yield from _contact_point(record.id, point, nth)
    yield from _details(record)
    yield from _citations(record, "resource")


def _details(record: ResourceRecord) -> Iterator[SQLModel]:
    key = identify("resource", record.id)
    if type(record) in DETAILS:
        yield DETAILS[type(record)](resource_id=key, **record.details())
    elif isinstance(record, ProgramRecord):
        yield ProgramDetails(
            resource_id=key,
            applicant_sv=said(record.applicant, Language.SWEDISH),
            applicant_en=said(record.applicant, Language.ENGLISH),
            apply_through_sv=said(record.apply_through, Language.SWEDISH),
            apply_through_en=said(record.apply_through, Language.ENGLISH),
            available_from=record.available_from,
            days=record.days,
        )
    elif isinstance(record, CoordinatorRecord):
        yield CoordinatorDetails(
            resource_id=key,
            coordination_region_id=identify("area", record.coordination_region),
            reached_through_id=None if record.reached_through is None else identify("resource", record.reached_through),
        )


def _contact_point(resource: str, point: ContactPointRecord, place: int) -> Iterator[SQLModel]:
    key = identify("resource", resource, point.id)
    yield ContactPoint(
        id=key,
        resource_id=identify("resource", resource),
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
        position=place,
    )
    for language in point.languages:
        yield ContactPointLanguage(contact_point_id=key, language=language)
    for one in point.exceptions:
        yield OpeningException(
            id=identify("resource", resource, point.id, one.starts_on.isoformat(), one.ends_on.isoformat()),
            contact_point_id=key,
            starts_on=one.starts_on,
            ends_on=one.ends_on,
            expression=one.expression,
            reason_sv=one.reason.sv,
            reason_en=one.reason.en,
        )


def _citations(record: Cited, sort: str) -> Iterator[Citation]:
    for place, citation in enumerate(record.citations):
        for field in citation.fields:
            yield Citation(
                id=identify("citation", sort, record.id, field, citation.source, str(place)),
                subject_id=identify(sort, record.id),
                field=field,
                source_id=identify("source", citation.source),
                locator=citation.locator,
                evidence=citation.evidence,
                position=place,
            )
