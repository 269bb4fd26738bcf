"""Keys, and the audit trail of what is done with them and by commands."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0009"
down_revision: str | None = "0008"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TRIGGERS = {
    "sqlite": (
        """CREATE TRIGGER auditentry_is_kept BEFORE DELETE ON auditentry
        BEGIN SELECT RAISE(ABORT, 'the audit trail is never changed'); END""",
        """CREATE TRIGGER auditentry_is_unchanged BEFORE UPDATE ON auditentry
        BEGIN SELECT RAISE(ABORT, 'the audit trail is never changed'); END""",
    ),
    "postgresql": (
        """CREATE FUNCTION keep_auditentry() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'the audit trail is never changed';
        END $$""",
        """CREATE TRIGGER auditentry_is_kept BEFORE UPDATE OR DELETE ON auditentry
        FOR EACH ROW EXECUTE FUNCTION keep_auditentry()""",
        "CREATE TRIGGER auditentry_is_not_emptied BEFORE TRUNCATE ON auditentry EXECUTE FUNCTION keep_auditentry()",
    ),
}


def upgrade() -> None:
    op.create_table(
        "accesskey",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("role", sa.String(length=30), nullable=False),
        sa.Column("scope_kind", sa.String(length=30), nullable=True),
        sa.Column("scope_ids", sa.Text(), nullable=False),
        sa.Column("is_test", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_used_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "auditentry",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("key", sa.String(), nullable=True),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("details", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("number"),
    )
    for statement in TRIGGERS[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("auditentry")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION keep_auditentry()")
    op.drop_table("accesskey")
