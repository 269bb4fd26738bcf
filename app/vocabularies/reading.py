"""Builds the terms that the API shows from rows."""

from collections.abc import Sequence

from app.http.links import link
from app.resources.reading import Reading
from app.sources.schemas import citations_of
from app.texts import text_of
from app.vocabularies.models import Term
from app.vocabularies.schemas import TermShown


def build_terms(reading: Reading, rows: Sequence[tuple[Term]]) -> list[TermShown]:
    """One term for each row, in their order."""
    citations = citations_of(reading.session, [term.id for (term,) in rows])
    return [
        TermShown.model_construct(
            id=term.slug,
            language=reading.language,
            name=text_of(term, "name", reading.language),
            description=text_of(term, "description", reading.language),
            broader_terms=term.path.split(".")[:-2],
            citations=citations[term.id],
            links={
                "self": link(reading, f"/v1/{term.vocabulary}s/{term.slug}"),
                "related": link(reading, "/v1/resources", "related", {term.vocabulary: term.slug}),
            },
        )
        for (term,) in rows
    ]
