"""The directory as files, read back as their readers do."""

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any

import frictionless
import httpx
import openpyxl
import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from app.main import create_app
from app.resources import listing
from app.settings import Settings
from app.sources.models import Citation
from app.standards.exports import workbook
from app.verifying.models import EvidenceCheck
from tests.serving import serve

FILES = ("resources.csv", "contact-points.csv", "resources.ndjson", "resources.xlsx", "datapackage.zip")


EVERY_STATUS = ["current", "unverified", "outdated", "ended"]


def table(answer: httpx.Response, delimiter: str = ",") -> list[dict[str, str]]:
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.content.decode(), newline=""), delimiter=delimiter))


def everything(client: httpx.Client, path: str) -> Iterator[dict[str, Any]]:
    following: str | None = f"{path}?limit=100"
    while following:
        page = client.get(following).json()
        yield from page["items"]
        following = page["_links"].get("next", {}).get("href")


@pytest.fixture
def rows(client: httpx.Client) -> dict[str, dict[str, str]]:
    return {row["id"]: row for row in table(client.get("/v1/exports/resources.csv"))}


def test_the_list_names_every_file_and_each_is_there_as_it_says(client: httpx.Client) -> None:
    listed = client.get("/v1/exports").json()["items"]
    assert sorted(one["id"] for one in listed) == sorted(FILES)
    for one in listed:
        answer = client.get(one["_links"]["self"]["href"])
        assert answer.headers["content-type"].split(";")[0] == one["media_type"]
        assert answer.headers["content-disposition"] == f'attachment; filename="stodkatalogen-{one["id"]}"'


def test_the_csv_has_one_row_for_each_resource_in_force_in_the_order_of_lists(
    client: httpx.Client, rows: dict[str, dict[str, str]]
) -> None:
    listed = list(everything(client, "/v1/resources"))
    assert list(rows) == [one["id"] for one in listed]
    for one in listed:
        assert (rows[one["id"]]["name"], rows[one["id"]]["summary"]) == (one["name"], one["summary"])
    assert {row["status"] for row in rows.values()} == {"current", "unverified"}
    assert next(iter(rows.values()))["phones"] == "112"


def test_the_csv_says_where_the_counties_of_a_coordinator_are_inferred(rows: dict[str, dict[str, str]]) -> None:
    stockholm, nord = rows["regionkoordinator-stockholm"], rows["regionkoordinator-nord"]
    assert stockholm["coordination_region_basis"] == "inferred"
    assert "polisregion" in stockholm["coordination_region_reason"]
    assert (nord["coordination_region_basis"], nord["coordination_region_reason"]) == ("stated", "")


def test_the_csv_has_what_is_particular_to_each_kind_and_leaves_unknown_cells_empty(
    client: httpx.Client, rows: dict[str, dict[str, str]]
) -> None:
    for course in everything(client, "/v1/courses"):
        row = rows[course["id"]]
        for name in ("minutes", "days", "chapters", "format", "price_stated", "launched_on"):
            assert row[name] == ("" if course[name] is None else str(course[name]))
        assert row["free"] == {None: "", True: "true", False: "false"}[course["free"]]
    assert rows["regionkoordinator-vast"]["coordination_region"] == "Region Väst"


def test_the_csv_has_one_row_for_each_contact_point_with_its_hours(client: httpx.Client) -> None:
    found = table(client.get("/v1/exports/contact-points.csv"))
    points = [(one["id"], point) for one in everything(client, "/v1/resources") for point in one["contact_points"]]
    assert [(row["resource_id"], row["id"]) for row in found] == [(of, point["id"]) for of, point in points]
    for row, (_, point) in zip(found, points, strict=True):
        hours = point["opening_hours"] or {}
        assert row["opening_hours"] == (hours.get("expression") or "")
        assert row["uri"] == (point["uri"] or "")
    line = next(row for row in found if row["resource_id"] == "nationella-stodtelefonen")
    assert (line["display"], line["uri"]) == ("020-39 00 00", "tel:+4620390000")
    assert (line["hours_basis"], line["hours_stated"]) == ("inferred", "kontorstid på vardagar")
    assert "jamstalldhetsmyndigheten.se" in line["source_urls"]


def test_a_spreadsheet_in_sweden_opens_the_csv_with_its_letters_intact(client: httpx.Client) -> None:
    answer = client.get("/v1/exports/resources.csv", params={"bom": "true", "delimiter": "semicolon"})
    assert answer.content.startswith(b"\xef\xbb\xbfid;kind;")
    text = answer.content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))
    assert rows[0]["name"] == "Nödnumret 112"
    assert {"å", "ä", "ö", "Å", "Ö"} <= set(text)


def test_without_bom_the_file_begins_with_its_header(client: httpx.Client) -> None:
    answer = client.get("/v1/exports/resources.csv")
    assert answer.content.startswith(b"id,kind,")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"


