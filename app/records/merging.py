"""Two changes of one document, put together field by field.

A field goes together with its citations, the hours of a contact point with what explains them. Contact points are told
apart by their ids.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.records.documents import Document

HOURS = ("opening_hours", "hours_basis", "hours_stated", "hours_reason")
"""Fields of a contact point that only make sense together; the citations are those of the first."""
APART = ("citations", "contact_points")
"""Fields that are not merged as a whole."""

Cite = tuple[str, str | None, str]
"""Source, locator and evidence of a citation."""
ABSENT: Any = (None, ())


@dataclass(frozen=True, slots=True)
class Merged:
    """The document that both changes make, and the fields in which they contradict each other: there `ours` stays."""

    document: Document
    conflicts: list[str]


def merge(base: Document, ours: Document, theirs: Document) -> Merged:
    """Take into `ours` what `theirs` changed since `base`."""
    if ours == base:
        return Merged(theirs, [])
    fields = _Fields(base), _Fields(ours), _Fields(theirs)
    merged, conflicts = _Fields(ours), list[str]()
    for path in sorted(set().union(*(one.values for one in fields))):
        before, mine, other = (one.values.get(path, ABSENT) for one in fields)
        if other in (before, mine):
            continue
        if mine == before:
            merged.set(path, other)
        else:
            conflicts.append(path)
    _merge_points(fields, merged, conflicts)
    return Merged(merged.to_document(), conflicts)


def changed_fields(before: Document, after: Document) -> list[str]:
    """The fields in which two documents differ, citations included: `summary`, `contact_points.telefon.value`."""
    old, new = _Fields(before).values, _Fields(after).values
    return [path for path in sorted(old.keys() | new.keys()) if old.get(path, ABSENT) != new.get(path, ABSENT)]


def differing_values(before: Document, after: Document) -> list[tuple[str, Any, Any]]:
    """The fields whose values differ, with both of them; None where there is none."""
    old, new = _Fields(before).values, _Fields(after).values
    pairs = [(path, old.get(path, ABSENT)[0], new.get(path, ABSENT)[0]) for path in sorted(old.keys() | new.keys())]
    return [(path, known, wanted) for path, known, wanted in pairs if known != wanted]


def restated_fields(before: Document, after: Document) -> dict[str, Any]:
    """The fields whose values are other while their citations are the same, with their new values."""
    old, new = _Fields(before).values, _Fields(after).values
    pairs = ((path, old.get(path, ABSENT), now) for path, now in new.items())
    return {path: value for path, (known, cites), (value, same) in pairs if known != value and cites == same}


def cite_anew(document: Document, source: str, evidence: Mapping[str, str]) -> Document:
    """The document with these fields cited from one source, each with its evidence; what is gone is cited no more.

    Exceptions to hours keep their citations: those of before are still in the list.
    """
    present = _Fields(document).values
    recited = {field for field in evidence if not field.endswith(".exceptions")}
    citations = list[dict[str, Any]]()
    for citation in document.get("citations", []):
        if fields := [field for field in citation["fields"] if field in present and field not in recited]:
            citations.append({**citation, "fields": fields})
    for field, fragment in evidence.items():
        _add_citation(citations, (source, None, fragment), field)
    return {**document, "citations": citations}


class _Fields:
    """A document taken apart: each field by its path, with its value and its citations."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.order = [point["id"] for point in document.get("contact_points", [])]
        self.values: dict[str, tuple[Any, tuple[Cite, ...]]] = {}
        cited = _cites_by_field(document.get("citations", []))
        for name, value in document.items():
            if name not in APART:
                self.values[name] = value, cited.get(name, ())
        for point in document.get("contact_points", []):
            for name, value in _grouped(point).items():
                path = f"contact_points.{point['id']}.{name}"
                self.values[path] = value, cited.get(path, ())

    def points(self) -> set[str]:
        return set(self.order)

    def of_point(self, point: str) -> dict[str, Any]:
        return {path: value for path, value in self.values.items() if path.startswith(f"contact_points.{point}.")}

    def set(self, path: str, value: tuple[Any, tuple[Cite, ...]]) -> None:
        if value == ABSENT:
            self.values.pop(path, None)
        else:
            self.values[path] = value

    def to_document(self) -> Document:
        document: Document = {}
        points: dict[str, dict[str, Any]] = {name: {"id": name} for name in self.order}
        for path, (value, _) in self.values.items():
            owner, _, rest = path.partition(".")
            if owner != "contact_points":
                document[path] = value
                continue
            point, _, name = rest.partition(".")
            points[point].update(value if name == HOURS[0] else {name: value})
        if points:
            document["contact_points"] = list(points.values())
        if citations := self._citations():
            document["citations"] = citations
        return document

    def _citations(self) -> list[dict[str, Any]]:
        """The citations, grouped and ordered as they were; those of new fields join an equal one, or come last."""
        wanted = {path: list(cites) for path, (_, cites) in self.values.items()}
        regrouped = list[dict[str, Any]]()
        for citation in self.document.get("citations", []):
            cite = _cite(citation)
            kept = [field for field in citation["fields"] if cite in wanted.get(field, ())]
            for field in kept:
                wanted[field].remove(cite)
            if kept:
                regrouped.append({**citation, "fields": kept})
        for path, cites in wanted.items():
            for cite in cites:
                _add_citation(regrouped, cite, path)
        return regrouped


