"""From rows to publications as the API shows them."""

from app.publications.schemas import Publication
from app.resources.building import builder_of

build_publications = builder_of(Publication)
