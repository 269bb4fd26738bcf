"""Builds the areas that the API shows from rows."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from app.areas.models import Area, AreaKind
from app.areas.queries import by_codes, children
from app.areas.schemas import COLLECTIONS, AreaCited, AreaShown
from app.http.links import Links, link
from app.resources.reading import Reading, build_area
from app.sources.schemas import CitationShown, citations_of
from app.texts import text_of


def build_areas(reading: Reading, rows: Sequence[tuple[Area]]) -> list[AreaShown]:
    """One area for each row, in their order."""
    areas = [area for (area,) in rows]
    above = {code for area in areas for code in area.path.split(".")[:-2]}
    areas_by_code = {area.code: area for area in (*reading.session.scalars(by_codes(above)), *areas)}
    within = [area.id for area in areas if area.kind is AreaKind.COORDINATION_REGION]
    areas_by_code |= {area.code: area for area in reading.session.scalars(children(within))}
    citations = citations_of(reading.session, [area.id for area in areas_by_code.values()])
    return [_build_area(reading, area, areas_by_code, citations) for area in areas]


def _build_area(
    reading: Reading, area: Area, areas_by_code: Mapping[str, Area], citations: Mapping[UUID, list[CitationShown]]
) -> AreaShown:
    codes = area.path.split(".")[:-1]
    ancestors = [areas_by_code[code] for code in codes[:-1] if code in areas_by_code]
    county = next((ancestor for ancestor in (*ancestors, area) if ancestor.kind is AreaKind.COUNTY), None)
    region = next((ancestor for ancestor in ancestors if ancestor.kind is AreaKind.COORDINATION_REGION), None)
    counties = [
        child for child in areas_by_code.values() if child.parent_id == area.id and child.kind is AreaKind.COUNTY
    ]

    def cite(cited: Area, county: Area) -> AreaCited:
        brief, place = build_area(cited, reading.language), build_area(county, reading.language)
        stated = {"basis": place.basis, "reason": place.reason, "citations": citations[county.id]}
        return AreaCited.model_construct(**{**dict(brief), **stated})

    return AreaShown.model_construct(
        id=area.code,
        kind=area.kind,
        language=reading.language,
        name=text_of(area, "name", reading.language),
        iso_3166_2=area.iso_3166_2,
        basis=area.basis,
        reason=text_of(area, "reason", reading.language),
        ancestors=[build_area(ancestor, reading.language) for ancestor in ancestors],
        coordination_region=cite(region, county) if region and county else None,
        counties=[cite(child, child) for child in counties] if area.kind is AreaKind.COORDINATION_REGION else None,
        citations=citations[area.id],
        links=_links(reading, area),
    )


def _links(reading: Reading, area: Area) -> Links:
    return {
        "self": link(reading, f"/v1/{COLLECTIONS[area.kind]}/{area.code}"),
        "related": link(reading, "/v1/resources", "related", {area.kind.value: area.code}),
    }
