"""Merges two changes of one document field by field.

A field is merged together with its citations, and the hours of a contact point together with the fields that explain
them. Contact points are matched by their ids.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.records.documents import Document

HOURS = ("opening_hours", "hours_basis", "hours_stated", "hours_reason")
"""Fields of a contact point that are merged as one, with the citations of the first."""
APART = ("citations", "contact_points")
"""Fields that are not merged as a whole."""

Cite = tuple[str, str | None, str]
"""Source, locator and evidence of a citation."""
ABSENT: Any = (None, ())


@dataclass(frozen=True, slots=True)
class Merged:
    """The merged document, and the fields in conflict, in which it has the value of `ours`."""

    document: Document
    conflicts: list[str]


def merge(base: Document, ours: Document, theirs: Document) -> Merged:
    """Apply to `ours` what `theirs` changed since `base`."""
    if ours == base:
        return Merged(theirs, [])
    fields = _Fields(base), _Fields(ours), _Fields(theirs)
    merged, conflicts = _Fields(ours), list[str]()
    for path in sorted(set().union(*(version.values for version in fields))):
        before, mine, other = (version.values.get(path, ABSENT) for version in fields)
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
    """The paths of fields whose values differ, with the old and the new value; None where a field is absent."""
    old, new = _Fields(before).values, _Fields(after).values
    pairs = [(path, old.get(path, ABSENT)[0], new.get(path, ABSENT)[0]) for path in sorted(old.keys() | new.keys())]
    return [(path, value, new_value) for path, value, new_value in pairs if value != new_value]


def restated_fields(before: Document, after: Document) -> dict[str, Any]:
    """The new values of fields whose values changed while their citations did not."""
    old, new = _Fields(before).values, _Fields(after).values
    pairs = ((path, old.get(path, ABSENT), now) for path, now in new.items())
    return {path: value for path, (old_value, cites), (value, same) in pairs if old_value != value and cites == same}


def cite_anew(document: Document, source: str, evidence: Mapping[str, str]) -> Document:
    """The document with these fields cited from one source, each with its evidence; citations of absent fields go.

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
    """A document split into fields: values and citations by path."""

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
        """The citations, grouped and ordered as before; those of new fields join an equal citation or come last."""
        cites_by_path = {path: list(cites) for path, (_, cites) in self.values.items()}
        regrouped = list[dict[str, Any]]()
        for citation in self.document.get("citations", []):
            cite = _cite(citation)
            fields = [field for field in citation["fields"] if cite in cites_by_path.get(field, ())]
            for field in fields:
                cites_by_path[field].remove(cite)
            if fields:
                regrouped.append({**citation, "fields": fields})
        for path, cites in cites_by_path.items():
            for cite in cites:
                _add_citation(regrouped, cite, path)
        return regrouped


def _merge_points(fields: "tuple[_Fields, _Fields, _Fields]", merged: _Fields, conflicts: list[str]) -> None:
    """Decide which contact points the merged document has, and their order."""
    base, ours, theirs = fields
    for point in sorted(base.points() | ours.points() | theirs.points()):
        path = f"contact_points.{point}"
        in_ours, in_theirs = point in ours.points(), point in theirs.points()
        if in_ours == in_theirs or point not in base.points():
            continue
        changed = (theirs if in_theirs else ours).of_point(point) != base.of_point(point)
        if in_theirs or changed:  # we removed it, or they removed what we changed: ours stays
            _restore(merged, ours, path)
            conflicts[:] = [conflict for conflict in conflicts if not conflict.startswith(f"{path}.")]
            conflicts += [path] if changed else []
    left = {path.split(".")[1] for path in merged.values if path.startswith("contact_points.")}
    first, second = (ours, theirs) if ours.order != base.order else (theirs, ours)
    order = [*first.order, *(point for point in second.order if point not in first.order)]
    merged.order = [point for point in order if point in left]


def _restore(merged: _Fields, ours: _Fields, path: str) -> None:
    for field in [field for field in merged.values if field.startswith(f"{path}.")]:
        del merged.values[field]
    merged.values.update({field: value for field, value in ours.values.items() if field.startswith(f"{path}.")})


def _grouped(point: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a contact point, its hours as one field."""
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
            citation["fields"] = [*(cited for cited in citation["fields"] if cited != field), field]
            return
    source, locator, evidence = cite
    place = {} if locator is None else {"locator": locator}
    citations.append({"source": source, **place, "evidence": evidence, "fields": [field]})
