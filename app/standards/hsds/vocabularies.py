"""Taxonomies: our two vocabularies, and the kinds and channels, which are enumerations in the code."""

from dataclasses import dataclass
from functools import cache
from uuid import UUID

from sqlalchemy import ColumnElement, false, select
from sqlmodel import Session, col

from app.folding import fold
from app.identity import identify
from app.resources.kind import profile_of
from app.resources.models import Channel, ContactPoint, Kind, Resource, ResourceTerm
from app.texts import Text
from app.vocabularies.models import Term, Vocabulary

SERVICE_TYPES = {kind: service for kind in Kind if (service := profile_of(kind).service)}
"""What HSDS calls a service. Publications have an object of our profile; events are all over, and left out."""

KIND, CHANNEL = "kind", "channel"


@dataclass(frozen=True, slots=True)
class Tag:
    """A term of any taxonomy. `taxonomy` is the key of one of TAXONOMIES; `code` is unique within it."""

    id: UUID
    taxonomy: str
    code: str
    name: Text
    description: Text
    parent_id: UUID | None = None


TAXONOMIES = {
    KIND: (
        Text(sv="Slag", en="Kinds"),
        Text(sv="Vad något är: stödlinje, koordinator, utbildning och så vidare.",
             en="What something is: a hotline, a coordinator, a course and so on."),
    ),
    Vocabulary.AUDIENCE.value: (
        Text(sv="Målgrupper", en="Audiences"),
        Text(sv="Vem något är till för.", en="Whom something is for."),
    ),
    Vocabulary.TOPIC.value: (
        Text(sv="Ämnen", en="Topics"),
        Text(sv="Vad något handlar om.", en="What something is about."),
    ),
    CHANNEL: (
        Text(sv="Kontaktvägar", en="Channels"),
        Text(sv="På vilka sätt man kan ta kontakt.", en="The ways in which contact can be made."),
    ),
}  # fmt: skip
"""Name and description of each, in the order of lists."""

CHANNELS = {
    Channel.PHONE: (Text(sv="Telefon", en="Phone"), Text(sv="Man ringer.", en="By calling.")),
    Channel.SMS: (Text(sv="Sms", en="Text message"), Text(sv="Man skickar sms.", en="By text message.")),
    Channel.CHAT: (Text(sv="Chatt", en="Chat"), Text(sv="Man skriver och får svar direkt.", en="By live chat.")),
    Channel.EMAIL: (Text(sv="E-post", en="E-mail"), Text(sv="Man skriver e-post.", en="By e-mail.")),
    Channel.WEB: (Text(sv="Webb", en="Web"), Text(sv="På en webbplats.", en="On a website.")),
    Channel.VISIT: (Text(sv="Besök", en="Visit"), Text(sv="Man går dit.", en="By going there.")),
}


def _fixed(taxonomy: str, code: str, name: Text, description: Text) -> Tag:
    return Tag(identify(taxonomy, code), taxonomy, code, name, description)


KIND_TAGS = {kind: _fixed(KIND, kind, type_.name, type_.description) for kind, type_ in SERVICE_TYPES.items()}
CHANNEL_TAGS = {channel: _fixed(CHANNEL, channel, *texts) for channel, texts in CHANNELS.items()}


@cache
def taxonomy_id(taxonomy: str) -> UUID:
    """The id of one of TAXONOMIES."""
    return identify("taxonomy", taxonomy)


BY_ID = {taxonomy_id(taxonomy): taxonomy for taxonomy in TAXONOMIES}


def tag(term: Term) -> Tag:
    """A term of a vocabulary of ours."""
    return Tag(
        term.id,
        term.vocabulary,
        term.slug,
        Text(sv=term.name_sv, en=term.name_en),
        Text(sv=term.description_sv, en=term.description_en),
        term.parent_id,
    )


def tags(session: Session) -> list[Tag]:
    """The terms of all taxonomies, in the order of lists; one query."""
    terms = session.scalars(select(Term).order_by(col(Term.position), col(Term.slug)))
    all_tags = [*KIND_TAGS.values(), *map(tag, terms), *CHANNEL_TAGS.values()]
    order = list(TAXONOMIES)
    return sorted(all_tags, key=lambda tag_: order.index(tag_.taxonomy))  # stable: editors' order within each


def is_said_by(query: str, *texts: Text) -> bool:
    """Whether each word of a query begins a word of the texts, in either language, however it is spelled."""
    words = [word for text in texts for spelling in (text.sv, text.en) for word in fold(spelling).split()]
    return all(any(word.startswith(beginning) for word in words) for beginning in fold(query).split())


def with_term(term: UUID) -> ColumnElement[bool]:
    """Resources with this very term; none where there is no such term."""
    for kind, tag_ in KIND_TAGS.items():
        if tag_.id == term:
            return col(Resource.kind) == kind
    for channel, tag_ in CHANNEL_TAGS.items():
        if tag_.id == term:
            by = select(col(ContactPoint.resource_id)).where(col(ContactPoint.channel) == channel)
            return col(Resource.id).in_(by)
    return col(Resource.id).in_(select(col(ResourceTerm.resource_id)).where(col(ResourceTerm.term_id) == term))


def with_taxonomy(taxonomy: UUID) -> ColumnElement[bool]:
    """Resources with any term of this taxonomy; none where there is no such taxonomy."""
    match name := BY_ID.get(taxonomy):
        case None:
            return false()
        case "kind":
            return col(Resource.kind).in_(list(SERVICE_TYPES))
        case "channel":
            return col(Resource.id).in_(select(col(ContactPoint.resource_id)))
        case _:
            tagged = (
                select(col(ResourceTerm.resource_id))
                .join(Term, col(ResourceTerm.term_id) == col(Term.id))
                .where(col(Term.vocabulary) == Vocabulary(name))
            )
            return col(Resource.id).in_(tagged)
