"""How records of HSDS are written down: what is not stated is left out."""

from datetime import date, datetime
from typing import Any

from sqlmodel import SQLModel

JsonObject = dict[str, Any]


def drop_unstated(**fields: object) -> JsonObject:
    """An object with those of the fields that have something to say."""
    return {name: value for name, value in fields.items() if value is not None and value not in ([], {})}


def columns_of(row: SQLModel, *left_out: str) -> JsonObject:
    """The columns of a row as JSON, in the order that its model declares: that of a dump changes between processes."""
    values = row.model_dump(mode="json", exclude=set(left_out))
    return {name: values[name] for name in type(row).model_fields if name in values}


def flatten(record: JsonObject) -> JsonObject:
    """A record as lists show it: with what there is one of, at any depth, without arrays."""
    return {
        name: flatten(value) if isinstance(value, dict) else value
        for name, value in record.items()
        if not isinstance(value, list)
    }


def write_moment(at: datetime) -> str:
    """A moment in UTC, to the millisecond as HSDS asks."""
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03}Z"


def write_day(on: date | None) -> str | None:
    """A date, if there is one."""
    return None if on is None else on.isoformat()


def join_description(summary: str, description: str | None) -> str:
    """A description whose first line can stand alone, as readers of HSDS take it."""
    return "\n\n".join(filter(None, (summary, description)))
