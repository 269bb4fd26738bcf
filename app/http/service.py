"""What describes the service itself: `/v1/api-info` and `/healthz`."""

from typing import Annotated, Literal

from fastapi import Query, Request
from fastapi.responses import PlainTextResponse
from pydantic import BaseModel, Field
from sqlalchemy import text

from app.database import SessionDep
from app.http.contract import Cost, Parameters, answers
from app.http.links import base_url
from app.http.routing import Router
from app.version import RELEASED, VERSION, read_commit

API_NAME = "Stödkatalogen"

router = Router(tags=["service"])


class ApiInfo(BaseModel):
    """About the API; the names are those of Sweden's REST API profile."""

    apiName: str  # noqa: N815  # the profile fixes these names
    apiVersion: str = Field(description="The version, as MAJOR.MINOR.PATCH.")  # noqa: N815
    apiReleased: str = Field(description="The day this version was published.")  # noqa: N815
    apiDocumentation: str = Field(description="The address of the documentation.")  # noqa: N815
    apiCommit: str | None = Field(description="The commit that this service was built from.")  # noqa: N815
    apiStatus: Literal["alpha", "beta", "active", "deprecated", "retired", "decommissioned"]  # noqa: N815


@router.get("/api-info", summary="Om API:et")
@answers(fresh=300)
def get_api_info(parameters: Annotated[Parameters, Query()], request: Request) -> ApiInfo:
    """Name, version, release date, documentation and status of this API.

    Namn, version, datum, dokumentation och status för API:et.
    """
    return ApiInfo(
        apiName=API_NAME,
        apiVersion=VERSION,
        apiReleased=RELEASED,
        apiDocumentation=f"{base_url(request)}/docs",
        apiCommit=read_commit(),
        apiStatus="active",
    )


health = Router(include_in_schema=False)


@health.get("/healthz", response_class=PlainTextResponse)
@answers("text/plain", fresh=None, cost=Cost.HELP)
def get_health(parameters: Annotated[Parameters, Query()], session: SessionDep) -> str:
    """`ok`, when the store answers."""
    session.execute(text("SELECT 1"))
    return "ok"


# The root of the API, where people begin to look around.
health.add_api_route("/v1", get_api_info)
