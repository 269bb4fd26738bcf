"""The facts of a publication, in words."""

from collections.abc import Iterator

from app.publications.schemas import Publication
from app.resources.facts import Fact, Words
from app.texts import Language
from app.times import date_in_words


def tell_publication(publication: Publication, say: Words, language: Language) -> Iterator[Fact]:
    """Type, title, date, number, edition and where to read it."""
    yield Fact("type", say["types"][publication.type])
    yield Fact("full_title", publication.title)
    yield Fact("published_on", date_in_words(publication.published_on, language) if publication.published_on else None)
    yield Fact("year", str(publication.year) if publication.year and not publication.published_on else None)
    yield Fact("number", publication.number)
    yield Fact("edition", publication.edition)
    yield Fact("url", publication.url, is_address=True)
