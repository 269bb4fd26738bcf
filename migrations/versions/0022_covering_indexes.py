"""Indexes that hold all that a filtered list is counted by, so that its rows are not read: kind and status, hours.

The one of lists has the id as well.
"""

from collections.abc import Sequence

from alembic import op

revision: str = "0022"
down_revision: str | None = "0021"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.drop_index("ix_resource_listed", "resource")
    op.create_index("ix_resource_listed", "resource", ["kind", "position", "slug", "status", "id"])
    op.create_index("ix_resource_counted", "resource", ["id", "kind", "status"])
    op.create_index("ix_contactpoint_staffed", "contactpoint", ["resource_id", "opening_hours", "id"])


def downgrade() -> None:
    op.drop_index("ix_contactpoint_staffed", "contactpoint")
    op.drop_index("ix_resource_counted", "resource")
    op.drop_index("ix_resource_listed", "resource")
    op.create_index("ix_resource_listed", "resource", ["kind", "position", "slug", "status"])
