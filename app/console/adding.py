"""New records and new contact points: the inputs that they need, and the documents that they come to."""

import re
from collections.abc import Iterable
from copy import deepcopy
from dataclasses import replace
from itertools import chain, count

from app.console.citing import Cite
from app.console.filling import edit_document
from app.console.parts import Input, Part, list_inputs
from app.console.visitors import Form
from app.folding import fold
from app.http.problems import NotFound, invalid
from app.records.documents import Document
from app.records.kinds import BY_COLLECTION, RESOURCE
from app.resources.models import Channel

POINT_PARTS = ("channel", "label", "value")
"""What a contact point is given at first; the channel first, as it says how the value is read."""
POINT_IDS = {
    Channel.PHONE: "telefon",
    Channel.SMS: "sms",
    Channel.CHAT: "chatt",
    Channel.EMAIL: "epost",
    Channel.WEB: "webb",
    Channel.VISIT: "besok",
}
USUAL = ("organizations", "areas")
"""Fields that most resources have, although they need not."""


def list_record_parts(collection: str) -> list[Part]:
    """What a new record of a collection is given at first. Raises NotFound for those that nobody adds to."""
    kind = BY_COLLECTION.get(collection)
    if kind is None or kind.family not in (RESOURCE, "organization"):
        raise NotFound("Nothing is added to this collection here.")
    fields = kind.shape.model_fields.items()
    return [Part(kind.name, name) for name, field in fields if name != "id" and (field.is_required() or name in USUAL)]


def list_point_parts(kind: str, point: str) -> list[Part]:
    """What a new contact point is given at first."""
    return [Part(kind, f"contact_points.{point}.{name}") for name in POINT_PARTS]


def list_part_inputs(parts: Iterable[Part]) -> list[Input]:
    """The inputs of several parts, each name with that of its part before it."""
    return [replace(input_, name=f"{part.name}:{input_.name}") for part in parts for input_ in list_inputs(part)]


def make_record(parts: Iterable[Part], form: Form, cites: list[Cite]) -> Document:
    """The document of a new record; its id is made of its Swedish name. Raises InvalidParameter."""
    slug = re.sub(r"[^a-z0-9]+", "-", fold(form.get("name:varde.sv", ""))).strip("-")[:60].strip("-")
    if not slug:
        raise invalid("name", "Fyll i namnet på svenska.")
    return _fill({"id": slug}, parts, form, cites)


def add_point(kind: str, document: Document, form: Form, cites: list[Cite]) -> tuple[Document, str]:
    """The document with one more contact point, and its id. Raises InvalidParameter."""
    channel = form.get("channel:varde", "")
    if channel not in tuple(Channel):
        raise invalid("channel", "Välj en kontaktväg.")
    taken = {point["id"] for point in document.get("contact_points", ())}
    first = POINT_IDS[Channel(channel)]
    names = chain([first], (f"{first}-{number}" for number in count(2)))
    point = next(name for name in names if name not in taken)
    extended = deepcopy(document)
    extended.setdefault("contact_points", []).append({"id": point})
    return _fill(extended, list_point_parts(kind, point), form, cites), point


def _fill(document: Document, parts: Iterable[Part], form: Form, cites: list[Cite]) -> Document:
    for part in parts:
        own = Form(
            [(name.removeprefix(f"{part.name}:"), value) for name, value in form.multi_items()
             if name.startswith(f"{part.name}:")]
        )  # fmt: skip
        document = edit_document(part, document, own, cites)
    return document
