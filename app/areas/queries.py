"""Statements over areas: by code, by name, and the areas around one."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlmodel import col

from app.areas.models import Area, AreaKind, AreaName
from app.faults import report_fault


def areas(kind: AreaKind) -> Select[Area]:
    """All areas of a kind, in the order of their codes."""
    return select(Area).where(col(Area.kind) == kind).order_by(col(Area.position), col(Area.code))


def named(kind: AreaKind, keys: Collection[str]) -> Select[Area]:
    """Areas that have one of these as their code or as a folded name."""
    by_name = select(col(AreaName.area_id)).where(col(AreaName.key).in_(keys))
    return areas(kind).where(or_(col(Area.code).in_(keys), col(Area.id).in_(by_name)))


def areas_around(place: Area) -> Select[UUID]:
    """The ids of this area, of those that contain it and of those within it: any of them may serve somebody there."""
    if not place.path.endswith(f"{place.code}."):
        report_fault(f"the path of the area {place.code} cannot be right", place.path)
        return select(col(Area.id)).where(col(Area.id) == place.id)
    codes = place.path.rstrip(".").split(".")
    inside = col(Area.path).startswith(place.path, autoescape=True)
    return select(col(Area.id)).where(or_(col(Area.code).in_(codes), inside))


def children(parents: Collection[UUID]) -> Select[Area]:
    """The areas one level below these."""
    return select(Area).where(col(Area.parent_id).in_(parents)).order_by(col(Area.position), col(Area.code))


def by_codes(codes: Collection[str]) -> Select[Area]:
    """The areas with these codes."""
    return select(Area).where(col(Area.code).in_(codes))