def test_a_sheet_that_is_full_goes_on_in_the_next(
    client: httpx.Client, rows: dict[str, dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook, "MOST_ROWS", 1 + len(rows) // 2)
    book = openpyxl.load_workbook(io.BytesIO(client.get("/v1/exports/resources.xlsx").content))
    assert {"Resurser", "Resurser 2", "Kontaktvägar", "Kontaktvägar 2"} <= set(book.sheetnames)
    sheets = [list(book[name].iter_rows(values_only=True)) for name in book.sheetnames if name.startswith("Resurser")]
    assert {len(cells) for cells in sheets[:-1]} == {1 + len(rows) // 2}
    assert [cells[0] for cells in sheets] == [tuple(next(iter(rows.values())))] * len(sheets)
    assert [row[0] for cells in sheets for row in cells[1:]] == list(rows)


def test_the_workbook_holds_both_tables_with_dates_as_dates_and_letters_intact(
    client: httpx.Client, rows: dict[str, dict[str, str]]
) -> None:
    book = openpyxl.load_workbook(io.BytesIO(client.get("/v1/exports/resources.xlsx").content))
    assert book.sheetnames == ["Resurser", "Kontaktvägar"]
    header, *sheet = book["Resurser"].iter_rows(values_only=True)
    found = [dict(zip(header, row, strict=True)) for row in sheet]
    assert [one["id"] for one in found] == list(rows)
    assert found[0]["name"] == "Nödnumret 112"
    for one in found:
        stated = one["stated_on"]
        assert rows[str(one["id"])]["stated_on"] == ("" if stated is None else f"{stated:%Y-%m-%d}")
    assert any(isinstance(one["minutes"], int) for one in found)
    points = list(book["Kontaktvägar"].iter_rows(values_only=True))
    assert len(points) == 1 + len(table(client.get("/v1/exports/contact-points.csv")))
    assert {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row} <= {"s", "n", "b", "d"}


def test_in_the_workbook_report_numbers_and_codes_are_text_with_their_colons_and_leading_zeros(
    client: httpx.Client,
) -> None:
    """In a CSV, which has no types, Excel makes 2021:23 a time and 0180 a number: the workbook is for those."""
    answer = client.get("/v1/exports/resources.xlsx", params={"status": EVERY_STATUS})
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content))["Resurser"]
    columns = {str(cell.value): place for place, cell in enumerate(sheet[1], 1)}
    found: dict[str, list[str]] = {}
    for name in ("id", "number", "edition", "area_codes", "organization_ids"):
        cells = [sheet.cell(row, columns[name]) for row in range(2, sheet.max_row + 1)]
        assert {cell.data_type for cell in cells if cell.value is not None} <= {"s"}, name
        found[name] = [str(cell.value) for cell in cells if cell.value is not None]
    assert "2021:23" in found["number"]
    assert any(codes.startswith("0") for codes in found["area_codes"])


def test_the_ndjson_has_the_objects_of_the_api_but_no_state_that_passes(client: httpx.Client) -> None:
    lines = [json.loads(line) for line in client.get("/v1/exports/resources.ndjson").text.splitlines()]
    listed = list(everything(client, "/v1/resources"))
    passing = {"state", "comment", "evaluated_at", "next_change", "holiday", "exceptional"}
    for line, one in zip(lines, listed, strict=True):
        for kept, live in zip(line["contact_points"], one["contact_points"], strict=True):
            hours = kept["opening_hours"]
            if hours is None:
                continue
            assert (hours["next_change"], hours["holiday"]) == (None, None)
            assert hours["state"] in ("unknown", "not_stated") or hours["always_open"]
            assert hours["evaluated_at"] == "2026-11-21T13:00:00+01:00"
            for name in passing:
                hours[name] = live["opening_hours"][name]
        assert line["review"] is None  # it would be that of another day
        assert line == {**one, "review": None}


def test_the_data_package_is_valid_and_says_what_its_columns_mean(client: httpx.Client, tmp_path: Path) -> None:
    archive = zipfile.ZipFile(io.BytesIO(client.get("/v1/exports/datapackage.zip").content))
    assert archive.namelist() == ["datapackage.json", "README.md", "resources.csv", "contact-points.csv"]
    assert archive.testzip() is None
    assert archive.read("resources.csv") == client.get("/v1/exports/resources.csv").content
    archive.extractall(tmp_path)
    report = frictionless.validate(str(tmp_path / "datapackage.json"))
    assert report.valid, report.to_summary()
    assert [task.stats["rows"] for task in report.tasks] == [
        len(table(client.get(f"/v1/exports/{name}.csv"))) for name in ("resources", "contact-points")
    ]
    described = json.loads(archive.read("datapackage.json"))
    assert all(field["description"] for one in described["resources"] for field in one["schema"]["fields"])
    assert "112" in archive.read("README.md").decode()


def test_a_data_package_of_all_statuses_and_in_english_is_valid_too(client: httpx.Client, tmp_path: Path) -> None:
    asked = {"lang": "en", "status": ["current", "unverified", "outdated", "ended"]}
    answer = client.get("/v1/exports/datapackage.zip", params=asked)
    path = tmp_path / "datapackage.zip"
    path.write_bytes(answer.content)
    report = frictionless.validate(str(path))
    assert report.valid, report.to_summary()


def test_files_hold_what_the_filters_ask_for(client: httpx.Client) -> None:
    courses = table(client.get("/v1/exports/resources.csv", params={"kind": "course"}))
    assert {row["kind"] for row in courses} == {"course"}
    over = table(client.get("/v1/exports/resources.csv", params={"status": "ended"}))
    assert over
    assert {row["status"] for row in over} == {"ended"}
    near = {"municipality": "Halmstad", "kind": "coordinator"}
    assert [row["id"] for row in table(client.get("/v1/exports/resources.csv", params=near))] == [
        "regionkoordinator-vast"
    ]
    assert {row["resource_kind"] for row in table(client.get("/v1/exports/contact-points.csv?kind=hotline"))} == {
        "hotline"
    }


def test_files_speak_english_to_whom_asks_for_it(client: httpx.Client) -> None:
    answer = client.get("/v1/exports/resources.csv", headers={"Accept-Language": "en"})
    assert answer.headers["content-language"] == "en"
    assert {row["language"] for row in table(answer)} == {"en"}
    asked = client.get("/v1/exports/resources.csv?lang=en")
    assert answer.content == asked.content.replace(b"?lang=en", b""), "only links keep the language of the address"
    assert b"?lang=en" in asked.content
    book = openpyxl.load_workbook(io.BytesIO(client.get("/v1/exports/resources.xlsx?lang=en").content))
    assert book.sheetnames == ["Resources", "Contact points"]


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_cached_and_answered_304_to_whom_has_it(client: httpx.Client, name: str) -> None:
    first = client.get(f"/v1/exports/{name}")
    again = client.get(f"/v1/exports/{name}")
    assert first.content == again.content
    assert first.headers["etag"] == again.headers["etag"]
    assert first.headers["cache-control"].startswith("public, max-age=300")
    held = client.get(f"/v1/exports/{name}", headers={"If-None-Match": first.headers["etag"]})
    assert (held.status_code, held.content, held.headers["etag"]) == (304, b"", first.headers["etag"])
    assert held.headers["cache-control"].startswith("public, max-age=300")
    english = client.get(f"/v1/exports/{name}", params={"lang": "en"})
    assert english.headers["etag"] != first.headers["etag"]
    head = client.head(f"/v1/exports/{name}")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["etag"] == first.headers["etag"]


def test_a_file_of_what_is_due_is_another_the_next_day(client: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    tags = dict[str, list[str]]()
    for day in (21, 22):
        monkeypatch.setattr(listing, "this_minute", partial(datetime, 2026, 11, day, 12, tzinfo=UTC))
        for query in ("?review=due", ""):
            tags.setdefault(query, []).append(client.head(f"/v1/exports/resources.csv{query}").headers["etag"])
    assert {query: len(set(each)) for query, each in tags.items()} == {"?review=due": 2, "": 1}


def test_a_file_is_another_once_a_machine_has_looked_at_the_sources(seeded_engine: Engine) -> None:
    url = seeded_engine.url.render_as_string(hide_password=False)
    with serve(create_app(Settings(database_url=url))) as running:
        before = running.client.get("/v1/exports/resources.ndjson")
        with Session(seeded_engine) as session:
            cited = session.exec(select(Citation).where(col(Citation.evidence) == "akut fara ring 112")).first()
            assert cited is not None
            moment = datetime(2026, 11, 27, 4, 0, tzinfo=UTC)
            check = EvidenceCheck(
                source_id=cited.source_id, evidence=cited.evidence, checked_at=moment, seen_at=moment,
                missing_since=None, misses=0, counted_at=None,
            )  # fmt: skip
            session.add(check)
            session.commit()
        held = {"If-None-Match": before.headers["etag"]}
        after = running.client.get("/v1/exports/resources.ndjson", headers=held)
        assert after.status_code == 200
        assert "2026-11-27" in after.text


def test_no_filter_goes_unnoticed_and_no_format_is_made_up(client: httpx.Client) -> None:
    for query, parameter in (
        ("kommun=Halmstad", "kommun"),
        ("kind=hotel", "kind"),
        ("status=gone", "status"),
        ("topic=nonsense", "topic"),
        ("municipality=Nowhere", "municipality"),
        ("delimiter=tab", "delimiter"),
        ("bom=perhaps", "bom"),
        ("limit=5", "limit"),
        ("at=2026-01-01T00:00:00Z", "at"),
    ):
        answer = client.get(f"/v1/exports/resources.csv?{query}")
        assert (answer.status_code, answer.json()["errors"][0]["parameter"]) == (422, parameter), query
    assert client.get("/v1/exports/resources.xlsx?bom=true").status_code == 422
    assert client.get("/v1/exports/resources.pdf").status_code == 404
    named = client.get("/v1/exports/resources.csv", headers={"Accept": "application/pdf"})
    assert (named.status_code, named.headers["content-type"].partition(";")[0]) == (200, "text/csv")


def test_dates_in_the_csv_are_dates(rows: dict[str, dict[str, str]]) -> None:
    for row in rows.values():
        assert row["stated_on"] == "" or date.fromisoformat(row["stated_on"]).year > 1990
        assert row["updated_at"] == "2026-11-21T12:00:00Z"
