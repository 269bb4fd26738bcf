"""`/coordination-regions`, `/counties`, `/municipalities`."""

from typing import Annotated

from fastapi import Query
from sqlmodel import col

from app.areas.finding import find_area
from app.areas.models import Area, AreaKind
from app.areas.queries import areas
from app.areas.reading import build_areas
from app.areas.schemas import COLLECTIONS, AreaParameters, AreaShown, CountyParameters, MunicipalityParameters
from app.http.contract import Parameters, answers
from app.http.paging import Page, PageParameters
from app.http.problems import InvalidParameter, NotFound
from app.http.routing import Router
from app.resources.listing import Asking, AskingDep, Id, answer_list
from app.resources.renaming import redirect_renamed

router = Router(tags=["areas"])


def _list_areas(asking: Asking, kind: AreaKind, parameters: PageParameters) -> Page[AreaShown]:
    statement = areas(kind)
    for level in (AreaKind.COORDINATION_REGION, AreaKind.COUNTY):
        if (name := getattr(parameters, level.value, None)) is not None:
            inside = find_area(asking.session, level, name).path
            statement = statement.where(col(Area.path).startswith(inside, autoescape=True))
    return answer_list(asking, statement, parameters, build_areas)


def _get_area(asking: Asking, kind: AreaKind, code: str) -> AreaShown:
    """The area with this code or name. Raises NotFound, or leads on to a new id."""
    try:
        return build_areas(asking, [(find_area(asking.session, kind, code),)])[0]
    except InvalidParameter as error:
        redirect_renamed(asking.request.url, asking.session, COLLECTIONS[kind], code)
        raise NotFound(error.detail, error.errors) from None


@router.get("/coordination-regions", summary="Samordningsregioner")
@answers(fresh=300)
def list_coordination_regions(parameters: Annotated[AreaParameters, Query()], asking: AskingDep) -> Page[AreaShown]:
    """The seven coordination regions in the work against prostitution and trafficking; each has its coordinators.

    Not to be confused with health authorities: Region Halland is an organization, Region Väst a coordination region.

    De sju samordningsregionerna. De är något annat än regionerna som sköter hälso- och sjukvården.
    """
    return _list_areas(asking, AreaKind.COORDINATION_REGION, parameters)


@router.get("/coordination-regions/{id}", summary="En samordningsregion")
@answers(fresh=300)
def get_coordination_region(slug: Id, parameters: Annotated[Parameters, Query()], asking: AskingDep) -> AreaShown:
    """One coordination region, by slug (`vast`) or name (`Region Väst`).

    En samordningsregion.
    """
    return _get_area(asking, AreaKind.COORDINATION_REGION, slug)


@router.get("/counties", summary="Län")
@answers(fresh=300)
def list_counties(parameters: Annotated[CountyParameters, Query()], asking: AskingDep) -> Page[AreaShown]:
    """Sweden's 21 counties, each with its coordination region.

    Sveriges 21 län, vart och ett med sin samordningsregion.
    """
    return _list_areas(asking, AreaKind.COUNTY, parameters)


@router.get("/counties/{id}", summary="Ett län")
@answers(fresh=300)
def get_county(slug: Id, parameters: Annotated[Parameters, Query()], asking: AskingDep) -> AreaShown:
    """One county, by code (`13`) or name (`Halland`).

    Ett län, efter kod eller namn.
    """
    return _get_area(asking, AreaKind.COUNTY, slug)


@router.get("/municipalities", summary="Kommuner")
@answers(fresh=300)
def list_municipalities(parameters: Annotated[MunicipalityParameters, Query()], asking: AskingDep) -> Page[AreaShown]:
    """Sweden's 290 municipalities, each with its county and coordination region.

    Sveriges 290 kommuner, var och en med sitt län och sin samordningsregion.
    """
    return _list_areas(asking, AreaKind.MUNICIPALITY, parameters)


@router.get("/municipalities/{id}", summary="En kommun")
@answers(fresh=300)
def get_municipality(slug: Id, parameters: Annotated[Parameters, Query()], asking: AskingDep) -> AreaShown:
    """One municipality, by code (`1380`) or name (`Halmstad`).

    En kommun, efter kod eller namn.
    """
    return _get_area(asking, AreaKind.MUNICIPALITY, slug)
