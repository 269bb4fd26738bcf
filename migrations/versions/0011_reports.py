"""Reports, and apart from them where their senders want an answer."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0011"
down_revision: str | None = "0010"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "report",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("task", sa.Uuid(), nullable=False),
        sa.Column("field", sa.String(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_report_task", "report", ["task"], unique=False)
    op.create_index("ix_report_made_at", "report", ["made_at"], unique=False)
    op.create_table(
        "replyaddress",
        sa.Column("report", sa.Uuid(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("report"),
    )


def downgrade() -> None:
    for table in ("replyaddress", "report"):
        op.drop_table(table)
