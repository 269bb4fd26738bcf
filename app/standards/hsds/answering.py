"""How lists and records of HSDS leave: its envelope of pages, or every record on a line of its own."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypeVarTuple
from uuid import UUID

from fastapi import Request
from fastapi.responses import JSONResponse, Response
from sqlalchemy import Select
from typing_extensions import TypedDict

from app.http.context import context_of
from app.http.problems import NotFound
from app.resources.listing import Asking
from app.resources.queries import IN_ORDER, Order, count
from app.standards.batches import read_batches
from app.standards.growing_files import PIECE, Pieces
from app.standards.hsds import BASE
from app.standards.hsds.parameters import ListParameters
from app.standards.hsds.writing import JsonObject
from app.standards.sending import one_of_few, send_file

JSON, NDJSON = "application/json", "application/x-ndjson"
MAX_BODY = 8192
"""Bytes of a question that is posted; as long as an address may be."""

BATCH = 100
"""How many records a stream reads at a time."""

Columns = TypeVarTuple("Columns")
Show = Callable[[Sequence[Any]], list[JsonObject]]


def one_of_few_streams(request: Request) -> Iterator[None]:
    """A list as a stream is a file like any other. Raises Unavailable."""
    if request.query_params.get("format") == "ndjson" or context_of(request.scope).format == NDJSON:
        yield from one_of_few()
    else:
        yield


class Envelope(TypedDict):
    """A page of a list. Pages count from 1; `size` is how many are on this one."""

    total_items: int
    total_pages: int
    page_number: int
    size: int
    first_page: bool
    last_page: bool
    empty: bool


def build_envelope(total: int, page: int, per_page: int, contents: Sequence[object]) -> JsonObject:
    """One page. A page past the last is empty and calls itself last, so that whoever turns pages comes to an end."""
    pages = -(-total // per_page)
    return {
        "total_items": total,
        "total_pages": pages,
        "page_number": page,
        "size": len(contents),
        "first_page": page == 1,
        "last_page": page >= pages,
        "empty": not contents,
        "contents": contents,
    }


def answer_list(
    asking: Asking, statement: Select[*Columns], parameters: ListParameters, show: Show, order: Order = IN_ORDER
) -> Response:
    """A page of what a statement finds, or all of it as lines. `order`: the statement's."""
    if wants_lines(asking, parameters):
        return answer_lines(asking, batches(asking, statement, show, order))
    total = asking.session.scalar(count(statement)) or 0
    rows = asking.session.execute(
        statement.limit(parameters.per_page).offset((parameters.page - 1) * parameters.per_page)
    ).all()
    return answer_record(asking, build_envelope(total, parameters.page, parameters.per_page, show(rows)))


def answer_slice(asking: Asking, records: Sequence[Any], parameters: ListParameters, show: Show) -> Response:
    """The same of what is at hand already."""
    if wants_lines(asking, parameters):
        return answer_lines(asking, iter(show(records)))
    first = (parameters.page - 1) * parameters.per_page
    contents = show(records[first : first + parameters.per_page])
    return answer_record(asking, build_envelope(len(records), parameters.page, parameters.per_page, contents))


def wants_lines(asking: Asking, parameters: ListParameters) -> bool:
    """Whether the answer is a stream: `format` says so, or else Accept."""
    if parameters.format is not None:
        return parameters.format == "ndjson"
    return bool(asking.format == NDJSON)


def batches(
    asking: Asking, statement: Select[*Columns], show: Callable[[Sequence[Any]], Iterable[JsonObject]], order: Order
) -> Iterator[JsonObject]:
    """All that a statement finds, read so many at a time. What cannot be read is left out."""
    for rows in read_batches(asking.session, statement, order, BATCH):
        yield from show(rows)


def answer_lines(asking: Asking, records: Iterator[JsonObject]) -> Response:
    """A stream of records, one a line."""
    headers = {"Content-Language": asking.language}
    return send_file(_write_lines(records), is_head=asking.context.is_head, media_type=NDJSON, headers=headers)


def _write_lines(records: Iterator[JsonObject]) -> Pieces:
    lines, length = list[bytes](), 0
    for record in records:
        lines.append((json.dumps(record, ensure_ascii=False) + "\n").encode())
        length += len(lines[-1])
        if length >= PIECE:
            yield b"".join(lines)
            lines, length = [], 0
    yield b"".join(lines)


def answer_record(asking: Asking, record: JsonObject) -> Response:
    """One record, or one page."""
    return JSONResponse(record, headers={"Content-Language": asking.language})


def one_or_404(
    asking: Asking, find: Callable[[UUID], Select[*Columns]], show: Show, collection: str, identifier: str
) -> Response:
    """The one record with this id. Raises NotFound."""
    rows = asking.session.execute(find(uuid_or_404(identifier, collection))).all()
    if not rows:
        raise make_not_found(identifier, collection)
    return answer_record(asking, show(rows)[0])


def uuid_or_404(identifier: str, collection: str) -> UUID:
    """The id, where it is a UUID as we write them. Raises NotFound."""
    try:
        key = UUID(identifier)
    except ValueError:
        raise make_not_found(identifier, collection) from None
    if str(key) != identifier.lower():
        raise make_not_found(identifier, collection)
    return key


def make_not_found(identifier: str, collection: str) -> NotFound:
    """The error for an id that no record has."""
    return NotFound(
        f"There is nothing with the id {identifier[:80]!r} in {BASE}/{collection}, which lists those that are."
    )
