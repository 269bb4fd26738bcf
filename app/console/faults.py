"""What is wrong with what was sent, in Swedish."""

import re
from collections.abc import Sequence

from app.access.keys import KeyRefused
from app.console.fault_words import FAULTS, UNREADABLE_HOURS
from app.console.parts import Input
from app.console.words import PROBLEMS, name_field
from app.http.problems import ProblemError
from app.records.documents import Document
from app.records.faults import InvalidRecords

LANGUAGES = {"sv": "på svenska", "en": "på engelska"}
FORM_ROW = re.compile(r"(?:forsta|sista|tider|skal)\.\d+(?:\.\w+)?")
FORM_ROWS = {"forsta": "första dagen", "sista": "sista dagen", "tider": "tider", "skal": "varför"}
ROW_INPUTS = {"starts_on": "första dagen", "ends_on": "sista dagen", "expression": "tider", "reason": "varför"}
"""The inputs of a row of other hours on some days."""
HOURS_FIELDS = ("opening_hours", "exceptions")
ABOUT_CHANGE = {
    "reason": "Varför",
    "decision": "Ditt beslut",
    "slut": "Resultatet",
    "anteckning": "Anteckning",
    "fran": "Från och med",
    "till": "Till och med",
    "hur": "Hur vet du det?",
    "source": "Hur vet du det?",
}
"""The inputs of every form that say nothing of the record itself."""


class FaultLine(str):
    """A sentence on what is wrong. `parameter`: what it is about, from which a page finds the input to lead to."""

    __slots__ = ("parameter",)
    parameter: str


def find_input(fault: str, inputs: Sequence[Input]) -> str:
    """The id of the input that a fault is about; empty where the page has none. `inputs`: those of the page's part."""
    parameter = fault.parameter if isinstance(fault, FaultLine) else ""
    if parameter == "reason":
        return "skal"
    if parameter.startswith("citations"):
        return "kalla.0"
    if row := re.fullmatch(r"Källa (\d+)", parameter):
        return f"kalla.{int(row[1]) - 1}"
    if FORM_ROW.fullmatch(parameter):
        return parameter
    *owners, last = parameter.split(".")
    own = "." + last if last in LANGUAGES else ""
    field = owners[-1] if own and owners else last
    names = (f"varde{own}", f"{field}:varde{own}", parameter)
    return next((input_.name for input_ in inputs if input_.name in names), "")


def explain_error(error: ProblemError, document: Document | None = None) -> list[str]:
    """What is wrong, for a form that is shown again: at least one sentence."""
    return explain_faults(error, document) or [PROBLEMS[error.slug][1] if error.slug in PROBLEMS else str(error)]


def explain_faults(error: ProblemError, document: Document | None = None) -> list[str]:
    """Each fault with its field, in Swedish where we know how it is said; none where the error names none."""
    lines = [(fault.parameter, FaultLine(_explain(fault.parameter, fault.detail, document))) for fault in error.errors]
    for parameter, line in lines:
        line.parameter = parameter
    return [line for _, line in lines]


def explain_key_fault(error: KeyRefused | InvalidRecords) -> list[str]:
    """Why a key cannot be made or revoked, in Swedish."""
    reasons = [str(error)] if isinstance(error, KeyRefused) else [fault.reason for fault in error.faults]
    return [translate_fault(reason) for reason in reasons]


def translate_fault(reason: str, document: Document | None = None) -> str:
    """A reason in Swedish where we know how it is said. `document`: of the record whose fields it names."""
    for pattern, sentence in FAULTS:
        if match := pattern.fullmatch(reason):
            fields = match.groupdict().get("fields", "").split(",")
            names = ", ".join(name_field(field.strip(), document) for field in fields)
            return sentence.format(*match.groups(), fields=names)
    return reason


def _explain(parameter: str, detail: str, document: Document | None) -> str:
    stated = re.sub(r"^at \d+: ", "", re.sub(r"^\w+ [\w-]+: ", "", detail))
    reason = translate_fault(stated, document)
    if reason == stated and parameter.endswith(HOURS_FIELDS):
        reason = UNREADABLE_HOURS
    if parameter in ("record", "base_revision"):
        return reason
    return f"{ABOUT_CHANGE.get(parameter) or _name_input(parameter, document)}: {reason}"


def _name_input(path: str, document: Document | None) -> str:
    """The input that a fault is about, as its label reads; contact points and rows are numbered from 0 in a path."""
    owner, _, last = path.rpartition(".")
    if row := re.fullmatch(r"(forsta|sista|tider|skal)\.(\d+)", path):
        return f"Avvikande öppettider {int(row[2]) + 1}, {FORM_ROWS[row[1]]}"
    if owner and last in LANGUAGES:
        return f"{_name_input(owner, document)} {LANGUAGES[last]}"
    if row := re.fullmatch(r".*\bexceptions\.(\d+)\.(\w+)", path):
        return f"Avvikande öppettider {int(row[1]) + 1}, {ROW_INPUTS.get(row[2], row[2])}"
    if point := re.fullmatch(r"contact_points\.(\d+)\.(\w+).*", path):
        points = (document or {}).get("contact_points", ())[int(point[1]) :]
        return name_field(f"contact_points.{points[0]['id']}.{point[2]}" if points else point[2], document)
    return name_field(path, document)
