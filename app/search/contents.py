"""What resources and organizations are found by: their tokens, read from the store."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import String, cast, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, SQLModel, col

from app.areas.models import Area, AreaKind
from app.events.models import EventDetails
from app.organizations.models import Organization, OrganizationText
from app.publications.models import PublicationDetails
from app.records.models import CurrentRecord
from app.resources.contacts import display
from app.resources.models import (
    ContactPoint,
    Resource,
    ResourceArea,
    ResourceOrganization,
    ResourceTerm,
    ResourceText,
)
from app.search.words import kind_token, status_token, tokens
from app.vocabularies.models import Term

BATCH = 500
"""Records that one statement asks for."""

DETAILS: dict[type[SQLModel], tuple[str, ...]] = {
    PublicationDetails: ("title", "number", "edition", "year"),
    EventDetails: ("venue", "street_address", "locality"),
}
"""What a publication is called by those who cite it, and where an event is."""

Texts = defaultdict[UUID, list[str]]


def find_dependants(session: Session, ids: Sequence[UUID]) -> list[UUID]:
    """The resources that are found by the names of these organizations, terms and areas."""
    found = set[UUID]()
    inner = aliased(Area)
    for first in range(0, len(ids), BATCH):
        part = ids[first : first + BATCH]
        serving = (
            select(col(ResourceArea.resource_id))
            .join(Area, col(Area.id) == col(ResourceArea.area_id))
            .join(inner, col(inner.path).startswith(col(Area.path)))
            .where(col(inner.id).in_(part))
        )
        for statement in (
            select(col(ResourceOrganization.resource_id)).where(col(ResourceOrganization.organization_id).in_(part)),
            select(col(ResourceTerm.resource_id)).where(col(ResourceTerm.term_id).in_(part)),
            serving,
        ):
            found.update(session.scalars(statement))
    return sorted(found)


def load_tokens(session: Session, ids: Sequence[UUID]) -> Iterator[tuple[int, set[str]]]:
    """The number and the tokens of each of these that is a resource or an organization in the store."""
    for first in range(0, len(ids), BATCH):
        part = ids[first : first + BATCH]
        names, texts, served = _load_names(session, part), _load_texts(session, part), _load_served(session, part)
        for model in (Resource, Organization):
            for number, key, slug, status, kind in session.execute(_subjects(model, part)):
                marks = {status_token(status), kind_token(kind)}
                yield number, tokens(names[key], [*texts[key], slug], served[key]) | marks


def _subjects(model: type[Resource] | type[Organization], ids: Sequence[UUID]) -> Any:
    rest = col(model.slug), col(model.status), col(CurrentRecord.kind)
    return (
        select(col(CurrentRecord.first_revision), col(model.id), *rest)
        .join(CurrentRecord, col(CurrentRecord.id) == col(model.id))
        .where(col(model.id).in_(ids))
    )


def _load_names(session: Session, ids: Sequence[UUID]) -> Texts:
    names = Texts(list)
    for table, owner in (
        (ResourceText, ResourceText.resource_id),
        (OrganizationText, OrganizationText.organization_id),
    ):
        for key, name in session.execute(select(col(owner), col(table.name)).where(col(owner).in_(ids))):
            names[key].append(name)
    return names


def _load_served(session: Session, ids: Sequence[UUID]) -> Texts:
    """The names of the municipalities that resources serve, but for what serves the nation."""
    served = Texts(list)
    for key, *names in session.execute(_places(ids, AreaKind.MUNICIPALITY)):
        served[key] += names
    return served


def _load_texts(session: Session, ids: Sequence[UUID]) -> Texts:
    """What resources and organizations are found by beside their names: texts, and the names of what they refer to."""
    texts = Texts(list)
    for statement in _texts(ids):
        for key, *found in session.execute(statement):
            texts[key] += [text for text in found if text is not None]
    owner = col(ContactPoint.resource_id)
    points = select(
        owner, *(col(getattr(ContactPoint, name)) for name in ("channel", "value", "label_sv", "label_en"))
    ).where(owner.in_(ids))
    for key, channel, value, *labels in session.execute(points):
        texts[key] += [*labels, *([] if value is None else [value, display(channel, value) or ""])]
    return texts


def _texts(ids: Sequence[UUID]) -> Iterator[Any]:
    """Statements that give ids with texts."""
    yield select(col(ResourceText.resource_id), col(ResourceText.summary), col(ResourceText.description)).where(
        col(ResourceText.resource_id).in_(ids)
    )
    yield select(col(OrganizationText.organization_id), col(OrganizationText.description)).where(
        col(OrganizationText.organization_id).in_(ids)
    )
    yield (
        select(col(ResourceOrganization.resource_id), col(OrganizationText.name))
        .join(OrganizationText, col(OrganizationText.organization_id) == col(ResourceOrganization.organization_id))
        .where(col(ResourceOrganization.resource_id).in_(ids))
    )
    yield _places(ids)
    yield (
        select(col(ResourceTerm.resource_id), col(Term.name_sv), col(Term.name_en))
        .join(Term, col(Term.id) == col(ResourceTerm.term_id))
        .where(col(ResourceTerm.resource_id).in_(ids))
    )
    for details, columns in DETAILS.items():
        owner = col(details.resource_id)  # type: ignore[attr-defined]  # every table of details has one
        yield select(owner, *(cast(col(getattr(details, name)), String) for name in columns)).where(owner.in_(ids))


def _places(ids: Sequence[UUID], *kinds: AreaKind) -> Any:
    """The ids of resources with the names of areas that they serve, and of all within these but for the nation's.

    Of areas of some kinds, or of all.
    """
    inner, own = aliased(Area), col(ResourceArea.resource_id)
    within = or_(
        col(inner.id) == col(Area.id), col(Area.parent_id).is_not(None) & col(inner.path).startswith(col(Area.path))
    )
    return (
        select(own, col(inner.name_sv), col(inner.name_en))
        .join(Area, col(Area.id) == col(ResourceArea.area_id))
        .join(inner, within)
        .where(own.in_(ids), col(inner.kind).in_(kinds or tuple(AreaKind)))
    )
