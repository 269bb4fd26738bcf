"""Which language to answer in: `?lang=`, else Accept-Language, else Swedish."""

from typing import Annotated

from fastapi import Depends, Request

from app.http.context import context_of
from app.http.qualities import UNMENTIONED, parse_choices, rate
from app.texts import Language


def asked_language_of(request: Request) -> Language | None:
    """The language that the address names. Another value is refused by the route's parameters, or by none."""
    asked = request.query_params.get("lang")
    return Language(asked) if asked in tuple(Language) else None


def language_of(request: Request) -> Language:
    """The language of this answer."""
    language = asked_language_of(request) or preferred(request.headers.get("accept-language", ""))
    context_of(request.scope).language = language
    return language


def preferred(header: str) -> Language:
    """The best of an Accept-Language header (RFC 9110 §12.5.4) that we can answer in: of equals, the first named.

    Without any that we have: Swedish, unless it is refused and English is not.
    """
    choices = parse_choices(header)
    tags = [tag.partition("-")[0] for tag, _ in choices]
    ranges = [(tag, quality) for tag, (_, quality) in zip(tags, choices, strict=True)]

    def order(language: Language) -> tuple[float, int]:
        named = tags.index(language) if language in tags else len(tags)
        return rate(ranges, language.__eq__, "*".__eq__, otherwise=UNMENTIONED), -named

    return max(Language, key=order)


async def _language(request: Request) -> Language:
    return language_of(request)  # async: FastAPI calls the others in a thread


LanguageDep = Annotated[Language, Depends(_language)]
