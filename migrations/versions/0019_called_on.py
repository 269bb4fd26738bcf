"""When a resource was last called, and confirmed by those who run it: reading a source is told apart from both.

Both are derived from the checks when the table is made anew, right after this.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0019"
down_revision: str | None = "0018"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

COLUMNS = ("called_on", "confirmed_on")


def upgrade() -> None:
    for column in COLUMNS:
        op.add_column("resource", sa.Column(column, sa.Date(), nullable=True))


def downgrade() -> None:
    for column in COLUMNS:
        op.drop_column("resource", column)
