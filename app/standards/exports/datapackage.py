"""A Frictionless data package: the tables as CSV, what their columns mean, and how they may be used, in one ZIP."""

import io
import json
import tempfile
import zipfile
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from typing_extensions import Buffer

from app.changes.models import Edition
from app.standards.exports.columns import CONTACT_POINTS, RESOURCES, TABLES
from app.standards.exports.tables import Table
from app.standards.exports.writing import PIECE, Batches, Dialect, csv_header, csv_lines, write_moment
from app.standards.growing_files import Pieces
from app.texts import Language, Text

LICENSE = {
    "name": "CC0-1.0",
    "path": "https://creativecommons.org/publicdomain/zero/1.0/",
    "title": "Creative Commons Zero v1.0 Universal",
}
TITLES: dict[str, Text] = {
    RESOURCES.name: Text(sv="Resurser, en rad för varje", en="Resources, one row for each"),
    CONTACT_POINTS.name: Text(sv="Kontaktvägar, en rad för varje", en="Contact points, one row for each"),
}
DESCRIPTION = Text(
    sv="Öppen katalog för arbetet mot prostitution, människohandel och sexuell exploatering i Sverige.",
    en="Open directory for the work against prostitution, human trafficking and sexual exploitation in Sweden.",
)
README = Text(
    sv="""# Stödkatalogen

{description}

Ring 112 om någon är i fara. Filerna visar hur katalogen såg ut {made_at}; aktuella uppgifter finns på {home}.

- `resources.csv`: en rad för varje resurs. `contact-points.csv`: en rad för varje väg att nå den.
- UTF-8, komma mellan cellerna. `datapackage.json` säger vad kolumnerna betyder (Frictionless Data Package).
- En tom cell betyder att ingen källa anger uppgiften, eller att den inte hör till det slaget.
- Öppettiderna är regler (OSM opening_hours), inte lägen: om någon svarar just nu framgår inte av en fil.
- En cell som börjar med = + - @, tabb eller radbrytning har fått en apostrof före sig, så att kalkylprogram inte kör
  den som formel. Telefonnummer står som `tel:+46…` i `uri` och i läsbar form i `display`.

Uppgifterna är fria att använda (CC0 1.0). Varje uppgifts källa finns i `source_urls` och, i detalj, på `url`.
""",
    en="""# Stödkatalogen

{description}

Call 112 if anyone is in danger. The files show the directory as it was at {made_at}; what holds today is at {home}.

- `resources.csv`: one row for each resource. `contact-points.csv`: one row for each way to reach it.
- UTF-8, a comma between cells. `datapackage.json` says what the columns mean (Frictionless Data Package).
- An empty cell means that no source states it, or that it is not a field of that kind.
- Opening hours are rules (OSM opening_hours), not states: a file cannot say whether anybody answers now.
- A cell that begins with = + - @, a tab or a line break has got an apostrophe before it, so that no spreadsheet runs
  it as a formula. Phone numbers are in `uri` as `tel:+46…` and in `display` as they are read.

The data is free to use (CC0 1.0). The sources are in `source_urls` and, in detail, at `url`.
""",
)


@dataclass(frozen=True, slots=True)
class About:
    """What the package says of itself."""

    language: Language
    edition: Edition
    home: str
    publisher: str


def package_pieces(batches: Batches, about: About) -> Pieces:
    """The ZIP in pieces, as they are packed. Resources are read once: the second table waits on disk for the first."""
    outlet = _Outlet()
    with tempfile.TemporaryFile() as waiting, zipfile.ZipFile(outlet, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(_member("datapackage.json", about.edition.made_at), _descriptor(about))
        archive.writestr(_member("README.md", about.edition.made_at), _readme(about))
        with archive.open(_table_member(RESOURCES, about), "w") as member:
            waiting.write(csv_header(CONTACT_POINTS, Dialect()))
            member.write(csv_header(RESOURCES, Dialect()))
            for resources in batches:
                member.write(csv_lines(RESOURCES, resources, Dialect()))
                waiting.write(csv_lines(CONTACT_POINTS, resources, Dialect()))
                yield outlet.taken()
        waiting.seek(0)
        with archive.open(_table_member(CONTACT_POINTS, about), "w") as member:
            while piece := waiting.read(PIECE):
                member.write(piece)
                yield outlet.taken()
    yield outlet.taken()


class _Outlet(io.RawIOBase):
    """A file that cannot be read or rewound, whose bytes are taken out as they come."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, piece: Buffer) -> int:
        self._pieces.append(bytes(piece))
        return len(self._pieces[-1])

    def taken(self) -> bytes:
        taken, self._pieces = b"".join(self._pieces), []
        return taken


def _table_member(table: Table[Any], about: About) -> zipfile.ZipInfo:
    return _member(f"{table.name}.csv", about.edition.made_at)


def _member(name: str, made_at: datetime) -> zipfile.ZipInfo:
    # The edition's own time, so that the same edition gives the same bytes.
    info = zipfile.ZipInfo(name, made_at.timetuple()[:6])
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o644 << 16
    return info


def _readme(about: About) -> str:
    return README[about.language].format(
        description=DESCRIPTION[about.language], made_at=write_moment(about.edition.made_at), home=about.home
    )


def _descriptor(about: About) -> str:
    described = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "stodkatalogen",
        "title": "Stödkatalogen",
        "description": DESCRIPTION[about.language],
        "homepage": about.home,
        "version": f"{about.edition.number}.0.0",
        "created": write_moment(about.edition.made_at),
        "licenses": [LICENSE],
        "contributors": [{"title": about.publisher, "roles": ["publisher"]}],
        "resources": [_resource(table, about.language) for table in TABLES],
    }
    return json.dumps(described, ensure_ascii=False, indent=2)


def _resource(table: Table[Any], language: Language) -> dict[str, Any]:
    refers = {"fields": ["resource_id"], "reference": {"resource": RESOURCES.name, "fields": ["id"]}}
    return {
        "name": table.name,
        "title": TITLES[table.name][language],
        "type": "table",
        "path": f"{table.name}.csv",
        "scheme": "file",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "lineTerminator": "\r\n"},
        "schema": {
            "fields": [
                {"name": column.name, "type": column.type, "description": column.says} for column in table.columns
            ],
            "missingValues": [""],
            "primaryKey": list(table.key),
            **({"foreignKeys": [refers]} if table.name == CONTACT_POINTS.name else {}),
        },
    }
