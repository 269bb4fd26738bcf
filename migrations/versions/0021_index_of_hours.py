"""An index of opening hours: which different ones are there, without reading every contact point."""

from collections.abc import Sequence

from alembic import op

revision: str = "0021"
down_revision: str | None = "0020"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_index("ix_contactpoint_opening_hours", "contactpoint", ["opening_hours"])


def downgrade() -> None:
    op.drop_index("ix_contactpoint_opening_hours", "contactpoint")
