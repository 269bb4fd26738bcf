"""`/datasets/dcat`: the catalogue of our data sets for Sweden's data portal, in DCAT-AP-SE 3.0.1.

https://docs.dataportal.se/dcat/3.0.1/sv/
"""

from datetime import datetime
from typing import Annotated

from fastapi import Query, Request, Response
from sqlalchemy import func, select
from sqlmodel import Session, col

from app.database import SessionDep
from app.http.context import context_of
from app.http.contract import Parameters, answers
from app.http.links import base_url
from app.http.routing import Router
from app.resources.models import Kind, Resource
from app.standards.dcat_contents import PATH
from app.standards.rdf_writing import FORMATS, write_graph

router = Router(include_in_schema=False)


@router.get(PATH)
@answers(*FORMATS, fresh=300)
def get_dcat(parameters: Annotated[Parameters, Query()], request: Request, session: SessionDep) -> Response:
    """Our data sets as a DCAT-AP-SE catalogue: RDF/XML, Turtle or JSON-LD, every text in Swedish and English.

    Våra datamängder som DCAT-AP-SE-katalog, för Sveriges dataportal.
    """
    from app.standards.dcat_catalogue import Catalogue  # noqa: PLC0415  # with rdflib, rarely needed

    graph = Catalogue(base_url(request), request.app.state.settings, _changes(session)).graph
    media_type = context_of(request.scope).format
    return Response(write_graph(graph, media_type), media_type=media_type)


def _changes(session: Session) -> dict[Kind, datetime]:
    """When a resource of each kind last changed."""
    newest = select(col(Resource.kind), func.max(col(Resource.updated_at))).group_by(col(Resource.kind))
    return dict(session.execute(newest).all())
