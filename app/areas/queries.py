"""Finding areas by code or name, and what lies around them."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlmodel import col

from app.areas.models import Area, AreaKind, AreaName


def areas(kind: AreaKind) -> Select[Area]:
    """All areas of a kind, in the order of their codes."""
    return select(Area).where(col(Area.kind) == kind).order_by(col(Area.position), col(Area.code))


def area(kind: AreaKind, code: str) -> Select[Area]:
    """The area with this code."""
    return areas(kind).where(col(Area.code) == code)


def named(kind: AreaKind, keys: Collection[str]) -> Select[Area]:
    """Areas that go by one of these folded names."""
    found = select(col(AreaName.area_id)).where(col(AreaName.key).in_(keys))
    return areas(kind).where(col(Area.id).in_(found))


def around(place: Area) -> Select[UUID]:
    """The ids of the areas that contain this one, itself, and those within it: whatever serves somebody there."""
    codes = place.path.rstrip(".").split(".")
    inside = col(Area.path).startswith(place.path, autoescape=True)
    return select(col(Area.id)).where(or_(col(Area.code).in_(codes), inside))


def children(parents: Collection[UUID]) -> Select[Area]:
    """The areas right below these."""
    return select(Area).where(col(Area.parent_id).in_(parents)).order_by(col(Area.position), col(Area.code))


def by_codes(codes: Collection[str]) -> Select[Area]:
    """The areas with these codes."""
    return select(Area).where(col(Area.code).in_(codes))
