"""Three tools that read the directory, by the Model Context Protocol (MCP).

Each asks the API that everybody else asks, so that an assistant is told what the pages say: states, sources and dates.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

import httpx
from fastapi import FastAPI
from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.server.transport_security import TransportSecuritySettings
from mcp_types import ToolAnnotations
from pydantic import Field
from starlette.applications import Starlette

from app.embed.numbers import LAST_RESORT
from app.settings import Settings
from app.texts import Language
from app.version import VERSION

INSTRUCTIONS = (
    "Sweden's directory of support in cases of prostitution, human trafficking and sexual exploitation. In immediate "
    "danger the answer is 112, before anything else. Give a number only as it stands in an answer, with its state "
    "and its source. `unknown` means that nobody knows: say so, and never guess hours. Do not ask people for "
    "details about themselves that the question does not need."
)
READS_ONLY = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)

OK, PERMANENT_REDIRECT = 200, 308
PROBLEM = "application/problem+json"
ASSISTANTS = ("192.0.2.1", 0)
"""All assistants together are a network of their own (RFC 5737): what is dear, they share."""

Answer = dict[str, Any]
InLanguage = Annotated[Literal["sv", "en"], Field(description="The language of the answer.")]
Audience = Annotated[
    str | None, Field(description="Who asks: a slug of /v1/audiences, such as exposed or professionals.")
]
Place = Annotated[str | None, Field(description="A Swedish municipality, by name or code, such as Halmstad or 1380.")]


def make_server(application: FastAPI, settings: Settings) -> MCPServer:
    """A server of the tools over a service in this process."""
    server = MCPServer("stodkatalogen", title="Stödkatalogen", instructions=INSTRUCTIONS, version=VERSION)

    async def ask(path: str, language: str, **query: Any) -> Answer:
        return await _ask(application, settings, path, language, query)

    @server.tool(title="Whom to contact now", annotations=READS_ONLY)
    async def whom_to_contact(
        municipality: Place = None,
        audience: Audience = None,
        topic: Annotated[str | None, Field(description="What it is about, a slug of /v1/topics.")] = None,
        age: Annotated[int | None, Field(ge=0, le=120, description="The age, if it was said.")] = None,
        at: Annotated[str | None, Field(description="Another moment than now, RFC 3339 with offset.")] = None,
        language: InLanguage = "sv",
    ) -> Answer:
        """Whom to contact, in order, 112 first, each with its number, whether it is open now, and who says so."""
        return await ask(
            "/referrals", language, municipality=municipality, audience=audience, topic=topic, age=age, at=at
        )

    @server.tool(title="Search the directory", annotations=READS_ONLY)
    async def search_directory(
        q: Annotated[str, Field(min_length=1, max_length=200, description="Words, in Swedish or English.")],
        limit: Annotated[int, Field(ge=1, le=20, description="How many to find, at most.")] = 5,
        language: InLanguage = "sv",
    ) -> Answer:
        """Hotlines, services, coordinators, courses and publications by words; their ids are for `read_resource`."""
        return await ask("/search", language, q=q, limit=limit)

    @server.tool(title="Read one resource", annotations=READS_ONLY)
    async def read_resource(
        id: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,100}$", description="The id, such as kvinnofridslinjen.")],  # noqa: A002  # the API's word
        language: InLanguage = "sv",
    ) -> Answer:
        """One resource whole: numbers, hours with their state, and for every field its source and date."""
        return await ask(f"/resources/{id}", language)

    return server


async def _ask(application: FastAPI, settings: Settings, path: str, language: str, query: Mapping[str, Any]) -> Answer:
    """What the API answers, below whom to call in danger. Raises ToolError, which says what is allowed."""
    # The path of the base address is a proxy's: the service does not know it.
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(settings.base_url or "http://127.0.0.1"))
    parameters = {name: value for name, value in query.items() if value is not None}
    transport = httpx.ASGITransport(application, raise_app_exceptions=False, client=ASSISTANTS)
    async with httpx.AsyncClient(transport=transport, base_url=origin) as client:
        answer = await client.get(f"/v1{path}", params={"lang": language, **parameters})
        if answer.status_code == PERMANENT_REDIRECT:  # a record that has another id now
            answer = await client.get(answer.headers["location"].removeprefix(settings.base_url or origin))
    if answer.status_code != OK:
        raise ToolError(_read_problem(answer))
    return {"in_danger": LAST_RESORT[Language(language)][0].text, **answer.json()}


def _read_problem(answer: httpx.Response) -> str:
    """What the API says is wrong, and what is allowed."""
    is_problem = answer.headers.get("content-type", "").startswith(PROBLEM)
    return str(answer.json()["detail"]) if is_problem else "The directory cannot answer now. In danger, call 112."


def make_http_application(server: MCPServer) -> Starlette:
    """The tools over streamable HTTP, at /mcp. No session: each request stands by itself."""
    # What is read is public, and nothing is written: a page of another name may ask it, too.
    anybody = TransportSecuritySettings(enable_dns_rebinding_protection=False)
    return server.streamable_http_app(stateless_http=True, json_response=True, transport_security=anybody)
