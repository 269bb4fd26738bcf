"""The official schemas, where HSDS_SCHEMAS names their folder; they are not ours to carry."""

import json
import os
import re
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

FOLDER = os.environ.get("HSDS_SCHEMAS")

needs_schemas = pytest.mark.skipif(
    FOLDER is None, reason="HSDS_SCHEMAS names no folder: answers are not compared with the official schemas of HSDS"
)

formats = FormatChecker()


# RFC 3986: scheme and host, in the characters that a URI may have; every other is percent-encoded.
CHARACTER = r"(?:[A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})"
URI = re.compile(
    rf"^https?://(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9](?:[A-Za-z0-9.-]|%[0-9A-Fa-f]{{2}})*)(?::\d+)?"
    rf"(?:/{CHARACTER}*)*(?:\?(?:{CHARACTER}|[/?])*)?(?:#(?:{CHARACTER}|[/?])*)?$"
)


@formats.checks("uri")
def _is_uri(value: object) -> bool:
    return not isinstance(value, str) or URI.match(value) is not None


@formats.checks("date-time", raises=ValueError)
def _is_moment(value: object) -> bool:
    return not isinstance(value, str) or datetime.fromisoformat(value).tzinfo is not None


@lru_cache
def schemas() -> dict[str, Any]:
    """The official schemas by file name."""
    assert FOLDER is not None
    return {file.name: json.loads(file.read_text(encoding="utf-8")) for file in Path(FOLDER).glob("*.json")}


def faults(found: dict[str, Any], name: str, answer: Any) -> list[str]:
    """What a set of schemas has against an answer. Nobody changes a set once it was given here."""
    key = id(found), name
    if key not in _validators:
        _validators[key] = found, make_validator(found, name)
    return [f"{error.json_path}: {error.message}" for error in _validators[key][1].iter_errors(answer)]


_validators: dict[tuple[int, str], tuple[dict[str, Any], Draft202012Validator]] = {}
"""By the identity of a set of schemas, which is kept beside so that no other set gets it; and a file's name."""


def make_validator(found: dict[str, Any], name: str) -> Draft202012Validator:
    """Of one schema of a set, which may refer to the others."""
    registry: Registry[Any] = Registry().with_resources(
        (file, Resource.from_contents(schema, default_specification=DRAFT202012)) for file, schema in found.items()
    )
    return Draft202012Validator({"$ref": name}, registry=registry, format_checker=formats)


def merged(target: Any, patch: Any) -> Any:
    """RFC 7386, as its section 2 has it."""
    if not isinstance(patch, dict):
        return patch
    result = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            result.pop(name, None)
        else:
            result[name] = merged(result.get(name), value)
    return result
