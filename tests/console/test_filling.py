"""Forms hold what records say, all of it."""

from collections.abc import Iterator

import pytest

from app.console.citing import list_cites, read_cites
from app.console.filling import edit_document, fill_inputs
from app.console.hours import compose_hours, decompose_hours
from app.console.parts import Part, find_part
from app.console.records import list_paths, part_of
from app.console.visitors import Form
from app.console.words import describe_value
from app.records.documents import Document, parse_document, to_document
from app.seeding.files import Seed


def documents_of(seed: Seed) -> Iterator[tuple[str, Document]]:
    """Kind and document of the real records that the console has forms for."""
    yield from ((resource.kind.value, to_document(resource)) for resource in seed.resources)
    yield from (("organization", to_document(one)) for one in seed.organizations)
    yield from (("source", to_document(one)) for one in seed.sources)


def send_as_opened(kind: str, document: Document, path: str) -> Document:
    """What becomes of a document when the form of a field is opened and sent as it is."""
    part = find_part(kind, document, part_of(path))
    inputs = fill_inputs(part, document)
    for row, cite in enumerate(list_cites(document, part.path)):
        inputs |= {f"kalla.{row}": cite.source, f"stalle.{row}": cite.locator, f"belagg.{row}": cite.evidence}
    form = Form(list(inputs.items()))
    edited = edit_document(part, document, form, read_cites(form))
    return to_document(parse_document(kind, document["id"], edited))


def test_a_form_that_is_sent_as_it_was_opened_changes_nothing_of_any_real_record(seed: Seed) -> None:
    changed = [
        f"{document['id']} {path}"
        for kind, document in documents_of(seed)
        for path in list_paths(document)
        if send_as_opened(kind, document, path) != document
    ]
    assert changed == []


@pytest.mark.parametrize(
    "expression",
    [
        "24/7",
        "Mo-Su 00:00-24:00",
        "Mo-Fr 08:00-12:00,13:00-16:30; PH off; Jun 19-25 Fr off; Dec 24 off; Dec 31 off",
        "Fr-Mo 10:00-12:00",
        "Mo-Fr 09:00-16:00; PH off; Sa 10:00-14:00",
        "Sa 10:00-14:00; Mo-Fr 09:00-16:00",
        "Mo-Fr 09:00-16:00; We 09:00-12:00",
        "PH,Mo 10:00-12:00",
        "Mo-PH 10:00-12:00",
        "Mo,Mo 10:00-12:00",
        'Mo-Fr 08:00-16:00 "ring; fråga"',
        "PH off; Jun 19-25 Fr off; Dec 24 off; Dec 31 off; Mo-Fr 09:00-16:00",
        "Mo 10:00-12:00; Dec 24 off",
    ],
)
def test_hours_that_a_week_would_change_are_kept_as_they_are_written(expression: str) -> None:
    assert compose_hours(*decompose_hours(expression)) == expression
    point = {"id": "telefon", "opening_hours": expression, "hours_basis": "stated", "hours_stated": "som vanligt"}
    part, document = Part("hotline", "contact_points.telefon.opening_hours"), {"contact_points": [point]}
    form = Form(list(fill_inputs(part, document).items()))
    saved = edit_document(part, document, form, [])["contact_points"][0]
    assert {name: value for name, value in saved.items() if value} == point


@pytest.mark.parametrize(
    ("expression", "sentence"),
    [
        ("Mo-Fr 08:00-17:00", "måndag–fredag 08:00–17:00, övriga dagar stängt"),
        ("Mo-We,Fr 08:00-12:00; Th off; Sa-Su 10:00-12:00,13:00-15:00", "måndag–onsdag och fredag 08:00–12:00, "
         "torsdag stängt, lördag–söndag 10:00–12:00, 13:00–15:00"),
        ("24/7", "måndag–söndag dygnet runt"),
        ("Mo 10:00-12:00; PH off; Jun 19-25 Fr off; Dec 24 off; Dec 31 off", "måndag 10:00–12:00, helgdagar (röda "
         "dagar) stängt, midsommarafton, julafton och nyårsafton stängt, övriga dagar stängt"),
        ("Mo-Su 10:00-12:00; Dec 23 off", "måndag–söndag 10:00–12:00; dessutom 23 december stängt"),
        ('Mo-Fr 09:00-16:00 unknown "kontorstid"', "måndag–fredag kan vara bemannad 09:00–16:00 (kontorstid)"),
    ],
)  # fmt: skip
def test_hours_are_read_as_a_sentence(expression: str, sentence: str) -> None:
    assert describe_value({"opening_hours": expression}) == f"Öppettider: {sentence}"


def test_other_hours_are_read_as_a_sentence() -> None:
    exception = {"starts_on": "2026-12-24", "ends_on": "2026-12-26", "expression": "off", "reason": {"sv": "Jul."}}
    assert describe_value([exception]) == "24–26 december 2026: stängt (Jul.)"


def test_every_row_of_other_hours_and_every_citation_is_kept() -> None:
    exceptions = [
        {
            "starts_on": f"2027-01-{day:02}",
            "ends_on": f"2027-01-{day:02}",
            "expression": "off",
            "reason": {"sv": "Stängt.", "en": "Closed."},
        }
        for day in range(1, 32)
    ]
    part, document = (
        Part("hotline", "contact_points.telefon.exceptions"),
        {"contact_points": [{"id": "telefon", "exceptions": exceptions}]},
    )
    form = Form(list(fill_inputs(part, document).items()))
    assert edit_document(part, document, form, [])["contact_points"][0]["exceptions"] == exceptions
    rows = [(f"kalla.{row}", "sida") for row in range(45)] + [(f"belagg.{row}", f"rad {row}") for row in range(45)]
    assert [cite.evidence for cite in read_cites(Form(rows))] == [f"rad {row}" for row in range(45)]
