"""The parts of a record that are edited together, mostly one field each, and their inputs on a form."""

from dataclasses import dataclass
from datetime import date
from enum import Enum
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from app.console.hours import DAY_NAMES
from app.console.visitors import LONGEST_FIELD
from app.console.words import CHOICE_NAMES, name_field
from app.http.problems import NotFound
from app.records.documents import Document
from app.records.kinds import KINDS
from app.records.merging import HOURS
from app.records.shapes import Cited, ContactPointRecord
from app.resources.models import Basis
from app.texts import Text

LONGEST_TEXT = f"Högst {LONGEST_FIELD} tecken."


@dataclass(frozen=True, slots=True)
class Input:
    """One input of a form. `sort`: line, text, lines, date, number or choice; a choice has options, value and label."""

    name: str
    label: str
    sort: str
    hint: str = ""
    options: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """A field, or those of a contact point that go together. `path`: of the field that the citations name."""

    kind: str
    path: str

    @property
    def name(self) -> str:
        """The field's own name."""
        return self.path.rpartition(".")[2]

    @property
    def point(self) -> str | None:
        """The id of its contact point."""
        parts = self.path.split(".")
        return parts[1] if len(parts) == 3 else None

    @property
    def is_hours(self) -> bool:
        return self.point is not None and self.name == HOURS[0]

    @property
    def is_exceptions(self) -> bool:
        return self.point is not None and self.name == "exceptions"

    @property
    def is_reach(self) -> bool:
        """Whether it is the number or the address of a contact point."""
        return self.point is not None and self.name == "value"

    @property
    def is_cited(self) -> bool:
        """Whether a source has to say so."""
        shape = KINDS[self.kind].shape
        uncited = shape.uncited if issubclass(shape, Cited) else frozenset(shape.model_fields)
        return self.name not in (ContactPointRecord.uncited if self.point else uncited)

    @property
    def bare(self) -> Any:
        """The type of its values, without `None`."""
        fields = ContactPointRecord.model_fields if self.point else KINDS[self.kind].shape.model_fields
        return _strip(fields[self.name].annotation)


def find_part(kind: str, document: Document, path: str) -> Part:
    """The part with this field. Raises NotFound where the record cannot have it."""
    *owner, name = path.split(".")
    owners = [["contact_points", point["id"]] for point in document.get("contact_points", ())]
    if owner and owner not in owners:
        raise NotFound("There is no such field.")
    shape = ContactPointRecord if owner else KINDS[kind].shape
    if name not in shape.model_fields or name in ("id", "citations", "contact_points", *HOURS[1:]):
        raise NotFound("There is no such field.")
    return Part(kind, path)


def list_inputs(part: Part) -> list[Input]:
    """The inputs of a part, but for those of exceptions."""
    label = name_field(part.name)
    if part.is_hours:
        days = [Input(f"dag.{name}", day, "line") for name, day in DAY_NAMES.items()]
        basis = tuple((choice.value, CHOICE_NAMES[choice.value]) for choice in Basis)
        return [
            *days,
            Input("regler", "Andra regler", "line", "Som OSM-uttryck, till exempel: Dec 24 off. Behövs sällan."),
            Input("ord", "Källans egna ord om öppettiderna", "line", "Högst 60 tecken, till exempel: vardagar 8–17"),
            Input("grund", "Hur säkert är det?", "choice", options=basis),
            Input("skal.sv", "Om det är en tolkning: varför, på svenska", "text", LONGEST_TEXT),
            Input("skal.en", "Om det är en tolkning: varför, på engelska", "text", LONGEST_TEXT),
        ]
    bare = part.bare
    if bare is Text:
        sort, hint = ("line", "") if part.name in ("name", "label") else ("text", LONGEST_TEXT)
        languages = {"varde.sv": "svenska", "varde.en": "engelska"}
        return [Input(name, f"{label} på {language}", sort, hint) for name, language in languages.items()]
    if bare is bool:
        return [Input("varde", label, "choice", options=(("", "okänt"), ("ja", "ja"), ("nej", "nej")))]
    if isinstance(bare, type) and issubclass(bare, Enum):
        options = tuple((str(choice.value), CHOICE_NAMES.get(str(choice.value), str(choice.value))) for choice in bare)
        return [Input("varde", label, "choice", options=(("", "–"), *options))]
    if get_origin(bare) is list:
        return [Input("varde", label, "lines", "En på varje rad.")]
    sort = {date: "date", int: "number"}.get(bare, "line")
    hint = "Skriv numret som du brukar, till exempel 031-367 60 00." if part.name == "value" else ""
    return [Input("varde", label, sort, hint)]


def _strip(annotation: Any) -> Any:
    """The type within `Annotated` and `| None`."""
    while True:
        if get_origin(annotation) is Annotated:
            annotation = get_args(annotation)[0]
        elif get_origin(annotation) in (Union, UnionType):
            annotation = next(argument for argument in get_args(annotation) if argument is not NoneType)
        else:
            return annotation
