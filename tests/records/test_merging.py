"""Two changes of one document: a field goes with its citations, a contact point by its id."""

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.records.documents import Document
from app.records.merging import changed_fields, merge

BASE: Document = {
    "id": "linjen",
    "status": "current",
    "name": {"sv": "Linjen", "en": "The line"},
    "summary": {"sv": "En linje.", "en": "A line."},
    "contact_points": [
        {"id": "telefon", "channel": "phone", "value": "112", "opening_hours": "24/7", "hours_basis": "stated"},
        {"id": "chatt", "channel": "chat"},
    ],
    "citations": [
        {"source": "a", "locator": "rad 1", "evidence": "x", "fields": ["name", "summary"]},
        {"source": "b", "evidence": "y", "fields": ["contact_points.telefon.value", "contact_points.telefon.channel"]},
        {
            "source": "b",
            "evidence": "z",
            "fields": ["contact_points.telefon.opening_hours", "contact_points.chatt.channel"],
        },
    ],
}


def changed(**fields: Any) -> Document:
    return {**deepcopy(BASE), **fields}


def point(name: str, **fields: Any) -> Document:
    document = deepcopy(BASE)
    (found,) = [each for each in document["contact_points"] if each["id"] == name]
    found.update(fields)
    return document


def without_point(name: str) -> Document:
    document = deepcopy(BASE)
    document["contact_points"] = [each for each in document["contact_points"] if each["id"] != name]
    for citation in document["citations"]:
        citation["fields"] = [field for field in citation["fields"] if not field.startswith(f"contact_points.{name}.")]
    return document


SIDES = [
    changed(),
    changed(summary={"sv": "En annan.", "en": "Another."}),
    changed(status="ended"),
    point("telefon", value="113"),
    without_point("chatt"),
]


@pytest.mark.parametrize("theirs", SIDES)
def test_what_only_one_side_changed_is_taken_whichever_it_is(theirs: Document) -> None:
    for merged in (merge(BASE, BASE, theirs), merge(BASE, theirs, BASE), merge(BASE, theirs, theirs)):
        assert (merged.document, merged.conflicts) == (theirs, [])


def test_different_fields_are_both_taken() -> None:
    merged = merge(BASE, changed(status="ended"), point("telefon", value="113"))
    assert (merged.document["status"], merged.document["contact_points"][0]["value"]) == ("ended", "113")
    assert merged.conflicts == []


def test_the_same_field_changed_differently_stays_ours_and_is_named() -> None:
    merged = merge(BASE, point("telefon", value="114"), point("telefon", value="113"))
    assert merged.document == point("telefon", value="114")
    assert merged.conflicts == ["contact_points.telefon.value"]


def test_a_new_citation_of_a_field_is_a_change_of_the_field() -> None:
    theirs = deepcopy(BASE)
    theirs["citations"][1]["evidence"] = "another"
    assert merge(BASE, BASE, theirs).document == theirs
    merged = merge(BASE, point("telefon", value="114"), theirs)
    assert merged.conflicts == ["contact_points.telefon.value"]


def test_hours_go_with_what_explains_them() -> None:
    ours, theirs = point("telefon", hours_basis="inferred"), point("telefon", opening_hours="Mo-Fr 08:00-16:00")
    assert merge(BASE, ours, theirs).conflicts == ["contact_points.telefon.opening_hours"]


def test_a_contact_point_that_one_side_removed_and_the_other_changed_is_told() -> None:
    for ours, theirs in (
        (without_point("chatt"), point("chatt", value="https://linjen.example/")),
        (point("chatt", value="https://linjen.example/"), without_point("chatt")),
    ):
        merged = merge(BASE, ours, theirs)
        assert (merged.document, merged.conflicts) == (ours, ["contact_points.chatt"])


def test_new_contact_points_of_both_sides_stand_behind_each_other() -> None:
    ours, theirs = deepcopy(BASE), deepcopy(BASE)
    ours["contact_points"].append({"id": "sms", "channel": "sms"})
    theirs["contact_points"].insert(0, {"id": "webb", "channel": "web"})
    order = [each["id"] for each in merge(BASE, ours, theirs).document["contact_points"]]
    assert sorted(order) == ["chatt", "sms", "telefon", "webb"]


def test_the_fields_that_differ_are_named_with_their_contact_point() -> None:
    assert changed_fields(BASE, point("telefon", value="113")) == ["contact_points.telefon.value"]


EDITS = st.lists(st.sampled_from(["status", "name", "summary", "value", "hours", "no chat", "order"]), max_size=4)


def apply(document: Document, edits: list[str], mark: str) -> Document:
    document = deepcopy(document)
    for edit in edits:
        points = {each["id"]: each for each in document["contact_points"]}
        match edit:
            case "status":
                document["status"] = mark
            case "name" | "summary":
                document[edit]["sv"] = mark
            case "value":
                points["telefon"]["value"] = mark
            case "hours":
                points["telefon"]["opening_hours"] = mark
            case "order":
                document["contact_points"].reverse()
            case "no chat" if "chatt" in points:
                document["contact_points"].remove(points["chatt"])
                document["citations"][2]["fields"] = ["contact_points.telefon.opening_hours"]
    return document


@given(EDITS, EDITS)
def test_merging_loses_nothing_that_nobody_contradicts(mine: list[str], other: list[str]) -> None:
    ours, theirs = apply(BASE, mine, "ours"), apply(BASE, other, "theirs")
    merged = merge(BASE, ours, theirs)
    taken = {*changed_fields(BASE, ours), *changed_fields(BASE, theirs)}
    left = {field for field in changed_fields(BASE, merged.document) if field not in taken}
    assert not left
    for field in changed_fields(ours, merged.document):
        assert field in changed_fields(BASE, theirs)
    for field in merged.conflicts:
        assert any(one == field or one.startswith(f"{field}.") for one in changed_fields(BASE, ours))
