"""Builds the rows of a resource, and the citations of any record."""

from collections.abc import Callable, Container, Iterator, Mapping

from sqlmodel import SQLModel

from app.identity import identify
from app.kinds import DECLARATIONS
from app.records.models import CurrentRecord
from app.records.references import References
from app.records.shapes import Cited, ContactPointRecord, ResourceRecord
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
from app.sources.models import Citation
from app.texts import Language, said
from app.vocabularies.models import Vocabulary


def project_resource(
    record: ResourceRecord, place: CurrentRecord, references: References, tables: Container[type[SQLModel]] | None
) -> Iterator[SQLModel]:
    """The main row and the parts, those in other tables than `tables` perhaps left out."""
    key = place.id
    yield Resource(
        id=key,
        slug=record.id,
        kind=record.kind,
        status=record.status,
        stated_on=record.stated_on,
        verified_at=None,  # until `write_verified` says otherwise, as of the next three
        called_on=None,
        confirmed_on=None,
        review_due=None,
        min_age=record.min_age,
        max_age=record.max_age,
        position=place.position,
        updated_at=place.updated_at,
        digest=place.digest,
    )
    for table, make_rows in _PARTS.items():
        if tables is None or table in tables:
            yield from make_rows(record, place, references)
    if tables is None or DECLARATIONS[record.kind].details in tables:
        yield from DECLARATIONS[record.kind].project_details(record, key, references.ids)


def _texts(record: ResourceRecord, place: CurrentRecord, _: References) -> Iterator[ResourceText]:
    for language in Language:
        yield ResourceText(
            resource_id=place.id,
            language=language,
            name=record.name[language],
            summary=record.summary[language],
            description=said(record.description, language),
        )


def _organizations(record: ResourceRecord, place: CurrentRecord, references: References) -> Iterator[SQLModel]:
    for nth, part in enumerate(record.organizations):
        organization = references.ids["organization", part.id]
        yield ResourceOrganization(resource_id=place.id, organization_id=organization, role=part.role, position=nth)


def _successor(record: ResourceRecord, place: CurrentRecord, references: References) -> Iterator[SQLModel]:
    if record.superseded_by is not None:
        successor = references.ids["resource", record.superseded_by]
        yield ResourceSuccessor(resource_id=place.id, successor_id=successor)


def _areas(record: ResourceRecord, place: CurrentRecord, references: References) -> Iterator[SQLModel]:
    return (ResourceArea(resource_id=place.id, area_id=references.ids["area", code]) for code in record.areas)


def _terms(record: ResourceRecord, place: CurrentRecord, references: References) -> Iterator[SQLModel]:
    for vocabulary, slugs in ((Vocabulary.AUDIENCE, record.audiences), (Vocabulary.TOPIC, record.topics)):
        for slug in slugs:
            yield ResourceTerm(resource_id=place.id, term_id=references.ids[vocabulary, slug])


def _contact_points(record: ResourceRecord, place: CurrentRecord, _: References) -> Iterator[SQLModel]:
    """Contact points, each with its languages and exceptions."""
    for nth, point in enumerate(record.contact_points):
        yield from _contact_point(place, point, nth)


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


def project_citations(record: Cited, place: CurrentRecord, references: References) -> Iterator[Citation]:
    """A row for each field that a citation states."""
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


_PARTS: Mapping[type[SQLModel], Callable[[ResourceRecord, CurrentRecord, References], Iterator[SQLModel]]] = {
    ResourceText: _texts,
    ResourceOrganization: _organizations,
    ResourceSuccessor: _successor,
    ResourceArea: _areas,
    ResourceTerm: _terms,
    ContactPoint: _contact_points,
    Citation: project_citations,
}
"""The parts that resources of all kinds have, by the table of their rows."""
