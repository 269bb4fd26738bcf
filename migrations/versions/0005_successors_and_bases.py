"""What has taken a resource's place, and whether an area's coordination region is stated or inferred.

Both are null or empty until the next `seed`.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "resourcesuccessor",
        sa.Column("resource_id", sa.Uuid(), nullable=False),
        sa.Column("successor_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["resource_id"], ["resource.id"]),
        sa.ForeignKeyConstraint(["successor_id"], ["resource.id"]),
        sa.PrimaryKeyConstraint("resource_id"),
    )
    op.create_index("ix_resourcesuccessor_successor_id", "resourcesuccessor", ["successor_id"], unique=False)
    op.add_column("area", sa.Column("basis", sa.String(length=30), nullable=True))
    op.add_column("area", sa.Column("reason_sv", sa.String(), nullable=True))
    op.add_column("area", sa.Column("reason_en", sa.String(), nullable=True))


def downgrade() -> None:
    for column in ("reason_en", "reason_sv", "basis"):
        op.drop_column("area", column)
    op.drop_table("resourcesuccessor")
