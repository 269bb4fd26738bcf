"""Where the pages for people are that machine-readable answers link to."""

from app.texts import Language, Text

START = Text(sv="/", en="/")
RESOURCE = Text(sv="/resurser/{id}", en="/resources/{id}")
CONFIRMATION = Text(sv="/bekrafta/{id}", en="/confirm/{id}")
REPORT = Text(sv="/fel", en="/report")
"""Below `/sv` and `/en`."""

NEUTRAL = "https://www.smhi.se/"
"""Where "Exit this page" leads: the weather."""


def start_page(language: Language) -> str:
    """The path of the start page from the root of the service, such as `/sv/`."""
    return f"/{language}{START[language]}"


def resource_page(language: Language, slug: str) -> str:
    """The path of a resource's page, such as `/sv/resurser/kvinnofridslinjen`."""
    return f"/{language}{RESOURCE[language].replace('{id}', slug)}"


def confirmation_page(language: Language, token: str) -> str:
    """The path of the page on which those who run a record confirm it."""
    return f"/{language}{CONFIRMATION[language].replace('{id}', token)}"
