"""Search: for each token the ranks of those that have it, on both databases; and indexes that filters need alone.

`stodkatalog migrate` and `serve` fill the tables of search from the store; after a downgrade `seed` does.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE search_fts")
    op.drop_table("searchentry")
    op.create_table(
        "searchentry",
        sa.Column("rank", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("rank"),
        sa.UniqueConstraint("subject_id"),
    )
    op.create_table(
        "searchposting",
        sa.Column("token", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("ranks", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("token"),
    )
    op.create_index("ix_resourcearea_served", "resourcearea", ["area_id", "resource_id"], unique=False)
    op.create_index("ix_contactpoint_reached", "contactpoint", ["resource_id", "channel"], unique=False)
    op.drop_index("ix_resourcearea_area_id", "resourcearea")
    op.drop_index("ix_contactpoint_channel", "contactpoint")


def downgrade() -> None:
    op.create_index("ix_contactpoint_channel", "contactpoint", ["channel"], unique=False)
    op.create_index("ix_resourcearea_area_id", "resourcearea", ["area_id"], unique=False)
    op.drop_index("ix_contactpoint_reached", "contactpoint")
    op.drop_index("ix_resourcearea_served", "resourcearea")
    op.drop_table("searchposting")
    op.drop_table("searchentry")
    op.create_table(
        "searchentry",
        sa.Column("rank", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("status", sa.String(length=30), nullable=False),
        sa.Column("tokens", sa.Text().with_variant(postgresql.TSVECTOR(), "postgresql"), nullable=False),
        sa.PrimaryKeyConstraint("rank"),
        sa.UniqueConstraint("subject_id"),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.create_index("ix_searchentry_tokens", "searchentry", ["tokens"], unique=False, postgresql_using="gin")
    else:
        op.execute(
            "CREATE VIRTUAL TABLE search_fts USING fts5(tokens, content='searchentry', content_rowid='rank', "
            "detail=none, tokenize=\"unicode61 remove_diacritics 0 tokenchars '=~^'\", prefix='4 5 6')"
        )
