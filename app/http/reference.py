"""The OpenAPI document as the pages of the documentation show it: groups of operations, and the schemas they use."""

import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal
from urllib.parse import parse_qsl, urlencode, urlsplit

from app.http.openapi_schemas import references, referred
from app.http.snippets import Call
from app.texts import Language

MOMENTS = frozenset({"at", "from"})
"""Parameters of the examples that are left out of a call to try: it asks about now."""

Node = dict[str, Any]
Subject = Literal["parameters", "schemas"]
"""What is described; its Swedish is in the file of this name."""


@dataclass(frozen=True, slots=True)
class Type:
    """What a value is: a word of JSON Schema (`string`), or the name of a schema; `many`: a list of such."""

    name: str
    is_schema: bool = False
    many: bool = False
    nullable: bool = False


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of an operation, in its `path`, `query` or `header`; `value`: what a call to try has."""

    name: str
    place: str
    required: bool
    type: Type
    description: str
    choices: tuple[str, ...]
    value: str


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing that can be asked, such as `GET /hotlines`; `call` is ready to be made."""

    id: str
    method: str
    path: str
    title: str
    paragraphs: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    keyed: bool
    formats: tuple[str, ...]
    answer: Type | None
    body: Type | None
    call: Call

    @property
    def is_for_anybody(self) -> bool:
        """Whether a page may ask it: it reads, and needs no key."""
        return self.method == "GET" and not self.keyed

    @property
    def types(self) -> list[Type]:
        """The types of what is asked, sent and answered."""
        types = (self.answer, self.body, *(parameter.type for parameter in self.parameters))
        return [type_ for type_ in types if type_ is not None]

    @property
    def words(self) -> str:
        """What the search on the page looks in."""
        parts = (
            self.id,
            self.title,
            *self.paragraphs,
            *(parameter.name for parameter in self.parameters if parameter.place != "header"),
        )
        return " ".join(parts).lower()


@dataclass(frozen=True, slots=True)
class Group:
    """The operations of a tag."""

    name: str
    description: str
    operations: tuple[Operation, ...]

    def search(self, query: str) -> list[Operation]:
        """The operations that have all the words of a query."""
        return [
            operation for operation in self.operations if all(word in operation.words for word in query.lower().split())
        ]


@dataclass(frozen=True, slots=True)
class Field:
    """A field of an object."""

    name: str
    type: Type
    description: str


@dataclass(frozen=True, slots=True)
class Schema:
    """A named type: an object with its fields, or a word out of `choices`."""

    name: str
    description: str
    fields: tuple[Field, ...]
    choices: tuple[str, ...]


def read_groups(document: Node, language: Language) -> list[Group]:
    """The groups in the order of the document, with the texts of one language."""
    operations = list(_read_operations(document, language))
    return [
        Group(
            name=tag["name"],
            description=tag["description"].split(" / ")[0 if language is Language.SWEDISH else -1],
            operations=tuple(operation for name, operation in operations if name == tag["name"]),
        )
        for tag in document["tags"]
    ]


def read_schemas(document: Node, group: Group, language: Language) -> list[Schema]:
    """The schemas that the answers and bodies of a group consist of, by name."""
    schemas, names = document["components"]["schemas"], set[str]()
    types = (type_ for operation in group.operations for type_ in operation.types)
    more = {type_.name for type_ in types if type_.is_schema}
    while more:
        names |= more
        more = {name for schema_name in more for name in references(schemas[schema_name])} - names
    return [_read_schema(name, schemas[name], language) for name in sorted(names)]


def _read_operations(document: Node, language: Language) -> Iterator[tuple[str, Operation]]:
    (server,) = document["servers"]
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield operation["tags"][0], _read_operation(document, server["url"], path, method, operation, language)


