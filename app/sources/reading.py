"""Builds the sources that the API shows from rows."""

from collections.abc import Sequence

from app.http.links import link
from app.resources.reading import Reading
from app.sources.models import Source
from app.sources.schemas import SourceShown, brief


def build_sources(reading: Reading, rows: Sequence[tuple[Source]]) -> list[SourceShown]:
    """One source for each row, in their order."""
    return [
        SourceShown.model_construct(
            **brief(source).model_dump(),
            sha256=source.sha256,
            links={"self": link(reading, f"/v1/sources/{source.slug}")},
        )
        for (source,) in rows
    ]
