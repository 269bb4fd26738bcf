"""What publications are to the rest of the directory."""

from app.publications.facts import tell_publication
from app.publications.models import PublicationDetails
from app.publications.reading import build_publications
from app.publications.record import PublicationRecord
from app.publications.routes import router
from app.publications.schema_org import describe_publication
from app.publications.schemas import Publication
from app.resources.declaration import KindDeclaration
from app.resources.kind import Kind
from app.standards.exports.tables import own_columns

DECLARATION = KindDeclaration(
    kind=Kind.PUBLICATION,
    record=PublicationRecord,
    schema=Publication,
    build=build_publications,
    routers=(router,),
    details=PublicationDetails,
    searched=("title", "number", "edition", "year"),
    facts=tell_publication,
    columns=own_columns(
        Publication, {"type": "publication_type", "title": "publication_title", "url": "publication_url"}
    ),
    schema_org=describe_publication,
)
