"""Resources as JSON-LD in the words of https://schema.org, for search engines and for websites that import.

Unknown hours have no form there: they are left out, and the source's own words are kept as text.
"""

from collections.abc import Sequence

from app.http.links import without_query
from app.http.views import View
from app.kinds import DECLARATIONS, build_whole
from app.organizations.models import Tie
from app.organizations.schemas import OrganizationShown
from app.resources.freshness import warnings_of
from app.resources.models import Resource
from app.resources.reading import Reading
from app.resources.schemas import ResourceShown
from app.standards.schema_org_parts import (
    NO_LONGER,
    Node,
    audiences_of,
    drop_missing,
    first_address,
    record_of,
)
from app.status import OFFERED

CONTEXT = "https://schema.org"


def build_things(reading: Reading, resources: Sequence[Resource]) -> list[Node]:
    """These resources as JSON-LD objects, each with its context, in the same order.

    `@id` is the resource's address in the API; what is outdated or ended says so and cannot be contacted.
    """
    return [build_thing(reading, item) for item in build_whole(reading, resources)]


def build_thing(view: View, item: ResourceShown) -> Node:
    """One resource as a JSON-LD object; `item` is what its own collection shows, details included."""
    own = DECLARATIONS[item.kind].schema_org(view, item)
    lead = [NO_LONGER[item.status][item.language]] if item.status in NO_LONGER else warnings_of(item)
    return drop_missing(
        {
            "@context": CONTEXT,
            "@type": "Thing",
            "@id": without_query(item.links["self"]),
            "identifier": item.id,
            "name": item.name,
            "description": " ".join(part for part in (*lead, item.summary, item.description) if part),
            "url": first_address(item) if item.status in OFFERED else None,
            "audience": audiences_of(item),
            **own,
            "mainEntityOfPage": record_of(view, item),
        }
    )


def build_organization(view: View, item: OrganizationShown) -> Node:
    """An organization as a JSON-LD object. No source says of what sort it is."""
    ties = {
        word: [
            {"@type": "Organization", "@id": f"{_v1(view)}/organizations/{tied.id}", "name": tied.name}
            for tied in item.ties
            if tied.tie is tie
        ]
        for word, tie in (("parentOrganization", Tie.PART_OF), ("memberOf", Tie.MEMBER_OF))
    }
    lead = NO_LONGER[item.status][item.language] if item.status in NO_LONGER else None
    return drop_missing(
        {
            "@context": CONTEXT,
            "@type": "Organization",
            "@id": without_query(item.links["self"]),
            "identifier": item.id,
            "name": item.name,
            "description": " ".join(part for part in (lead, item.description) if part),
            "url": item.url if item.status in OFFERED else None,
            **ties,
            "mainEntityOfPage": record_of(view, item),
        }
    )


def _v1(view: View) -> str:
    return f"{view.base_url}/v1"
