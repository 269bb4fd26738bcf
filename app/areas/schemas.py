"""Schemas of areas, and the parameters of their lists."""

from pydantic import BaseModel, ConfigDict, Field

from app.areas.models import AreaKind
from app.http.links import Links
from app.http.paging import PageParameters
from app.resources.filters import CitedParameters
from app.resources.models import Basis
from app.resources.schemas import AREA_BASIS_SAYS, AreaBrief
from app.sources.schemas import CitationShown
from app.texts import Language

COLLECTIONS = {
    AreaKind.COORDINATION_REGION: "coordination-regions",
    AreaKind.COUNTY: "counties",
    AreaKind.MUNICIPALITY: "municipalities",
}
"""The collection of each kind of area, under `/v1`."""


class AreaCited(AreaBrief):
    """An area that another lies in or has. `basis` and `citations` are about the county's place in the region."""

    citations: list[CitationShown] = Field(description="Who states that the county lies in the coordination region.")


class AreaShown(BaseModel):
    """A coordination region, county or municipality."""

    model_config = ConfigDict(populate_by_name=True)

    id: str = Field(description="Municipality code, county code, or slug of the coordination region.")
    kind: AreaKind
    language: Language = Field(description="The language of the texts.")
    name: str
    iso_3166_2: str | None = Field(description="ISO 3166-2 code of a county.")
    basis: Basis | None = Field(description=AREA_BASIS_SAYS)
    reason: str | None = Field(description="Why, where it is inferred.")
    ancestors: list[AreaBrief] = Field(description="The areas that it lies in, the nation first.")
    coordination_region: AreaCited | None = Field(
        description="Of a county or municipality: the coordination region that its county lies in."
    )
    counties: list[AreaCited] | None = Field(description="Of a coordination region: the counties that lie in it.")
    citations: list[CitationShown] = Field(description="Who states that it lies there.")
    links: Links = Field(alias="_links")


class AreaParameters(PageParameters, CitedParameters):
    """What may be asked of a list of areas."""


class CountyParameters(AreaParameters):
    """Filters on counties."""

    coordination_region: str | None = Field(
        None, min_length=1, max_length=60, description="In this coordination region: `vast` or `Region Väst`."
    )


class MunicipalityParameters(CountyParameters):
    """Filters on municipalities."""

    county: str | None = Field(
        None, min_length=1, max_length=60, description="In this county: code (`13`) or name (`Halland`)."
    )
