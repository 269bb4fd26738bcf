"""Terms as attributes of records, and citations as the statements that HSDS calls metadata."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from uuid import UUID

from app.http.views import View
from app.resources.models import ContactPoint
from app.sources.schemas import CitationShown
from app.standards.hsds.addresses import uri
from app.standards.hsds.reaching import derived
from app.standards.hsds.vocabularies import CHANNEL_TAGS, TAXONOMIES, Tag, tag, taxonomy_id
from app.standards.hsds.writing import JsonObject, drop_unstated
from app.texts import Language
from app.vocabularies.models import Term, Vocabulary


def taxonomy(view: View, key: str) -> JsonObject:
    """One of our taxonomies."""
    return _taxonomy(view.base_url, view.language, key)


def taxonomy_term(view: View, tag: Tag) -> JsonObject:
    """A term of a taxonomy."""
    return _taxonomy_term(view.base_url, view.language, tag)


@lru_cache(maxsize=64)
def _taxonomy(base: str, language: Language, key: str) -> JsonObject:
    name, description = TAXONOMIES[key]
    return drop_unstated(
        id=str(taxonomy_id(key)),
        name=name[language],
        description=description[language],
        uri=f"{base}/v1/{key}s" if key in tuple(Vocabulary) else None,
    )


@lru_cache(maxsize=2048)  # the same few dozen stand in every record
def _taxonomy_term(base: str, language: Language, tag: Tag) -> JsonObject:
    is_of_vocabulary = tag.taxonomy in tuple(Vocabulary)
    return drop_unstated(
        id=str(tag.id),
        code=tag.code,
        name=tag.name[language],
        description=tag.description[language],
        parent_id=None if tag.parent_id is None else str(tag.parent_id),
        taxonomy=TAXONOMIES[tag.taxonomy][0][language],
        taxonomy_id=str(taxonomy_id(tag.taxonomy)),
        taxonomy_detail=_taxonomy(base, language, tag.taxonomy),
        language=language,
        term_uri=f"{base}/v1/{tag.taxonomy}s/{tag.code}" if is_of_vocabulary else None,
    )


def attributes(
    view: View, subject: UUID, entity: str, terms: Iterable[Term], points: Iterable[ContactPoint], *more: Tag
) -> list[JsonObject]:
    """The terms that apply to a record, and its channels; `link_type` says which taxonomy they are of."""
    tags = (*more, *map(tag, terms), *dict.fromkeys(CHANNEL_TAGS[point.channel] for point in points))
    return [
        {
            "id": derived("attribute", subject, applied.id),
            "link_id": str(subject),
            "link_type": applied.taxonomy,
            "link_entity": entity,
            "taxonomy_term_id": str(applied.id),
            "taxonomy_term": taxonomy_term(view, applied),
        }
        for applied in tags
    ]


def metadata(subject: UUID, entity: str, citations: Sequence[CitationShown]) -> list[JsonObject]:
    """Who states which field, and when: on the date the source gives, or else when it was read."""
    return [
        drop_unstated(
            id=derived("metadata", subject, number, citation.field, citation.source.id),
            resource_id=str(subject),
            resource_type=entity,
            last_action_date=(
                citation.source.updated or citation.source.published or citation.source.retrieved
            ).isoformat(),
            last_action_type="stated",
            field_name=citation.field,
            previous_value="",
            replacement_value=citation.evidence,
            updated_by=citation.source.publisher,
            source_title=citation.source.title,
            source_url=citation.source.url and uri(citation.source.url),
            locator=citation.locator,
            seen_at=citation.seen_at and citation.seen_at.isoformat(),
            missing_since=citation.missing_since and citation.missing_since.isoformat(),
        )
        for number, citation in enumerate(citations)
    ]
