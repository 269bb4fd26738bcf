"""The citations of one field, edited beside it."""

from typing import NamedTuple

from app.console.visitors import Form, list_rows
from app.records.documents import Document


class Cite(NamedTuple):
    """A source's id, where in it, and its own few words."""

    source: str
    locator: str
    evidence: str


def list_cites(document: Document, path: str) -> list[Cite]:
    """What is cited for a field."""
    return [_cite(one) for one in document.get("citations", ()) if path in one["fields"]]


def read_cites(form: Form) -> list[Cite]:
    """The rows of a form; one without source and words is left out."""
    rows = [
        Cite(form.get(f"kalla.{row}", ""), form.get(f"stalle.{row}", ""), form.get(f"belagg.{row}", ""))
        for row in dict.fromkeys(list_rows(form, "kalla") + list_rows(form, "belagg"))
    ]
    return [row for row in dict.fromkeys(rows) if row.source or row.evidence]


def cite_field(document: Document, path: str, cites: list[Cite]) -> None:
    """Let a field of a document have these citations. Those of other fields, and their order, stay."""
    standing = list[Document](document.get("citations", ()))
    new = [one for one in cites if one not in list_cites(document, path)]
    citations = list[Document]()
    for citation in standing:
        fields = [field for field in citation["fields"] if field != path or _cite(citation) in cites]
        if _cite(citation) in new:
            new.remove(_cite(citation))
            fields.append(path)
        if fields:
            citations.append({**citation, "fields": fields})
    for source, locator, evidence in new:
        where = {"locator": locator} if locator else {}
        citations.append({"source": source, **where, "evidence": evidence, "fields": [path]})
    document["citations"] = citations


def _cite(citation: Document) -> Cite:
    return Cite(citation["source"], citation.get("locator") or "", citation["evidence"])
