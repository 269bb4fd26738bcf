"""Search: the words by their trigrams; indexes in the order of lists."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "searchtrigram",
        sa.Column("trigram", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("trigram"),
    )
    op.create_index("ix_resource_listed", "resource", ["kind", "position", "slug", "status"], unique=False)
    op.create_index("ix_resource_place", "resource", ["position", "slug", "status", "kind"], unique=False)
    op.drop_index("ix_resource_order", "resource")
    op.drop_index("ix_resource_position", "resource")


def downgrade() -> None:
    op.create_index("ix_resource_order", "resource", ["kind", "status", "position", "slug"], unique=False)
    op.create_index("ix_resource_position", "resource", ["position"], unique=False)
    op.drop_index("ix_resource_place", "resource")
    op.drop_index("ix_resource_listed", "resource")
    op.drop_table("searchtrigram")
