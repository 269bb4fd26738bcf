"""Other hours on some days, for several contact points of a record at once."""

from collections.abc import Collection
from copy import deepcopy

from app.console.citing import Cite, cite_field, list_cites
from app.console.words import describe_value
from app.http.problems import invalid
from app.records.documents import Document
from app.records.merging import HOURS


def list_timed_points(document: Document) -> list[tuple[str, str, str]]:
    """The contact points that have hours: id, label, and the other hours that are stated already."""
    return [
        (point["id"], point["label"]["sv"], describe_value(point.get("exceptions")))
        for point in document.get("contact_points", ())
        if HOURS[0] in point
    ]


def add_exceptions(
    document: Document, points: Collection[str], exceptions: list[Document], cites: list[Cite]
) -> Document:
    """The document with these hours added to what each of the points has. Raises InvalidParameter."""
    timed = {point for point, _, _ in list_timed_points(document)}
    if not points or not timed.issuperset(points):
        raise invalid("record", "Välj minst en kontaktväg.")
    if not exceptions:
        raise invalid("record", "Fyll i första dagen på minst en rad.")
    extended = deepcopy(document)
    for point in extended["contact_points"]:
        if point["id"] in points:
            stated = [*point.get("exceptions", ()), *exceptions]
            point["exceptions"] = sorted(stated, key=lambda exception: str(exception["starts_on"]))
            path = f"contact_points.{point['id']}.exceptions"
            cite_field(extended, path, list(dict.fromkeys([*list_cites(extended, path), *cites])))
    return extended
