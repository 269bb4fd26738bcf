"""The schemas of the OpenAPI document, as its readers and the generators of clients need them: each a named thing."""

from collections.abc import Callable, Iterator
from typing import Any

Schema = dict[str, Any]

NAMES = {"TieShown": "OrganizationTie", "ExceptionShown": "OpeningHoursException"}
"""Names that would clash, or shadow a word of a client's language, without their `Shown`."""
PREFIX = "#/components/schemas/"
LITERAL = ("example", "examples", "default", "enum", "const")
"""Keywords whose values are data, not schemas."""


def renamed(name: str) -> str:
    """`HotlineShown` → `Hotline`: the ending says nothing in a document about answers."""
    if name.startswith(("Page[", "Page_")):  # a title, a key of the components
        return f"{renamed(name[5:-1])}Page"
    return NAMES.get(name, name.removesuffix("Shown"))


def refine(document: Schema) -> None:
    """Rename the component schemas, and say null plainly. Each is one named type, wherever it stands."""
    components = document["components"]
    components["schemas"] = {renamed(name): schema for name, schema in components["schemas"].items()}
    document.update(_mapped(document, _refined))


def leave_out_unused(document: Schema) -> None:
    """Drop the component schemas that nothing refers to."""
    components = document["components"]
    schemas, used = components["schemas"], set[str]()
    more = {*references(document["paths"]), *references(components["responses"])}
    while more:
        used |= more
        more = {name for schema_name in more for name in references(schemas[schema_name])} - used
    components["schemas"] = {name: schema for name, schema in schemas.items() if name in used}


def nullable(schema: Schema) -> Schema:
    """`anyOf: [{type: string, …}, {type: null}]` → `type: [string, null], …`, as OpenAPI 3.1 can say it."""
    alternatives = [alternative for alternative in schema.get("anyOf", ()) if alternative != {"type": "null"}]
    if (
        len(alternatives) != 1
        or len(alternatives) == len(schema.get("anyOf", ()))
        or not isinstance(alternatives[0].get("type"), str)
    ):
        return schema
    rest = {key: value for key, value in schema.items() if key != "anyOf"}
    return {**alternatives[0], "type": [alternatives[0]["type"], "null"], **rest}


def never_null(schema: Schema) -> Schema:
    """The same schema for a parameter, which can be left out but not be null."""
    alternatives = [alternative for alternative in schema.get("anyOf", ()) if alternative != {"type": "null"}]
    rest = {key: value for key, value in schema.items() if key not in ("anyOf", "title", "description")}
    return {**(alternatives[0] if len(alternatives) == 1 else {"anyOf": alternatives} if alternatives else {}), **rest}


def _refined(schema: Schema) -> Schema:
    properties = schema.get("properties")
    if isinstance(properties, dict):
        # FastAPI titles each property with its own name.
        bare = {
            name: {key: value for key, value in property_.items() if key != "title"}
            for name, property_ in properties.items()
        }
        schema = {**schema, "properties": bare}
    if "title" in schema and isinstance(schema["title"], str):
        schema = {**schema, "title": renamed(schema["title"])}
    if (name := referred(schema)) is not None:
        schema = {**schema, "$ref": PREFIX + renamed(name)}
    return nullable(schema)


def referred(schema: Schema) -> str | None:
    """The name of the component schema that this refers to."""
    reference = str(schema.get("$ref", ""))
    return reference.removeprefix(PREFIX) if reference.startswith(PREFIX) else None


def _mapped(node: Any, change: Callable[[Schema], Schema]) -> Any:
    """The tree with each mapping changed, the innermost first."""
    if isinstance(node, list):
        return [_mapped(item, change) for item in node]
    if not isinstance(node, dict):
        return node
    return change({key: value if key in LITERAL else _mapped(value, change) for key, value in node.items()})


def references(node: Any) -> Iterator[str]:
    """The names of the component schemas that are referred to anywhere below."""
    if isinstance(node, dict):
        if (name := referred(node)) is not None:
            yield name
        node = list(node.values())
    if isinstance(node, list):
        for item in node:
            yield from references(item)
