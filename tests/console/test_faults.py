"""Faults in Swedish: those of the parser of opening hours, and all others that a record can have."""

import ast
from collections.abc import Iterator
from html import unescape

import pytest

from app.console.faults import translate_fault
from app.opening_hours.lint import check
from app.settings import ROOT
from tests.console.conftest import RECORD, Person
from tests.console.test_records import HOURS, edit

UNTRUSTED = {
    "x" * 8001: "för långa",
    " ": "Fyll i öppettiderna",
    "Mo 10:00-12:00\u0007": "Ett tecken syns inte (U+0007)",
    "Mo 10:00-12:00 var annan": "Det går inte att läsa från och med ”var annan”",
    "Mo 10:00-": "Något saknas i slutet",
    'Mo-Fr "kontorstid"': 'Skriv unknown, open eller off före "kontorstid"',
    "Mo 10:00-12:00 || Tu 10:00-12:00": "i stället för ||",
    "Mo 10:00+": "i stället för +",
    "Mo 10:00-sunset": "Skriv ett klockslag i stället för sunset",
    "SH 10:00-12:00": "Skriv ut skollovens datum",
    "PH -1 day off": "räkna från en helgdag",
    "Mo 10:00-48:00": "en regel för varje dag",
    "Mo 10:00-12:00/00:30": "Skriv ut tiderna i stället för 12:00/00:30",
    "Mo-Fr 22:00-02:00; Dec 24 off": "22:00-02:00 går över midnatt",
    "Feb 30 off": "Datumet finns inte: Feb 30",
    "Jun 30-2 off": "Jun 30-2 går baklänges",
    "Mo-Fr 10:00-12:00; PH off": "öppettiderna på aftnarna",
}


@pytest.mark.parametrize(("expression", "words"), UNTRUSTED.items(), ids=range(len(UNTRUSTED)))
def test_what_the_parser_finds_wrong_is_said_in_swedish(expression: str, words: str) -> None:
    told = [translate_fault(problem.reason) for problem in check(expression)]
    assert any(words in sentence for sentence in told), told
    assert not {problem.reason for problem in check(expression)} & set(told)


@pytest.mark.parametrize(
    ("rules", "words"),
    [
        ("Mo 10:00-12:00 var annan", "Telefon: öppettider: Det går inte att läsa från och med ”var annan”."),
        ("Mo-Fr 22:00-02:00; Dec 24 off", "22:00-02:00 går över midnatt"),
        ('Mo 10:00-12:00 "efter lunch"', "Skriv unknown, open eller off före"),
        ('Mo 10:00-12:00 open "efter lunch"', "Kommentaren ”efter lunch” finns inte på engelska."),
    ],
)
def test_hours_that_cannot_be_read_are_refused_in_swedish(editor: Person, rules: str, words: str) -> None:
    days = dict.fromkeys((f"dag.{day}" for day in ("Mo", "Tu", "We", "Th", "Fr")), "")
    refused = edit(editor, RECORD, HOURS, **days, regler=rules)
    assert (refused.status_code, words in unescape(refused.text)) == (422, True), refused.text
    assert f'value="{rules.replace(chr(34), "&#34;")}"' in refused.text


def list_reasons() -> Iterator[str]:
    """What the rules of records say, with a number for what they fill in."""
    for name in ("record_rules", "rules", "hierarchy", "shapes"):
        for node in ast.walk(ast.parse((ROOT / "app" / "records" / f"{name}.py").read_text("utf-8"))):
            name_of_call = node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""
            if isinstance(node, ast.Call) and name_of_call == "RecordFault" and len(node.args) == 4:
                yield from _write(node.args[3])
            elif isinstance(node, ast.Call) and name_of_call == "ValueError":
                yield from _write(node.args[0])
            elif isinstance(node, ast.Yield) and name == "record_rules":
                yield from _write(node.value.elts[1] if isinstance(node.value, ast.Tuple) else node.value)


def _write(reason: ast.expr | None) -> Iterator[str]:
    if isinstance(reason, ast.Constant):
        yield str(reason.value)
    elif isinstance(reason, ast.JoinedStr):
        yield "".join(
            str(part.value) if isinstance(part, ast.Constant)
            else "'1'" if isinstance(part, ast.FormattedValue) and part.conversion == ord("r")
            else "2026-11-28" if "starts_on" in ast.dump(part) or "ends_on" in ast.dump(part)
            else "1"
            for part in reason.values
        )  # fmt: skip


def test_every_fault_of_a_record_has_its_words() -> None:
    ours = {"1", "at 1: 1"}  # reasons from elsewhere, which are tried above
    reasons = {reason for reason in list_reasons() if reason not in ours}
    assert len(reasons) > 20
    assert [reason for reason in sorted(reasons) if translate_fault(reason) == reason] == []
