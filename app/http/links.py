"""Absolute links, as the REST profile's Link Description Objects."""

import re
from collections.abc import Mapping
from urllib.parse import urlencode

from pydantic import BaseModel, Field
from starlette.requests import Request

from app.http.languages import asked_language_of
from app.http.targets import normalize_host
from app.http.views import Site

HOST = re.compile(r"^(?:[a-z0-9](?:[a-z0-9._-]{0,250}[a-z0-9])?\.?|\[[0-9a-f:.]{2,45}\])(?::\d{1,5})?$", re.IGNORECASE)


class Link(BaseModel):
    """Where to go from here."""

    href: str = Field(description="Absolute address.")
    rel: str = Field(description="IANA link relation.")
    method: str = Field(description="HTTP method to use.")


Links = dict[str, Link]


def base_url(request: Request) -> str:
    """The address that the world sees: the setting, or else what the caller used. The guard has checked Host."""
    settings = getattr(request.app.state, "settings", None)
    if settings is not None and settings.base_url:
        return str(settings.base_url)
    host = (normalize_host(request.headers.get("host", "").encode()) or b"").decode()
    return f"{request.scope['scheme']}://{host}" if host else ""  # a path then leads to wherever the caller asked


def site_of(request: Request) -> Site:
    """The service that was asked."""
    return Site(base_url=base_url(request), asked_language=asked_language_of(request))


def link(site: Site, path: str, rel: str = "self", query: Mapping[str, str] | None = None) -> Link:
    """A link to `path`, which starts at the root of the service; it keeps the language that the address names."""
    parameters = {**(query or {}), **({"lang": site.asked_language.value} if site.asked_language else {})}
    written = f"?{urlencode(parameters)}" if parameters else ""
    return Link(href=f"{site.base_url}{path}{written}", rel=rel, method="GET")


def without_query(link: Link) -> str:
    """The address as an identifier: the same in whichever language it was asked for."""
    return link.href.partition("?")[0]