def _merge_points(fields: "tuple[_Fields, _Fields, _Fields]", merged: _Fields, conflicts: list[str]) -> None:
    """Decide which contact points there are, and their order."""
    base, ours, theirs = fields
    for point in sorted(base.points() | ours.points() | theirs.points()):
        path = f"contact_points.{point}"
        in_ours, in_theirs = point in ours.points(), point in theirs.points()
        if in_ours == in_theirs or point not in base.points():
            continue
        changed = (theirs if in_theirs else ours).of_point(point) != base.of_point(point)
        if in_theirs or changed:  # we removed it, or they removed what we changed: ours stays
            _restore(merged, ours, path)
            conflicts[:] = [one for one in conflicts if not one.startswith(f"{path}.")]
            conflicts += [path] if changed else []
    left = {path.split(".")[1] for path in merged.values if path.startswith("contact_points.")}
    first, second = (ours, theirs) if ours.order != base.order else (theirs, ours)
    order = [*first.order, *(point for point in second.order if point not in first.order)]
    merged.order = [point for point in order if point in left]


def _restore(merged: _Fields, ours: _Fields, path: str) -> None:
    for known in [known for known in merged.values if known.startswith(f"{path}.")]:
        del merged.values[known]
    merged.values.update({known: value for known, value in ours.values.items() if known.startswith(f"{path}.")})


def _grouped(point: Mapping[str, Any]) -> dict[str, Any]:
    """A contact point's fields, its hours as one."""
    fields = {name: value for name, value in point.items() if name != "id" and name not in HOURS}
    if hours := {name: point[name] for name in HOURS if name in point}:
        fields[HOURS[0]] = hours
    return fields


def _cites_by_field(citations: Sequence[Mapping[str, Any]]) -> dict[str, tuple[Cite, ...]]:
    cited: dict[str, list[Cite]] = {}
    for citation in citations:
        for field in citation["fields"]:
            cited.setdefault(field, []).append(_cite(citation))
    return {field: tuple(sorted(cites, key=str)) for field, cites in cited.items()}


def _cite(citation: Mapping[str, Any]) -> Cite:
    return citation["source"], citation.get("locator"), citation["evidence"]


def _add_citation(citations: list[dict[str, Any]], cite: Cite, field: str) -> None:
    for citation in citations:
        if _cite(citation) == cite:
            citation["fields"] = [*(known for known in citation["fields"] if known != field), field]
            return
    source, locator, evidence = cite
    place = {} if locator is None else {"locator": locator}
    citations.append({"source": source, **place, "evidence": evidence, "fields": [field]})