def _read_operation(
    document: Node, server: str, path: str, method: str, operation: Node, language: Language
) -> Operation:
    english, *_ = paragraphs = operation["description"].split("\n\n")
    content = next(response for status, response in operation["responses"].items() if status[0] == "2").get(
        "content", {}
    )
    values = _example_values(content)
    parameters = tuple(_read_parameter(document, parameter, values, language) for parameter in operation["parameters"])
    answer = content.get("application/json", {}).get("schema")
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    return Operation(
        id=operation["operationId"],
        method=method.upper(),
        path=path,
        title=operation["summary"] if language is Language.SWEDISH else re.split(r"[,.:;]", english)[0],
        paragraphs=tuple(paragraphs[-1:] if language is Language.SWEDISH else paragraphs[:-1]),
        parameters=parameters,
        keyed="security" in operation,
        formats=tuple(content),
        answer=read_type(answer) if answer else None,
        body=read_type(body) if body else None,
        call=Call(method.upper(), _address(f"{server}{path}", parameters), "security" in operation, body is not None),
    )


def _example_values(content: Node) -> dict[str, str]:
    """The query that the example of an operation was asked with."""
    example = content.get("application/json", {}).get("examples", {}).get("example", {}).get("summary", "")
    return {name: value for name, value in parse_qsl(urlsplit(example).query) if name not in MOMENTS}


def _read_parameter(document: Node, parameter: Node, values: dict[str, str], language: Language) -> Parameter:
    schema = parameter["schema"]
    own = schema.get("items", schema)
    whole = document["components"]["schemas"][name] if (name := referred(own)) else own
    choices = ("true", "false") if whole.get("type") == "boolean" else tuple(map(str, whole.get("enum", ())))
    example = str(parameter.get("example", "")) if parameter["in"] == "path" else ""
    return Parameter(
        name=parameter["name"],
        place=parameter["in"],
        required=parameter["required"],
        type=read_type(schema),
        description=_translate(parameter.get("description", ""), language, "parameters"),
        choices=choices,
        value=values.get(parameter["name"], example),
    )


def _translate(english: str, language: Language, subject: Subject) -> str:
    return read_swedish(subject).get(english, english) if language is Language.SWEDISH else english


@cache
def read_swedish(subject: Subject) -> dict[str, str]:
    """The descriptions of parameters, or of schemas and their fields, in Swedish, by those in English."""
    return tomllib.loads(Path(__file__).with_name(f"{subject}.toml").read_text(encoding="utf-8"))


def _address(path: str, parameters: tuple[Parameter, ...]) -> str:
    for parameter in parameters:
        if parameter.place == "path":
            path = path.replace(f"{{{parameter.name}}}", parameter.value)
    query = {
        parameter.name: parameter.value for parameter in parameters if parameter.place == "query" and parameter.value
    }
    return f"{path}?{urlencode(query)}" if query else path


def _read_schema(name: str, schema: Node, language: Language) -> Schema:
    return Schema(
        name=name,
        description=_translate(schema.get("description", ""), language, "schemas"),
        fields=tuple(
            Field(field, read_type(property_), _translate(property_.get("description", ""), language, "schemas"))
            for field, property_ in schema.get("properties", {}).items()
        ),
        choices=tuple(map(str, schema.get("enum", ()))),
    )


def read_type(schema: Node) -> Type:
    """What a schema says a value is."""
    choices = [alternative for alternative in schema.get("anyOf", ()) if alternative != {"type": "null"}]
    if choices:
        types = [read_type(alternative) for alternative in choices]
        nullable = len(choices) < len(schema["anyOf"])
        if len(types) == 1:
            return Type(types[0].name, types[0].is_schema, types[0].many, nullable)
        return Type(" | ".join(dict.fromkeys(type_.name for type_ in types)), nullable=nullable)
    if name := referred(schema):
        return Type(name, is_schema=True)
    kinds = schema.get("type", "object")
    names = [kinds] if isinstance(kinds, str) else kinds
    nullable, (kind, *_) = "null" in names, [kind_name for kind_name in names if kind_name != "null"] or ["null"]
    if kind == "array" and (items := schema.get("items")):
        inner = read_type(items)
        return Type(inner.name, inner.is_schema, many=True, nullable=nullable)
    if "const" in schema:
        return Type(json.dumps(schema["const"]))
    return Type(schema.get("format", kind), nullable=nullable)
