"""What became of proposals, and requests that are done once however often they are sent."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0010"
down_revision: str | None = "0009"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

COLUMNS = {
    "source": sa.Text(),
    "decided_by": sa.String(),
    "decision_reason": sa.Text(),
    "decided_at": sa.DateTime(timezone=True),
    "revision": sa.Integer(),
}


def upgrade() -> None:
    for name, kind in COLUMNS.items():
        op.add_column("proposal", sa.Column(name, kind, nullable=True))
    op.create_table(
        "repeatablerequest",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", "name"),
    )


def downgrade() -> None:
    op.drop_table("repeatablerequest")
    with op.batch_alter_table("proposal") as proposal:
        for name in COLUMNS:
            proposal.drop_column(name)
