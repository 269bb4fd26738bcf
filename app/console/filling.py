"""Fills the inputs of a form from a document, and changes a document as a form says."""

import re
from collections.abc import Mapping
from copy import deepcopy
from typing import Any, get_args, get_origin

import phonenumbers

from app.console.citing import Cite, cite_field
from app.console.hours import DAY_NAMES, compose_hours, decompose_hours, find_ruled_days, read_times, write_times
from app.console.parts import Part
from app.console.visitors import Form, list_rows
from app.http.problems import Fault, InvalidParameter, invalid
from app.records.documents import Document
from app.records.merging import HOURS
from app.records.shapes import PartRecord, TieRecord
from app.resources.contacts import SHORT_NUMBERS, format_value
from app.resources.models import Basis, Channel
from app.resources.quoting import NUMBERS
from app.texts import Text

ROW_INPUT = re.compile(r"(?:forsta|sista|tider|skal)\.(\d{1,2})(?:\.\w+)?")
"""The inputs of a row of other hours on some days."""
Inputs = dict[str, str]
"""Values by the names of inputs."""


def fill_inputs(part: Part, document: Document) -> Inputs:
    """What the inputs hold of a document."""
    owner = _owner(part, document)
    if part.is_hours:
        return _fill_hours(owner)
    value = owner.get(part.name)
    if value is None:
        return {}
    if part.is_exceptions:
        return _fill_exceptions(value)
    if part.bare is Text:
        return {f"varde.{language}": text for language, text in value.items()}
    return {"varde": _write_value(part, owner, value)}


def _write_value(part: Part, owner: Document, value: Any) -> str:
    if isinstance(value, bool):
        return "ja" if value else "nej"
    if isinstance(value, list):
        return "\n".join(" ".join(item.values()) if isinstance(item, dict) else str(item) for item in value)
    if part.name == "value" and owner["channel"] in NUMBERS:
        return format_value(Channel(owner["channel"]), value) or str(value)
    return str(value)


def _fill_hours(point: Document) -> Inputs:
    week, rest = decompose_hours(point.get(HOURS[0], ""))
    days = {f"dag.{name}": write_times(times) for name, times in week.items()}
    reasons = {f"skal.{language}": text for language, text in (point.get("hours_reason") or {}).items()}
    return {
        **days,
        **reasons,
        "regler": rest,
        "grund": point.get("hours_basis", ""),
        "ord": point.get("hours_stated", ""),
    }


def _fill_exceptions(exceptions: list[Document]) -> Inputs:
    return {
        f"{name}.{row}": text
        for row, exception in enumerate(exceptions)
        for name, text in (
            ("forsta", exception["starts_on"]),
            ("sista", exception["ends_on"]),
            ("tider", write_times(exception["expression"])),
        )
    } | {
        f"skal.{row}.{language}": text
        for row, exception in enumerate(exceptions)
        for language, text in exception["reason"].items()
    }


def edit_document(part: Part, document: Document, form: Form, cites: list[Cite]) -> Document:
    """The document with what a form says of a part, and its citations. Raises InvalidParameter."""
    if part.is_reach and form.get("ta_bort") == "ja":
        return _remove_point(document, part.point)
    edited = deepcopy(document)
    owner = _owner(part, edited)
    for name, value in _read_values(part, owner, form).items():
        if value in (None, "", []):
            owner.pop(name, None)
        else:
            owner[name] = value
    if part.is_cited:
        cite_field(edited, part.path, cites if part.name in owner else [])
    return edited


def _remove_point(document: Document, point: str | None) -> Document:
    """The document without a contact point, and without what is cited for it."""
    points = [candidate for candidate in document["contact_points"] if candidate["id"] != point]
    citations = list[Document]()
    for citation in document.get("citations", ()):
        fields = [field for field in citation["fields"] if not field.startswith(f"contact_points.{point}.")]
        if fields:
            citations.append({**citation, "fields": fields})
    return {**document, "contact_points": points, "citations": citations}


def _refuse_emptied(owner: Document, text: str) -> None:
    """Raise InvalidParameter for a number or an address that was emptied: without it, nobody is reached."""
    if text or not owner.get("value"):
        return
    what = "numret" if owner["channel"] in NUMBERS else "adressen"
    box = "kryssar du för ”Ta bort kontaktvägen” i stället"
    raise invalid("record", f"Fyll i {what}. Om kontaktvägen inte finns längre {box}.")


