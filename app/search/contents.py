"""What resources and organizations are found by: their tokens, read from the store."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, String, bindparam, cast, literal, null, or_, select, union_all
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from app.areas.models import Area, AreaKind
from app.areas.naming import spellings
from app.kinds import DECLARATIONS
from app.organizations.models import Organization, OrganizationText
from app.records.models import CurrentRecord
from app.resources.contacts import format_value
from app.resources.models import (
    Channel,
    ContactPoint,
    Resource,
    ResourceArea,
    ResourceOrganization,
    ResourceTerm,
    ResourceText,
)
from app.search.words import kind_token, make_tokens, status_token
from app.vocabularies.models import Term

BATCH = 500
"""Records that one statement asks for."""

Texts = defaultdict[UUID, list[str]]

SUBJECT, NAME, TEXT, PLACE, CONTACT = "subject", "name", "text", "place", "contact"
WIDTH = 4
"""Texts in a row of what records are found by."""

_IDS: BindParameter[Any] = bindparam("ids", expanding=True)


def find_dependants(session: Session, ids: Sequence[UUID]) -> list[UUID]:
    """The resources that are found by the names of these organizations, terms and areas."""
    dependants = set[UUID]()
    for first in range(0, len(ids), BATCH):
        dependants.update(session.connection().scalars(_DEPENDANTS, {"ids": ids[first : first + BATCH]}))
    return sorted(dependants)


def load_tokens(session: Session, ids: Sequence[UUID]) -> Iterator[tuple[int, set[str]]]:
    """The number and the tokens of each of these that is a resource or an organization in the store."""
    for first in range(0, len(ids), BATCH):
        subjects, names, texts, served = _load_texts(session, ids[first : first + BATCH])
        for key, (number, slug, status, kind) in subjects.items():
            marks = {status_token(status), kind_token(kind)}
            yield int(number), make_tokens(names[key], [*texts[key], slug], served[key]) | marks


def _load_texts(session: Session, ids: Sequence[UUID]) -> tuple[dict[UUID, list[str]], Texts, Texts, Texts]:
    """Number, slug, status and kind of each of these that is a resource or an organization; by the same ids:

    names; other texts with the names of what is referred to; the names of municipalities and counties served.
    """
    subjects, names, texts, served = dict[UUID, list[str]](), Texts(list), Texts(list), Texts(list)
    for key, what, *values in session.connection().execute(_FOUND_BY, {"ids": ids}).all():
        if what == SUBJECT:
            subjects[key] = values
        elif what == NAME:
            names[key].append(values[0])
        elif what == CONTACT:
            channel, value, *labels = values
            texts[key] += [*labels, *([] if value is None else [value, format_value(Channel(channel), value) or ""])]
        else:
            # Of a place, the third is its kind.
            place_names = values[:2] if what == PLACE else values
            texts[key] += [text for text in place_names if text is not None]
            served[key] += _place_names(values[2], place_names) if what == PLACE else []
    return subjects, names, texts, served


def _place_names(kind: str, names: Sequence[str]) -> list[str]:
    """What a municipality or a county is called without what it is: `Hallands län` is `halland`."""
    if kind == AreaKind.MUNICIPALITY:
        return list(names)
    return [spellings(AreaKind.COUNTY, name)[-1] for name in names] if kind == AreaKind.COUNTY else []


def _subjects(model: type[Resource] | type[Organization]) -> Any:
    columns = CurrentRecord.first_revision, model.slug, model.status, CurrentRecord.kind
    return _row(col(model.id), SUBJECT, *columns).join(CurrentRecord, col(CurrentRecord.id) == col(model.id))


def _row(owner: Any, what: str, *columns: Any) -> Any:
    """A statement that gives the owners with their texts; what is no text becomes one."""
    texts = [cast(column, String) for column in columns]
    return select(owner, literal(what), *texts, *[null()] * (WIDTH - len(texts))).where(owner.in_(_IDS))


def _found_by() -> Any:
    """All that resources and organizations are found by, in one statement."""
    resource, organization = col(ResourceText.resource_id), col(OrganizationText.organization_id)
    provided, term = col(ResourceOrganization.resource_id), col(ResourceTerm.resource_id)
    point = ContactPoint.channel, ContactPoint.value, ContactPoint.label_sv, ContactPoint.label_en
    return union_all(
        _subjects(Resource),
        _subjects(Organization),
        _row(resource, NAME, ResourceText.name),
        _row(resource, TEXT, ResourceText.summary, ResourceText.description),
        _row(organization, NAME, OrganizationText.name),
        _row(organization, TEXT, OrganizationText.description),
        _row(provided, TEXT, OrganizationText.name).join(
            OrganizationText, organization == col(ResourceOrganization.organization_id)
        ),
        _row(term, TEXT, Term.name_sv, Term.name_en).join(Term, col(Term.id) == col(ResourceTerm.term_id)),
        _row(col(ContactPoint.resource_id), CONTACT, *point),
        _places(),
        *_details(),
    )


def _details() -> Iterator[Any]:
    """What kinds add: what a publication is called by those who cite it, where an event is."""
    for declaration in DECLARATIONS.values():
        details: Any = declaration.details
        if declaration.searched:
            yield _row(details.resource_id, TEXT, *(getattr(details, name) for name in declaration.searched))


def _places() -> Any:
    """The names of areas that resources serve, and of all within these but for the nation's."""
    inner = aliased(Area)
    within = or_(
        col(inner.id) == col(Area.id), col(Area.parent_id).is_not(None) & col(inner.path).startswith(col(Area.path))
    )
    served = _row(col(ResourceArea.resource_id), PLACE, inner.name_sv, inner.name_en, inner.kind)
    return served.join(Area, col(Area.id) == col(ResourceArea.area_id)).join(inner, within)


def _dependants() -> Any:
    inner = aliased(Area)
    around = select(col(Area.id)).join(inner, col(inner.path).startswith(col(Area.path))).where(col(inner.id).in_(_IDS))
    return union_all(
        select(col(ResourceOrganization.resource_id)).where(col(ResourceOrganization.organization_id).in_(_IDS)),
        select(col(ResourceTerm.resource_id)).where(col(ResourceTerm.term_id).in_(_IDS)),
        select(col(ResourceArea.resource_id)).where(col(ResourceArea.area_id).in_(around)),
    )


# Made once: making a statement takes longer than asking it for one record.
_FOUND_BY, _DEPENDANTS = _found_by(), _dependants()
