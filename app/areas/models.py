"""One tree of areas: Sweden, 7 coordination regions, 21 counties, 290 municipalities."""

from enum import StrEnum
from uuid import UUID

from sqlmodel import Field, SQLModel

from app.resources.models import Basis
from app.stored_values import choice


class AreaKind(StrEnum):
    """Levels of areas, from the nation down to the municipalities."""

    COUNTRY = "country"
    COORDINATION_REGION = "coordination_region"
    COUNTY = "county"
    MUNICIPALITY = "municipality"


class Area(SQLModel, table=True):
    """A node. `path` lists the codes from the root, each followed by a dot: `SE.vast.13.1380.` is Halmstad.

    `basis`: whether a source states which coordination region it belongs to (for a coordination region: which counties
    it has), or that is inferred, for `reason_sv` and `reason_en`. Null for the nation.
    """

    id: UUID = Field(primary_key=True)
    code: str = Field(unique=True)
    kind: AreaKind = Field(index=True, sa_type=choice(AreaKind))
    name_sv: str
    name_en: str
    parent_id: UUID | None = Field(foreign_key="area.id", index=True)
    iso_3166_2: str | None
    path: str = Field(unique=True)
    basis: Basis | None = Field(sa_type=choice(Basis))
    reason_sv: str | None
    reason_en: str | None
    position: int


class AreaName(SQLModel, table=True):
    """A folded name by which an area is looked up: its own names and, for municipalities, places such as Visby."""

    area_id: UUID = Field(foreign_key="area.id", primary_key=True)
    key: str = Field(primary_key=True, index=True)
