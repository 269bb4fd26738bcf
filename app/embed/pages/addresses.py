"""The address of each page, in words of each language."""

from collections.abc import Iterator

from sqlmodel import Session, col, select

from app import page_paths
from app.resources.kind import Kind, profile_of
from app.resources.models import Resource
from app.status import OFFERED
from app.texts import Language, Text

RESOURCE = "resource"
CONFIRMATION = "confirmation"
REPORT, THANKS = "report", "thanks"
UNLISTED = frozenset({CONFIRMATION, REPORT, THANKS})
"""The pages that search engines need not list."""
PATHS = {
    "start": page_paths.START,
    "referral": Text(sv="/vem-kontaktar-jag", en="/whom-to-contact"),
    **{kind.value: profile_of(kind).path for kind in Kind},
    "search": Text(sv="/sok", en="/search"),
    RESOURCE: page_paths.RESOURCE,
    CONFIRMATION: page_paths.CONFIRMATION,
    "about": Text(sv="/om", en="/about"),
    "accessibility": Text(sv="/tillganglighet", en="/accessibility"),
    "privacy": Text(sv="/integritet", en="/privacy"),
    REPORT: page_paths.REPORT,
    THANKS: Text(sv="/tack", en="/thanks"),
}
"""Below `/sv` and `/en`."""
EASY = "easy"
EASY_PATHS = Text(sv="/latt/vem-kontaktar-jag", en=PATHS["referral"].en)
"""Whom to contact, in easy Swedish. In English there is the ordinary page alone."""


def address(page: str, language: Language, slug: str = "") -> str:
    """The path of a page from the root of the service, such as `/sv/resurser/kvinnofridslinjen`."""
    paths = EASY_PATHS if page == EASY else PATHS[page]
    return f"/{language}{paths[language].replace('{id}', slug)}"


def addresses(session: Session) -> Iterator[Text]:
    """The paths of every page that a search engine may list, each in both languages. Outdated and ended: none."""
    for page in PATHS:
        if page != RESOURCE and page not in UNLISTED:
            yield _pair(page)
    in_force = select(Resource.slug).where(col(Resource.status).in_(OFFERED)).order_by(col(Resource.position))
    for slug in session.exec(in_force):
        yield _pair(RESOURCE, slug)


def _pair(page: str, slug: str = "") -> Text:
    return Text(sv=address(page, Language.SWEDISH, slug), en=address(page, Language.ENGLISH, slug))
