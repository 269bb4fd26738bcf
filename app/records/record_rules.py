"""Checks a record by itself, in the same way for files, commands and the API."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from app.opening_hours.comments import find_untranslated
from app.opening_hours.live import PLAIN_HOURS, Exceptional, is_plain_hours, with_exceptions
from app.opening_hours.rules import check as check_hours
from app.records.faults import RecordFault
from app.records.shapes import ContactPointRecord, Record, ResourceRecord, SourceRecord
from app.resources import contacts
from app.status import OFFERED
from app.texts import Text

NEW_LINE = re.compile(r"[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]")


def check_record(kind: str, slug: str, record: Record) -> Iterator[RecordFault]:
    """The faults of a record that can be found without other records."""
    yield from (
        RecordFault(kind, slug, field, "is a single line")
        for field, text in _one_line_texts(record)
        if NEW_LINE.search(text)
    )
    if not isinstance(record, ResourceRecord):
        return
    if record.min_age is not None and record.max_age is not None and record.min_age > record.max_age:
        yield RecordFault(kind, slug, "min_age", "is above max_age")
    if record.superseded_by is not None and record.status in OFFERED:
        yield RecordFault(kind, slug, "superseded_by", "a resource that is superseded is outdated or ended")
    if record.superseded_by == slug:
        yield RecordFault(kind, slug, "superseded_by", "is the resource itself")
    for point, times in Counter(point.id for point in record.contact_points).items():
        if times > 1:
            yield RecordFault(kind, slug, f"contact_points.{point}", f"is used {times} times")
    for contact_point in record.contact_points:
        for field, reason in check_contact_point(contact_point):
            yield RecordFault(kind, slug, f"contact_points.{contact_point.id}.{field}", reason)


def _one_line_texts(record: Record) -> Iterator[tuple[str, str]]:
    """Names, titles and labels, which are shown in headings, subjects of mails and lists."""
    if isinstance(record, SourceRecord):
        yield "title", record.title
    name = getattr(record, "name", None)
    points = getattr(record, "contact_points", ())
    labels = [(f"contact_points.{point.id}.label", point.label) for point in points]
    for field, text in [("name", name), *labels]:
        if isinstance(text, Text):
            yield from ((field, words) for words in (text.sv, text.en))


def check_contact_point(point: ContactPointRecord) -> Iterator[tuple[str, str]]:
    """What is wrong with a number, an address or hours: the field and the reason."""
    if point.value is not None and (reason := contacts.find_fault(point.channel, point.value)):
        yield "value", reason
    for problem in check_hours(point.opening_hours) if point.opening_hours is not None else ():
        yield "opening_hours", f"at {problem.position}: {problem.reason}"
    for expression in (point.opening_hours or "", *(exception.expression for exception in point.exceptions)):
        for comment in find_untranslated(expression):  # readers of English must understand it too
            yield "opening_hours", f'"{comment}" has no English text in app/opening_hours/comments.py'
    for reason in _check_exceptions(point) if point.exceptions else ():
        yield "exceptions", reason


def _check_exceptions(point: ContactPointRecord) -> Iterator[str]:
    if point.opening_hours is None:
        yield "need opening_hours that they are exceptions to"
    for exception in point.exceptions:
        if exception.starts_on > exception.ends_on:
            yield f"{exception.starts_on} is after {exception.ends_on}"
        if not is_plain_hours(exception.expression):  # anything else could apply beyond the dates of the exception
            yield f"{exception.expression!r} is not one rule of hours: {PLAIN_HOURS}"
    for earlier, later in pairwise(sorted(point.exceptions, key=lambda exception: exception.starts_on)):
        if later.starts_on <= earlier.ends_on:
            yield f"{later.starts_on} falls under two of them"
    written = [Exceptional(each.starts_on, each.ends_on, each.expression) for each in point.exceptions]
    if not all(is_plain_hours(exception.expression) for exception in point.exceptions):
        return
    for problem in check_hours(with_exceptions(point.opening_hours or "24/7", written)):
        yield problem.reason
