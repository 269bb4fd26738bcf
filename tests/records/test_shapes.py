"""What a document may hold: what the store can keep, and every answer can show."""

from pathlib import Path
from typing import Any

import pytest

from app.records.documents import Document, parse_document, to_document
from app.records.faults import InvalidRecords
from app.records.record_rules import check_record
from app.records.shapes import ResourceRecord
from app.seeding.checking import read_seed

NAMED = {"id": "kursen", "name": {"sv": "Kurs", "en": "Course"}, "summary": {"sv": "Om stöd.", "en": "On support."}}


@pytest.fixture
def line(folder: Path) -> Document:
    """The document of a hotline that is in order."""
    return to_document(next(one for one in read_seed(folder).resources if one.id == "linjen"))


def make_document(**fields: Any) -> Document:
    """A document with these fields, each of them cited."""
    cited = {"source": "sida", "evidence": "x", "fields": ["name", "summary", *fields]}
    return {**NAMED, "status": "current", "citations": [cited], **fields}


def find_faults(kind: str, document: Document) -> dict[str, str]:
    """The reasons by field."""
    with pytest.raises(InvalidRecords) as refused:
        parse_document(kind, "kursen", document)
    return {fault.field: fault.reason for fault in refused.value.faults}


ADDRESSES = [
    "https://[oops", "https://", "https://:80/", "https://a.example:port/", "https://a.example/ b",
    'https://a.example/"x', "https://a.example/'x", "https://a.example/\u0085x", "https://a.example/\u202egpj.exe", "https://a.example/<b>",
]  # fmt: skip


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_that_leads_nowhere_is_refused(address: str) -> None:
    assert list(find_faults("publication", make_document(type="report", url=address))) == ["url"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_so_is_that_of_a_chat(line: Document, address: str) -> None:
    line["contact_points"][0] |= {"channel": "chat", "value": address}
    record = parse_document("hotline", "linjen", line)
    assert isinstance(record, ResourceRecord)
    assert [fault.field for fault in check_record("hotline", "linjen", record)] == ["contact_points.telefon.value"]


@pytest.mark.parametrize(
    ("field", "entries"),
    [
        ("areas", ["1380", "1380 "]),
        ("audiences", ["alla", "alla"]),
        ("topics", ["hbtqi", "hbtqi"]),
        ("organizations", [{"id": "myndigheten", "role": "provider"}, {"role": "provider", "id": "myndigheten"}]),
    ],
)
def test_an_entry_that_a_list_holds_twice_is_refused(field: str, entries: list[Any]) -> None:
    assert find_faults("course", make_document(**{field: entries}))[field].startswith("holds more than once: ")


def test_so_is_a_language_a_tie_or_a_cited_field_that_stands_twice(line: Document) -> None:
    line["contact_points"][0]["languages"] = ["sv", "sv"]
    line["citations"][0]["fields"] *= 2
    assert set(find_faults("hotline", line)) == {"contact_points.0.languages", "citations.0.fields"}
    ties = [{"tie": "part_of", "to": "verket"}] * 2
    assert "ties" in find_faults("organization", {**NAMED, "ties": ties})


@pytest.mark.parametrize(
    ("kind", "field", "value"),
    [
        ("course", "minutes", 1 << 70),
        ("course", "days", 1 << 31),
        ("course", "chapters", 1 << 31),
        ("program", "days", 1 << 31),
        ("event", "ends_on", "9999-12-31"),
        ("event", "starts_on", "1899-12-31"),
        ("course", "launched_on", "2077-01-01"),
        ("course", "stated_on", "0001-01-01"),
    ],
)
def test_a_number_or_a_day_that_cannot_be_kept_is_refused(kind: str, field: str, value: Any) -> None:
    assert list(find_faults(kind, make_document(**{field: value}))) == [field]


@pytest.mark.parametrize("code", ["", "<b>", "a.b", "1" * 11, "väst", "a b"])
def test_the_code_of_an_area_is_letters_digits_and_hyphens(code: str) -> None:
    row = {"code": code, "name_sv": "X", "name_en": "X", "source": "sida", "evidence": "x"}
    assert list(find_faults("county", row)) == ["code"]
