"""Where the pages for people are that machine-readable answers link to."""

from app.texts import Language, Text

START = Text(sv="/", en="/")
RESOURCE = Text(sv="/resurser/{id}", en="/resources/{id}")
REPORT = Text(sv="/fel", en="/report")
"""Below `/sv` and `/en`."""


def start_page(language: Language) -> str:
    """The path of the start page from the root of the service, such as `/sv/`."""
    return f"/{language}{START[language]}"


def resource_page(language: Language, slug: str) -> str:
    """The path of a resource's page, such as `/sv/resurser/kvinnofridslinjen`."""
    return f"/{language}{RESOURCE[language].replace('{id}', slug)}"
