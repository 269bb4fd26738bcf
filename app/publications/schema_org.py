"""A publication in the words of schema.org."""

from app.http.views import View
from app.publications.models import PublicationType
from app.publications.schemas import Publication
from app.resources.models import Role
from app.standards.schema_org_parts import Node, areas_of
from app.standards.schema_org_types import date_of, reached_organizations, work

ARTICLES = {
    PublicationType.REPORT: "Report",
    PublicationType.STATISTICS: "Report",
    PublicationType.NEWS: "NewsArticle",
}
"""Other publications are articles."""


def describe_publication(view: View, item: Publication) -> Node:
    """A publication, as a report or an article."""
    kind = ARTICLES.get(item.type, "Article")
    return {
        "@type": kind,
        **work(view, item),
        "spatialCoverage": areas_of(view, item),
        "headline": item.title or item.name,
        "url": item.url,
        "publisher": reached_organizations(view, item, Role.PUBLISHER),
        "datePublished": date_of(item.published_on) or (str(item.year) if item.year else None),
        "version": item.edition,
        "reportNumber": item.number if kind == "Report" else None,
        "creativeWorkStatus": item.status,
    }
