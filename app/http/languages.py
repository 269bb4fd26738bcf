"""Which language to answer in: `?lang=`, else Accept-Language, else Swedish."""

from typing import Annotated

from fastapi import Depends, Request

from app.texts import Language


def language_of(request: Request) -> Language:
    """The language of this answer. `lang` has been checked by the route's parameters."""
    asked = request.query_params.get("lang")
    language = Language(asked) if asked in tuple(Language) else preferred(request.headers.get("accept-language", ""))
    request.state.language = language
    return language


def preferred(header: str) -> Language:
    """The best of an Accept-Language header (RFC 9110 §12.5.4) that we can answer in."""
    best, quality = Language.SWEDISH, 0.0
    for part in header.split(",")[:20]:
        tag, _, weight = part.strip().partition(";")
        spoken = tag.strip().lower().split("-")[0]
        wanted = _quality(weight)
        if spoken in tuple(Language) and wanted > quality:
            best, quality = Language(spoken), wanted
    return best


def _quality(weight: str) -> float:
    try:
        return float(weight.strip().removeprefix("q=")) if weight.strip() else 1.0
    except ValueError:
        return 0.0


async def _language(request: Request) -> Language:
    return language_of(request)  # async: FastAPI calls the others in a thread


LanguageDep = Annotated[Language, Depends(_language)]
