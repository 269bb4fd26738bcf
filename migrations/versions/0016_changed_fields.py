"""Which fields each change touched.

Rows from before have null, which is matched by every filter.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0016"
down_revision: str | None = "0015"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("change", sa.Column("fields", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("change", "fields")
