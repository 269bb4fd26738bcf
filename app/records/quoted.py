"""What reading one source cannot confirm: what it is not cited for, and numbers that its cited words do not hold."""

from collections.abc import Iterator

from app.records.documents import Document
from app.resources.models import Channel
from app.resources.quoting import IN_WORDS, holds_value
from app.verifying.models import Scope

HOURS = ("opening_hours", "exceptions")


def list_covered(document: Document, scope: Scope) -> list[str]:
    """The cited fields that a check of this scope covers, such as `contact_points.telefon.value`."""
    if scope is Scope.CONTENT:
        cited = {field for citation in document.get("citations", ()) for field in citation["fields"]}
        return sorted(field for field in cited if not field.startswith("contact_points."))
    names = ("value",) if scope is Scope.CONTACT else HOURS
    points = document.get("contact_points", ())
    return [f"contact_points.{point['id']}.{name}" for point in points for name in names if point.get(name)]


def find_unquoted(document: Document, scope: Scope, source: str) -> Iterator[tuple[str, str]]:
    """The faults of a check that was made by reading this source, each with its field and reason.

    Of the content, one field that it is cited for is enough; of numbers, addresses and hours it says each.
    """
    cited = [citation for citation in document.get("citations", ()) if citation["source"] == source]
    words = {
        field: [citation["evidence"] for citation in cited if field in citation["fields"]]
        for field in list_covered(document, scope)
    }
    missing = [field for field, quoted in words.items() if not quoted]
    if missing and (scope is not Scope.CONTENT or len(missing) == len(words)):
        yield "source", f"is not cited for: {', '.join(missing)}"
    points = {f"contact_points.{point['id']}.value": point for point in document.get("contact_points", ())}
    wordless = [
        field
        for field, quoted in words.items()
        if quoted
        and field in points
        and (channel := Channel(points[field]["channel"])) in IN_WORDS
        and not any(holds_value(channel, points[field]["value"], evidence) for evidence in quoted)
    ]
    if wordless:
        yield "source", f"is cited in words without the value of: {', '.join(wordless)}"