def _read_values(part: Part, owner: Document, form: Form) -> Document:
    if part.is_hours:
        return _read_hours(owner, form)
    if part.is_exceptions:
        return {part.name: read_exceptions(form)}
    if part.bare is Text:
        return {part.name: _read_text(form, "varde")}
    text = form.get("varde", "")
    if part.is_reach:
        _refuse_emptied(owner, text)
    value: Any = text
    if part.bare is bool:
        value = {"ja": True, "nej": False}.get(text)
    elif part.bare is int:
        value = int(text) if text.isdecimal() and len(text) < 12 else text
    elif get_origin(part.bare) is list:
        value = [_read_line(part, line.strip()) for line in text.splitlines() if line.strip()]
    elif part.name == "value" and owner.get("channel") in NUMBERS:
        value = read_number(text)
    return {part.name: value}


def _read_line(part: Part, line: str) -> Any:
    first, _, second = line.partition(" ")
    inner = get_args(part.bare)[0]
    if inner is PartRecord:
        return {"id": first, "role": second.strip() or "provider"}
    return {"tie": first, "to": second.strip()} if inner is TieRecord else line


def read_number(text: str) -> str:
    """A number as it is stored: `031-367 60 00` → `+46313676000`, `114 14` → `11414`; other text unchanged."""
    digits = "".join(character for character in text if character.isdigit())
    if digits in SHORT_NUMBERS:
        return digits
    try:
        number = phonenumbers.parse(text, "SE")
    except phonenumbers.NumberParseException:
        return text
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _read_hours(point: Document, form: Form) -> Document:
    week = {
        name: read_times(form[f"dag.{name}"], label) for name, label in DAY_NAMES.items() if form.get(f"dag.{name}")
    }
    rules = form.get("regler", "").strip("; ")
    _refuse_ruled_twice(week, rules, point)
    expression = compose_hours(week, rules)
    words, basis = form.get("ord", ""), form.get("grund", "")
    if not expression:
        return dict.fromkeys(HOURS)
    return dict(zip(HOURS, (expression, basis or Basis.STATED.value, words, _read_text(form, "skal")), strict=True))


def _refuse_ruled_twice(week: Inputs, rules: str, point: Document) -> None:
    """Raise InvalidParameter for a day with times that the rules after the week would replace.

    A day is accepted where both its times and those rules are unchanged.
    """
    week_before, rules_before = decompose_hours(point.get(HOURS[0], ""))
    standing = week_before.items() if rules == rules_before else ()
    ruled = find_ruled_days(rules)
    twice = [DAY_NAMES[name] for name, times in week.items() if name in ruled and (name, times) not in standing]
    if twice:
        days = ", ".join(twice)
        raise invalid("record", f"”Andra regler” gäller redan {days}: ändra där, eller ta bort de reglerna.")


def read_exceptions(form: Form) -> list[Document]:
    """The rows of other hours on some days. A row without a first day is left out.

    Raises InvalidParameter with all that is wrong with the rows, each fault under the name of its input.
    """
    exceptions, faults = list[Document](), list[Fault]()
    for row in list_rows(form, "forsta"):
        if not (first := form.get(f"forsta.{row}")):
            continue
        missing = [language for language in ("sv", "en") if not form.get(f"skal.{row}.{language}")]
        faults += [Fault(parameter=f"skal.{row}.{language}", detail="Fyll i.", allowed=None) for language in missing]
        exception = {"starts_on": first, "ends_on": form.get(f"sista.{row}") or first}
        try:
            exception["expression"] = read_times(form.get(f"tider.{row}", ""), f"tider.{row}")
        except InvalidParameter as error:
            faults += error.errors
        exceptions.append({**exception, "reason": _read_text(form, f"skal.{row}")})
    if faults:
        raise InvalidParameter("Raderna går inte att läsa.", faults)
    return exceptions


def list_new_exceptions(part: Part, before: Document, after: Document) -> list[Document]:
    """The other hours on some days that a form for them has added or changed."""
    if not part.is_exceptions:
        return []
    standing = _owner(part, before).get(part.name, [])
    return [exception for exception in _owner(part, after).get(part.name, []) if exception not in standing]


def count_rows(values: Mapping[str, str], least: int = 1) -> int:
    """How many rows of other hours a form shows: all that hold something, and an empty one behind them."""
    rows = [int(match[1]) for name, text in values.items() if text and (match := ROW_INPUT.fullmatch(name))]
    return max(least, 2 + max(rows, default=-1))


def _read_text(form: Form, name: str) -> Document | None:
    both = {language: form.get(f"{name}.{language}", "") for language in ("sv", "en")}
    return both if any(both.values()) else None


def _owner(part: Part, document: Document) -> Document:
    if part.point is None:
        return document
    point: Document = next(candidate for candidate in document["contact_points"] if candidate["id"] == part.point)
    return point
