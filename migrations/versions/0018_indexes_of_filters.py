"""Indexes for filters: what has a term, an organization, a language or a channel.

The first two take the places of indexes without the resource.
"""

from collections.abc import Sequence

from alembic import op

revision: str = "0018"
down_revision: str | None = "0017"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_index("ix_resourceterm_found", "resourceterm", ["term_id", "resource_id"])
    op.create_index("ix_resourceorganization_found", "resourceorganization", ["organization_id", "resource_id"])
    op.create_index("ix_contactpointlanguage_found", "contactpointlanguage", ["language", "contact_point_id"])
    op.create_index("ix_contactpoint_found", "contactpoint", ["channel", "resource_id"])
    op.drop_index("ix_resourceterm_term_id", "resourceterm")
    op.drop_index("ix_resourceorganization_organization_id", "resourceorganization")


def downgrade() -> None:
    op.create_index("ix_resourceorganization_organization_id", "resourceorganization", ["organization_id"])
    op.create_index("ix_resourceterm_term_id", "resourceterm", ["term_id"])
    op.drop_index("ix_contactpoint_found", "contactpoint")
    op.drop_index("ix_contactpointlanguage_found", "contactpointlanguage")
    op.drop_index("ix_resourceorganization_found", "resourceorganization")
    op.drop_index("ix_resourceterm_found", "resourceterm")
