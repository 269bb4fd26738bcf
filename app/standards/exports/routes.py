"""`/exports`: the directory as files to download."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any

from fastapi import Depends, Query, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import ColumnElement
from sqlmodel import col

from app.changes.models import Edition
from app.changes.queries import edition as edition_of_store
from app.http.contract import Cost, answers
from app.http.links import Links, link
from app.http.paging import Page, PageParameters, build_page
from app.http.representing import matches
from app.http.routing import Router
from app.kinds import build_whole
from app.resources.building import build_common
from app.resources.filters import ResourceFilters, conditions
from app.resources.listing import Asking, AskingDep
from app.resources.models import Kind, Resource
from app.resources.reviewing import day_of
from app.sources.queries import last_check
from app.standards.exports.columns import CONTACT_POINTS, RESOURCES
from app.standards.exports.datapackage import About, package_pieces
from app.standards.exports.reading import Show, batches
from app.standards.exports.tables import Table
from app.standards.exports.writing import Batches, Delimiter, Dialect, csv_pieces, ndjson_pieces
from app.standards.growing_files import Pieces
from app.standards.sending import one_of_few, send_file
from app.texts import Language, Text
from app.version import VERSION

router = Router(tags=["exports"])

CSV, NDJSON, ZIP = "text/csv", "application/x-ndjson", "application/zip"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FILES: dict[str, tuple[str, Text]] = {
    "resources.csv": (CSV, Text(sv="En rad för varje resurs.", en="One row for each resource.")),
    "contact-points.csv": (
        CSV,
        Text(
            sv="En rad för varje väg att nå en resurs, med öppettider.",
            en="One row for each way to reach a resource, with its opening hours.",
        ),
    ),
    "resources.xlsx": (
        XLSX,
        Text(sv="Båda tabellerna som kalkylark.", en="Both tables as a spreadsheet."),
    ),
    "resources.ndjson": (
        NDJSON,
        Text(
            sv="Ett JSON-objekt på varje rad, som i /v1/resources, med källhänvisningar.",
            en="One JSON object a line, as in /v1/resources, with citations.",
        ),
    ),
    "datapackage.zip": (
        ZIP,
        Text(
            sv="Båda tabellerna som CSV med beskrivning av kolumnerna (Frictionless Data Package).",
            en="Both tables as CSV with a description of the columns (Frictionless Data Package).",
        ),
    ),
}


class ExportFile(BaseModel):
    """A file that can be downloaded."""

    model_config = ConfigDict(populate_by_name=True)

    id: str = Field(description="The name of the file.")
    media_type: str
    language: Language = Field(description="The language of the description.")
    description: str
    links: Links = Field(alias="_links")


class ExportParameters(ResourceFilters):
    """Which resources are in the file."""

    kind: list[Kind] = Field(list(Kind), description="Only these kinds.")


class CsvParameters(ExportParameters):
    """How a CSV file is written."""

    delimiter: Delimiter = Field(
        Delimiter.COMMA, description="What stands between the cells; Excel with Swedish settings expects `semicolon`."
    )
    bom: bool = Field(False, description="`true`: begin with a byte order mark, so that Excel reads å, ä and ö.")


SENT = [Depends(one_of_few)]
Write = Callable[["Export"], Pieces]


@dataclass(frozen=True, slots=True)
class Export:
    """What a file is made of: the resources that were asked for, in the edition that the store holds."""

    asking: Asking
    where: Sequence[ColumnElement[bool]]
    edition: Edition

    def batches(self, show: Show = build_whole) -> Batches:
        """The resources, batch by batch."""
        return batches(self.asking, self.where, show)


@router.get("/exports", summary="Filer att ladda ner")
@answers(fresh=300)
def list_exports(parameters: Annotated[PageParameters, Query()], asking: AskingDep) -> Page[ExportFile]:
    """The files that the directory can be downloaded as.

    Each takes the filters of `/resources`; by default it holds what is in force. The data is free to use (CC0).

    Filer att ladda ner. Var och en kan filtreras som `/resources`; om inget anges innehåller den det som gäller.
    """
    files = [
        ExportFile.model_construct(
            id=name,
            media_type=media_type,
            language=asking.language,
            description=says[asking.language],
            links={"self": link(asking, f"/v1/exports/{name}")},
        )
        for name, (media_type, says) in FILES.items()
    ]
    return build_page(asking.request, files[parameters.offset :][: parameters.limit], len(files), parameters)


@router.get("/exports/resources.csv", summary="Resurser som CSV", response_class=Response, dependencies=SENT)
@answers(CSV, fresh=300, cost=Cost.BULK)
def get_resources_csv(parameters: Annotated[CsvParameters, Query()], asking: AskingDep) -> Response:
    """All resources as a table, one row each: UTF-8, RFC 4180; several values in a cell are separated by `; `.

    An empty cell is what no source states, or what that kind does not have. A cell that begins with `=`, `+`, `-`, `@`,
    a tab or a line break has an apostrophe before it, so that no spreadsheet runs it as a formula.
    For Excel with Swedish settings: `?bom=true&delimiter=semicolon`. CSV has no types: Excel makes a time of `2021:23`
    and drops leading zeros of codes. To work on in Excel, take `/exports/resources.xlsx`, where they are text.

    Alla resurser som tabell. För svenskt Excel: `?bom=true&delimiter=semicolon`. Ska du arbeta vidare i Excel, ta
    hellre `/exports/resources.xlsx`, där rapportnummer och koder är text.
    """
    return _csv(asking, parameters, RESOURCES)


@router.get("/exports/contact-points.csv", summary="Kontaktvägar som CSV", response_class=Response, dependencies=SENT)
@answers(CSV, fresh=300, cost=Cost.BULK)
def get_contact_points_csv(parameters: Annotated[CsvParameters, Query()], asking: AskingDep) -> Response:
    """All ways to reach the resources as a table, one row each, with opening hours as OSM expressions.

    Whether anybody answers now is not in a file. Numbers are in `uri` as `tel:+46…` and in `display` as they are read:
    a bare `+46…` would be a formula to a spreadsheet. Written as `/exports/resources.csv` is.

    Alla kontaktvägar som tabell, med öppettider. För svenskt Excel: `?bom=true&delimiter=semicolon`.
    """
    return _csv(asking, parameters, CONTACT_POINTS)


@router.get("/exports/resources.ndjson", summary="Resurser som NDJSON", response_class=Response, dependencies=SENT)
@answers(NDJSON, fresh=300, cost=Cost.BULK)
def get_resources_ndjson(parameters: Annotated[ExportParameters, Query()], asking: AskingDep) -> Response:
    """All resources as JSON, one object a line, as `/resources` shows them.

    A file is read later than it is written: a state that changes is `unknown` in it, and `evaluated_at` is the moment
    that the data is from. `expression` and `exceptions` say when to expect an answer.

    Alla resurser som JSON, ett objekt på varje rad. Lägen som växlar är `unknown`: en fil läses senare än den skrivs.
    """

    def write(export: Export) -> Pieces:
        return ndjson_pieces(export.batches(build_common))

    return _sent(asking, parameters, NDJSON, write)


@router.get("/exports/resources.xlsx", summary="Katalogen som kalkylark", response_class=Response, dependencies=SENT)
@answers(XLSX, fresh=300, cost=Cost.BULK)
def get_workbook(parameters: Annotated[ExportParameters, Query()], asking: AskingDep) -> Response:
    """Both tables as the sheets of a workbook; every text is a text, none a formula, a link, a time or a number.

    It is sent once it is complete; the other files come while they are written.

    Båda tabellerna som blad i ett kalkylark. Koder och rapportnummer är text, med inledande nollor och kolon kvar.
    Kalkylarket skickas när det är klart; de andra filerna kommer medan de skrivs.
    """

    def write(export: Export) -> Pieces:
        from app.standards.exports.workbook import workbook_pieces  # noqa: PLC0415  # what it takes is rarely needed

        return workbook_pieces(export.batches(), asking.language, export.edition.made_at)

    return _sent(asking, parameters, XLSX, write)


@router.get("/exports/datapackage.zip", summary="Katalogen som datapaket", response_class=Response, dependencies=SENT)
@answers(ZIP, fresh=300, cost=Cost.BULK)
def get_data_package(parameters: Annotated[ExportParameters, Query()], asking: AskingDep) -> Response:
    """Both tables as CSV with their schema, in a Frictionless data package.

    Båda tabellerna som CSV med beskrivning av kolumnerna, i ett datapaket.
    """

    def write(export: Export) -> Pieces:
        settings = asking.settings
        about = About(asking.language, export.edition, f"{asking.base_url}/", settings.publisher_name)
        return package_pieces(export.batches(), about)

    return _sent(asking, parameters, ZIP, write)


def _csv(asking: Asking, parameters: CsvParameters, table: Table[Any]) -> Response:
    def write(export: Export) -> Pieces:
        return csv_pieces(table, export.batches(), Dialect(parameters.delimiter, parameters.bom))

    return _sent(asking, parameters, CSV, write)


def _sent(asking: Asking, parameters: ExportParameters, media_type: str, write: Write) -> Response:
    """The file, or 304."""
    session, request = asking.session, asking.request
    where = [col(Resource.kind).in_(parameters.kind), *conditions(session, parameters, asking.at)]
    edition = session.scalar(edition_of_store()) or Edition(number=0, made_at=asking.at)
    asking = replace(asking, lasting=edition.made_at)
    etag = _etag(asking, parameters, edition)
    headers = {"ETag": etag, "Content-Language": asking.language.value}
    if matches(request.headers.get("if-none-match", "").encode(), etag.encode()):
        return Response(status_code=304, headers=headers)
    name = request.url.path.rpartition("/")[2]
    headers["Content-Disposition"] = f'attachment; filename="stodkatalogen-{name}"'
    pieces = write(Export(asking, where, edition))
    return send_file(pieces, is_head=asking.context.is_head, key=etag, headers=headers, media_type=media_type)


def _etag(asking: Asking, parameters: ExportParameters, edition: Edition) -> str:
    """All that the bytes depend on. A new column counts: the header is in it."""
    columns = [name for table in (RESOURCES, CONTACT_POINTS) for name in table.header]
    checked = asking.session.scalar(last_check())  # citations in NDJSON have its day
    day = day_of(asking.at) if parameters.review else None  # a review falls due without an edition
    parts = (
        VERSION, str(edition.number), edition.made_at.isoformat(), str(checked), str(day), asking.base_url,
        asking.request.url.path, asking.language.value, parameters.model_dump_json(), *columns,
    )  # fmt: skip
    return f'"{hashlib.blake2b(" ".join(parts).encode(), digest_size=12).hexdigest()}"'
