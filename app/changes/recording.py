"""Noting what a seeding does: the listed records before and after it, compared."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import Session, col

from app.changes.models import Change, Edition, What
from app.organizations.models import Organization, OrganizationText
from app.resources.models import Resource, ResourceText
from app.status import OFFERED, Status
from app.texts import Language

ORGANIZATION: Literal["organization"] = "organization"
"""What a change calls an organization, beside the kinds of resources."""


@dataclass(slots=True)
class Listed:
    """A record as far as changes tell of it."""

    kind: str
    slug: str
    status: Status
    digest: str
    names: dict[Language, str]


Listing = Mapping[UUID, Listed]


def listing(session: Session) -> Listing:
    """All resources and organizations, in the order of lists; four queries."""
    found: dict[UUID, Listed] = {}
    for model, order in ((Resource, Resource.position), (Organization, Organization.position)):
        statement = select(col(model.id), col(model.slug), col(model.status), col(model.digest)).order_by(col(order))
        for key, slug, status, digest in session.execute(statement):
            found[key] = Listed(ORGANIZATION, slug, status, digest, {})
    for key, kind in session.execute(select(col(Resource.id), col(Resource.kind))):
        found[key].kind = kind.value
    resources = select(col(ResourceText.resource_id), col(ResourceText.language), col(ResourceText.name))
    organizations = select(
        col(OrganizationText.organization_id), col(OrganizationText.language), col(OrganizationText.name)
    )
    for texts in (resources, organizations):
        for key, language, name in session.execute(texts):
            found[key].names[language] = name
    return found


def record(session: Session, before: Listing, now: datetime) -> None:
    """Begin an edition with the changes since `before`. The caller holds the lock that makes the order certain."""
    edition = (session.scalar(select(func.max(Edition.number))) or 0) + 1
    last = session.scalar(select(func.max(Change.sequence))) or 0
    # A store that is older than its record of changes begins it with all that is there: followers miss nothing.
    happened = differences(before if last else {}, listing(session))
    session.add(Edition(number=edition, made_at=now))
    session.flush()
    session.add_all(
        Change(
            sequence=sequence,
            edition=edition,
            changed_at=now,
            what=what,
            kind=one.kind,
            slug=one.slug,
            status=one.status,
            name_sv=one.names[Language.SWEDISH],
            name_en=one.names[Language.ENGLISH],
        )
        for sequence, (what, one) in enumerate(happened, last + 1)
    )


def differences(before: Listing, after: Listing) -> Iterator[tuple[What, Listed]]:
    """What happened between two listings, the removed first."""
    for key, one in before.items():
        if key not in after:
            yield What.REMOVED, one
    for key, one in after.items():
        if (old := before.get(key)) is None:
            yield What.ADDED, one
        elif old.digest != one.digest:
            over = old.status in OFFERED and one.status not in OFFERED
            yield What.ENDED if over else What.CHANGED, one
