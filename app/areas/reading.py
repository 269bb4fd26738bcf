"""From rows to areas as the API shows them."""

from collections.abc import Sequence

from app.areas.models import Area
from app.areas.queries import by_codes
from app.areas.schemas import COLLECTIONS, AreaShown
from app.http.links import Links, link
from app.resources.reading import Reading, area_brief
from app.sources.schemas import citations_of
from app.texts import Language


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
            name=area.name_en if reading.language is Language.ENGLISH else area.name_sv,
            iso_3166_2=area.iso_3166_2,
            basis=area.basis,
            reason=area.reason_en if reading.language is Language.ENGLISH else area.reason_sv,
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
