"""What a person sees before confirming a record: the sources of each part, and what speaks against it."""

import json
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sqlmodel import Session, col, select

from app.access.deciding import Caller
from app.console.records import FieldView, RecordView
from app.console.words import name_field
from app.http.problems import NotFound
from app.proposals.schemas import ProposalShown
from app.records.quoted import list_covered
from app.verifying.listing import find_task
from app.verifying.models import Scope, Task, TaskKind

PARTS = {
    Scope.CONTACT: "För nummer och adresser",
    Scope.HOURS: "För öppettider",
    Scope.CONTENT: "För allt annat",
}
Sources = list[tuple[str, list[tuple[str, str]]]]
"""By part, the ids and titles of sources."""


def list_sources(record: RecordView, fields: Iterable[FieldView]) -> Sources:
    """The sources that are cited for these fields, by the part of the record that a check covers."""
    listed = list(fields)
    parts = Sources()
    for scope, title in PARTS.items():
        covered = list_covered(record.document, scope)
        cited = {
            citation.source.id: citation.source.title
            for view in listed
            if view.path in covered
            for citation in view.citations
        }
        if cited:
            parts.append((title, list(cited.items())))
    return parts


class Doubt(NamedTuple):
    """What speaks against confirming a record, and its page in the console."""

    words: str
    path: str


def list_doubts(session: Session, caller: Caller, record: RecordView, waiting: Sequence[ProposalShown]) -> list[Doubt]:
    """The open reports about a record, and the proposals that would change it."""
    is_open = col(Task.record) == record.id, col(Task.kind) == TaskKind.REPORT, col(Task.closed_at).is_(None)
    doubts = list[Doubt]()
    for key in session.exec(select(Task.id).where(*is_open).order_by(col(Task.since))).all():
        try:
            task = find_task(session, caller.scope, key)
        except NotFound:  # not for this caller to see
            continue
        field = json.loads(task.details).get("field")
        about = f"”{name_field(field, record.document)}”" if field else "posten"
        doubts.append(Doubt(f"Någon har rapporterat att {about} är fel.", f"/arenden/{key}"))
    for proposal in waiting:
        names = ", ".join(f"”{name_field(field_, record.document)}”" for field_ in proposal.changed_fields)
        would = "ta bort posten" if proposal.removes else f"ändra {names}"
        doubts.append(Doubt(f"Ett förslag om att {would} väntar på beslut.", f"/forslag/{proposal.id}"))
    return doubts
