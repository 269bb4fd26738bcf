"""`/coordination-regions`, `/counties`, `/municipalities`."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import col

from app.areas.finding import find_area
from app.areas.models import Area, AreaKind
from app.areas.queries import areas, by_codes
from app.http.contract import Parameters, answers
from app.http.links import Links, link
from app.http.paging import Page, PageParameters
from app.http.problems import InvalidParameter, NotFound
from app.resources.listing import AskingDep, Id, listing
from app.resources.models import Basis
from app.resources.reading import Asking, area_brief
from app.resources.renaming import lead_on
from app.resources.schemas import AreaBrief
from app.sources.schemas import CitationShown, citations_of
from app.texts import Language

router = APIRouter(tags=["areas"])

COLLECTIONS = {
    AreaKind.COORDINATION_REGION: "coordination-regions",
    AreaKind.COUNTY: "counties",
    AreaKind.MUNICIPALITY: "municipalities",
}


class AreaShown(BaseModel):
    """A coordination region, county or municipality."""

    model_config = ConfigDict(populate_by_name=True)

    id: str = Field(description="Municipality code, county code, or slug of the coordination region.")
    kind: AreaKind
    language: Language = Field(description="The language of the texts.")
    name: str
    iso_3166_2: str | None = Field(description="ISO 3166-2 code of a county.")
    basis: Basis | None = Field(
        description="Whether a source states which coordination region it belongs to (of a coordination region: which "
        "counties it has), or that is `inferred`."
    )
    reason: str | None = Field(description="Why, where it is inferred.")
    ancestors: list[AreaBrief] = Field(description="The areas that it lies in, the nation first.")
    citations: list[CitationShown] = Field(description="Who states that it lies there.")
    links: Links = Field(alias="_links")


class CountyParameters(PageParameters):
    """Filters on counties."""

    coordination_region: str | None = Field(
        None, min_length=1, max_length=60, description="In this coordination region: `vast` or `Region Väst`."
    )


class MunicipalityParameters(CountyParameters):
    """Filters on municipalities."""

    county: str | None = Field(
        None, min_length=1, max_length=60, description="In this county: code (`13`) or name (`Halland`)."
    )


def shown(asking: Asking, rows: Sequence[tuple[Area]]) -> list[AreaShown]:
    """Areas as the API shows them."""
    found = [area for (area,) in rows]
    citations = citations_of(asking.session, [area.id for area in found])
    above = {code for area in found for code in area.path.split(".")[:-2]}
    around = {area.code: area_brief(area, asking.language) for area in asking.session.scalars(by_codes(above))}
    return [
        AreaShown.model_construct(
            id=area.code,
            kind=area.kind,
            language=asking.language,
            name=area.name_en if asking.language is Language.ENGLISH else area.name_sv,
            iso_3166_2=area.iso_3166_2,
            basis=area.basis,
            reason=area.reason_en if asking.language is Language.ENGLISH else area.reason_sv,
            ancestors=[around[code] for code in area.path.split(".")[:-2] if code in around],
            citations=citations[area.id],
            links=_links(asking, area),
        )
        for area in found
    ]


def _links(asking: Asking, area: Area) -> Links:
    return {
        "self": link(asking.request, f"/v1/{COLLECTIONS[area.kind]}/{area.code}"),
        "related": link(asking.request, "/v1/resources", "related", {area.kind.value: area.code}),
    }


def _listing(asking: Asking, kind: AreaKind, wanted: PageParameters) -> Page[AreaShown]:
    statement = areas(kind)
    for level in (AreaKind.COORDINATION_REGION, AreaKind.COUNTY):
        if (asked := getattr(wanted, level.value, None)) is not None:
            inside = find_area(asking.session, level, asked).path
            statement = statement.where(col(Area.path).startswith(inside, autoescape=True))
    return listing(asking, statement, wanted, shown)


def _single(asking: Asking, kind: AreaKind, code: str) -> AreaShown:
    """By code or name, as filters take them."""
    try:
        return shown(asking, [(find_area(asking.session, kind, code),)])[0]
    except InvalidParameter as error:
        lead_on(asking.request, asking.session, COLLECTIONS[kind], code)
        raise NotFound(error.detail, error.errors) from None


@router.get("/coordination-regions", summary="Samordningsregioner")
@answers(fresh=300)
def list_coordination_regions(wanted: Annotated[PageParameters, Query()], asking: AskingDep) -> Page[AreaShown]:
    """The seven coordination regions in the work against prostitution and trafficking; each has its coordinators.

    Not to be mixed up with health authorities: Region Halland is an organization, Region Väst a coordination region.

    De sju samordningsregionerna. De är något annat än regionerna som sköter hälso- och sjukvården.
    """
    return _listing(asking, AreaKind.COORDINATION_REGION, wanted)


@router.get("/coordination-regions/{id}", summary="En samordningsregion")
@answers(fresh=300)
def get_coordination_region(slug: Id, wanted: Annotated[Parameters, Query()], asking: AskingDep) -> AreaShown:
    """One coordination region, by slug (`vast`) or name (`Region Väst`).

    En samordningsregion.
    """
    return _single(asking, AreaKind.COORDINATION_REGION, slug)


@router.get("/counties", summary="Län")
@answers(fresh=300)
def list_counties(wanted: Annotated[CountyParameters, Query()], asking: AskingDep) -> Page[AreaShown]:
    """Sweden's 21 counties, each with its coordination region.

    Sveriges 21 län, vart och ett med sin samordningsregion.
    """
    return _listing(asking, AreaKind.COUNTY, wanted)


@router.get("/counties/{id}", summary="Ett län")
@answers(fresh=300)
def get_county(slug: Id, wanted: Annotated[Parameters, Query()], asking: AskingDep) -> AreaShown:
    """One county, by code (`13`) or name (`Halland`).

    Ett län, efter kod eller namn.
    """
    return _single(asking, AreaKind.COUNTY, slug)


@router.get("/municipalities", summary="Kommuner")
@answers(fresh=300)
def list_municipalities(wanted: Annotated[MunicipalityParameters, Query()], asking: AskingDep) -> Page[AreaShown]:
    """Sweden's 290 municipalities, each with its county and coordination region.

    Sveriges 290 kommuner, var och en med sitt län och sin samordningsregion.
    """
    return _listing(asking, AreaKind.MUNICIPALITY, wanted)


@router.get("/municipalities/{id}", summary="En kommun")
@answers(fresh=300)
def get_municipality(slug: Id, wanted: Annotated[Parameters, Query()], asking: AskingDep) -> AreaShown:
    """One municipality, by code (`1380`) or name (`Halmstad`).

    En kommun, efter kod eller namn.
    """
    return _single(asking, AreaKind.MUNICIPALITY, slug)
