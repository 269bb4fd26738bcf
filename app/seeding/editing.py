"""Edits a record in a TOML file in place, field by field, or writes it anew in the style of its file."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import Enum
from typing import Any

import tomlkit
from tomlkit.items import Array

from app.seeding.layout import Entry, Fields, update_tables

LAST = (
    "status",
    "superseded_by",
    "stated_on",
    "verified_at",
    "review_due",
    "citations",
    "contact_points",
    "exceptions",
)
"""Fields that come after all others, in this order."""
LONG = 120
"""A list of tables longer than this many characters gets a line for each table."""
TABLES = frozenset({"contact_points", "exceptions"})
"""Lists that are always written as `[[tables]]`."""


@dataclass(frozen=True, slots=True)
class Style:
    """How a file writes: `name.sv = …` or `name = {…}`, `{ a }` or `{a}`, citations as tables or in a list."""

    has_dotted_texts: bool = True
    has_padding: bool = True
    has_citation_tables: bool = False


def detect_style(text: str) -> Style:
    """The style of a file; the default style where it has no record."""
    return Style(
        has_dotted_texts=re.search(r"^\w+\.sv *=", text, re.MULTILINE) is not None or not re.search(r"= *\{ *sv", text),
        has_padding="{ " in text or "{" not in text,
        has_citation_tables=re.search(r"^\[\[\w+\.citations\]\]", text, re.MULTILINE) is not None,
    )


def edit_table(text: str, name: str, before: Fields, after: Fields, style: Style) -> str:
    """The text of a table `[[name]]` with its fields changed; the lines of unchanged fields stay as they are."""
    for field in sorted(before.keys() | after.keys()):
        old, new = before.get(field, []), after.get(field, [])
        if old != new and f"[[{name}.{field}]]" in text:
            text = _edit_inner(text, f"{name}.{field}", old, new, style)
            before, after = (
                {key: value for key, value in fields.items() if key != field} for fields in (before, after)
            )
    inner = re.search(rf"^(#.*\n)*[ \t]*\[\[{re.escape(name)}\.", text, re.MULTILINE)
    head, rest = (text[: inner.start()], text[inner.start() :]) if inner else (text, "")
    added = {key: after[key] for key in _in_order(after) if key not in before}
    if before != {key: value for key, value in after.items() if key not in added}:
        head = _edit_head(head, name, before, after, style)
    for key, value in added.items():
        if key in TABLES or (key == "citations" and style.has_citation_tables):
            rest += "".join(f"\n{render_table(f'{name}.{key}', item, style)}" for item in value)
        else:
            head = _insert(head, key, _render_field(key, value, style), list(_in_order(after)))
    return head + rest


def _edit_inner(text: str, name: str, before: Sequence[Fields], after: Sequence[Fields], style: Style) -> str:
    """Change the tables of a list within a table, such as the contact points of a hotline."""
    return update_tables(
        text,
        name,
        _pair(before, after),
        lambda table, place, fields: edit_table(table, name, before[place], fields, style),
        lambda fields: render_table(name, fields, style),
    )


def _pair(before: Sequence[Fields], after: Sequence[Fields]) -> list[Entry]:
    """Match each item with an earlier one: the one with its id, or an equal one, or the next that is left over."""
    remaining = dict(enumerate(before))
    places = list[int | None]()
    for item in after:
        matching_places = (
            place for place, old in remaining.items() if (old["id"] == item["id"] if "id" in item else old == item)
        )
        place = next(matching_places, None)
        places.append(place)
        if place is not None:
            del remaining[place]
    rest = iter([] if after and "id" in after[0] else sorted(remaining))
    return [
        Entry(next(rest, None) if place is None else place, item) for place, item in zip(places, after, strict=True)
    ]


def _edit_head(text: str, name: str, before: Fields, after: Fields, style: Style) -> str:
    """Change or remove fields of a table, except those in inner tables."""
    document = tomlkit.parse(text)
    table: Any = document
    for key in name.split("."):
        table = table[key][-1] if isinstance(table[key], list) else table[key]
    _edit_fields(table, before, after, style)
    return tomlkit.dumps(document)


def _edit_fields(table: Any, before: Fields, after: Fields, style: Style) -> None:
    for key in before:
        if key not in after:
            table.remove(key)
    for key, new in after.items():
        if key not in before or before[key] == new:
            continue
        old = before[key]
        if isinstance(new, dict):
            _edit_fields(table[key], old, new, style)
        elif isinstance(new, list) and ((len(old) == len(new) and isinstance(new[0], dict)) or _is_spread(table[key])):
            _edit_list(table[key], old, new, style)
        elif isinstance(new, list):
            table[key] = tomlkit.value(_render(new, style))
        else:
            table[key] = new


def _is_spread(array: Array) -> bool:
    return "\n" in array.as_string()


def _edit_list(array: Array, before: list[Any], after: list[Any], style: Style) -> None:
    """Change a list item by item, from its end."""
    opcodes = SequenceMatcher(None, list(map(repr, before)), list(map(repr, after)), autojunk=False).get_opcodes()
    for _, start, stop, new_start, new_stop in reversed([code for code in opcodes if code[0] != "equal"]):
        shared = min(stop - start, new_stop - new_start)
        for place in reversed(range(start + shared, stop)):
            array.pop(place)
        for new in reversed(after[new_start + shared : new_stop]):
            array.insert(start + shared, tomlkit.value(_render(new, style)))
        for nth in range(shared):
            new = after[new_start + nth]
            if not isinstance(new, dict):
                array[start + nth] = new
            elif list(new) == list(before[start + nth]):
                _edit_fields(array[start + nth], before[start + nth], new, style)
            else:
                array[start + nth] = tomlkit.value(_render(new, style))


def _insert(text: str, key: str, written: str, order: list[str]) -> str:
    """Insert a field before the first field that follows it in the order; comments stay with their fields."""
    later = "|".join(map(re.escape, order[order.index(key) + 1 :]))
    follower = re.search(rf"^(#.*\n)*({later})\s*[.=]", text, re.MULTILINE) if later else None
    if follower is None:
        end = len(text.rstrip("\n"))
        return f"{text[:end]}\n{written}{text[end + 1 :]}"
    return text[: follower.start()] + written + text[follower.start() :]


def render_table(name: str, fields: Fields, style: Style) -> str:
    """A new table `[[name]]`, such as a record, in the style of its file."""
    lines, tables = [f"[[{name}]]\n"], list[str]()
    for key in _in_order(fields):
        if key in TABLES or (key == "citations" and style.has_citation_tables):
            tables += [f"\n{render_table(f'{name}.{key}', item, style)}" for item in fields[key]]
        else:
            lines.append(_render_field(key, fields[key], style))
    return "".join([*lines, *tables])


def _in_order(fields: Fields) -> Iterable[str]:
    return [*(key for key in fields if key not in LAST), *(key for key in LAST if key in fields)]


def _render_field(key: str, value: Any, style: Style) -> str:
    if isinstance(value, dict) and style.has_dotted_texts:
        return "".join(f"{key}.{language} = {_render(text, style)}\n" for language, text in value.items())
    line = f"{key} = {_render(value, style)}\n"
    if key == "citations" or (isinstance(value, list) and isinstance(value[0], dict) and len(line) > LONG):
        items = "".join(f"    {_render(item, style)},\n" for item in value)
        return f"{key} = [\n{items}]\n"
    return line


def _render(value: Any, style: Style) -> str:
    if isinstance(value, dict):
        inner = ", ".join(f"{key} = {_render(item, style)}" for key, item in value.items())
        return f"{{ {inner} }}" if style.has_padding else f"{{{inner}}}"
    if isinstance(value, list):
        return f"[{', '.join(_render(item, style) for item in value)}]"
    written: str = tomlkit.item(value).as_string()
    return written


def to_fields(dumped: Any) -> Any:
    """The dump of a model as values that TOML can represent."""
    if isinstance(dumped, dict):
        return {key: to_fields(value) for key, value in dumped.items()}
    if isinstance(dumped, list | tuple):
        return [to_fields(value) for value in dumped]
    return dumped.value if isinstance(dumped, Enum) else dumped
