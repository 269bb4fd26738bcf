"""Which language to answer in: `?lang=`, else Accept-Language, else Swedish."""

from typing import Annotated

from fastapi import Depends, Request

from app.http.context import context_of
from app.http.negotiating import choose_language
from app.texts import Language


def asked_language_of(request: Request) -> Language | None:
    """The language that the address names. Another value is refused by the route's parameters, or by none."""
    code = request.query_params.get("lang")
    return Language(code) if code in tuple(Language) else None


def language_of(request: Request) -> Language:
    """The language of this answer."""
    context = context_of(request.scope)
    if context.language is None:
        accepted = request.headers.get("accept-language", "").encode("latin-1")
        context.language = asked_language_of(request) or choose_language(accepted)
    return context.language


async def _language(request: Request) -> Language:
    return language_of(request)  # async: FastAPI calls the others in a thread


LanguageDep = Annotated[Language, Depends(_language)]
