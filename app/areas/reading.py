"""From rows to areas as the API shows them."""

from collections.abc import Sequence

from app.areas.models import Area
from app.areas.queries import by_codes
from app.areas.schemas import COLLECTIONS, AreaShown
from app.http.links import Links, link
from app.resources.reading import Reading, area_brief
from app.sources.schemas import citations_of
from app.texts import text_of


def build_areas(reading: Reading, rows: Sequence[tuple[Area]]) -> list[AreaShown]:
    """Areas as the API shows them."""
    found = [area for (area,) in rows]
    citations = citations_of(reading.session, [area.id for area in found])
    above = {code for area in found for code in area.path.split(".")[:-2]}
    around = {area.code: area_brief(area, reading.language) for area in reading.session.scalars(by_codes(above))}
    return [
        AreaShown.model_construct(
            id=area.code,
            kind=area.kind,
            language=reading.language,
            name=text_of(area, "name", reading.language),
            iso_3166_2=area.iso_3166_2,
            basis=area.basis,
            reason=text_of(area, "reason", reading.language),
            ancestors=[around[code] for code in area.path.split(".")[:-2] if code in around],
            citations=citations[area.id],
            links=_links(reading, area),
        )
        for area in found
    ]


def _links(reading: Reading, area: Area) -> Links:
    return {
        "self": link(reading, f"/v1/{COLLECTIONS[area.kind]}/{area.code}"),
        "related": link(reading, "/v1/resources", "related", {area.kind.value: area.code}),
    }
