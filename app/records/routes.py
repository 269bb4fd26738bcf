"""`/records`: the documents that editors write, and their history."""

from typing import Annotated

from fastapi import Path, Query
from sqlmodel import col

from app.http.contract import Parameters, answers
from app.http.paging import Page, PageParameters
from app.http.problems import NotFound
from app.http.routing import Router
from app.records.models import Revision
from app.records.reading import (
    count_proposals,
    describe_document,
    find_record,
    find_revisions,
    load_review,
    summarize_revisions,
)
from app.records.schemas import RecordShown, RevisionSummary, RevisionWithDocument
from app.resources.listing import AskingDep, Id, answer_list

router = Router(tags=["records"])

Collection = Annotated[str, Path(description="The collection that the record is in, such as `hotlines`.")]
Number = Annotated[int, Path(ge=1, lt=1 << 31, description="The number of a revision of this record.")]


@router.get("/records/{collection}/{id}", summary="En post som redaktionen skriver den")
@answers(fresh=300)
def get_record(
    collection: Collection, slug: Id, parameters: Annotated[Parameters, Query()], asking: AskingDep
) -> RecordShown:
    """The newest revision of a record with its document, which other addresses show in a language and with names.

    Of a record that is removed, the removal. The ETag begins with the revision, such as `"r17-…"`; a proposal that is
    made against it may send it back in `If-Match`.

    Postens senaste version, så som den är skriven, med vem som ändrade, när och varför.
    """
    revision, redaction = asking.session.execute(find_revisions(find_record(asking, collection, slug)).limit(1)).one()
    asking.context.revision = f"r{revision.number}"
    described = describe_document(asking, (revision, redaction))
    return RecordShown.model_construct(
        **dict(described), review=load_review(asking, revision), open_proposals=count_proposals(asking, revision.record)
    )


@router.get("/records/{collection}/{id}/revisions", summary="En posts historik")
@answers(fresh=300)
def list_revisions(
    collection: Collection, slug: Id, parameters: Annotated[PageParameters, Query()], asking: AskingDep
) -> Page[RevisionSummary]:
    """All revisions of a record, the newest first: who, when, why, from where, and which fields.

    A revision whose document was blanked says by whom and why in `redaction`.

    Postens alla versioner, den senaste först: vem, när, varför och vilka fält.
    """
    return answer_list(asking, find_revisions(find_record(asking, collection, slug)), parameters, summarize_revisions)


@router.get("/records/{collection}/{id}/revisions/{number}", summary="En version av en post")
@answers(fresh=300)
def get_revision(
    collection: Collection, slug: Id, number: Number, parameters: Annotated[Parameters, Query()], asking: AskingDep
) -> RevisionWithDocument:
    """One revision of a record with its document.

    En version av en post, så som den var skriven.
    """
    statement = find_revisions(find_record(asking, collection, slug)).where(col(Revision.number) == number)
    row = asking.session.execute(statement).one_or_none()
    if row is None:
        raise NotFound(f"Revision {number} is none of this record; its /revisions lists those that are.")
    return describe_document(asking, (row[0], row[1]))
