"""where calls stand in their documents, and the rooms and queues in which they meet."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_MESSAGES = sa.text("crew >= 2")
_LEGS = sa.text("parent_id IS NOT NULL")


def upgrade() -> None:
    with op.batch_alter_table("calls", schema=None) as batch_op:
        batch_op.add_column(sa.Column("flow", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("documents", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("parent_id", sa.String(length=36), nullable=True))
        batch_op.create_index(
            "ix_calls_parent",
            ["parent_id", "number"],
            unique=False,
            sqlite_where=_LEGS,
            postgresql_where=_LEGS,
        )
    op.create_table(
        "meetings",
        sa.Column(
            "number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("face", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("live", sa.SmallInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_meetings")),
        sa.UniqueConstraint("id", name=op.f("uq_meetings_id")),
    )
    with op.batch_alter_table("meetings", schema=None) as batch_op:
        batch_op.create_index("ux_meetings_live", ["account_id", "kind", "name", "live"], unique=True)
        batch_op.create_index(
            "ix_meetings_listing", ["account_id", "face", "kind", "status", "number"], unique=False
        )
    with op.batch_alter_table("jobs", schema=None) as batch_op:
        batch_op.create_index(
            "ix_jobs_messages", ["subject"], unique=False, sqlite_where=_MESSAGES, postgresql_where=_MESSAGES
        )
    # Code that knows nothing of documents would save calls without where they stand in them.
    op.execute("UPDATE compatibility SET oldest = '0002'")


def downgrade() -> None:
    op.execute("UPDATE compatibility SET oldest = '0001'")
    with op.batch_alter_table("jobs", schema=None) as batch_op:
        batch_op.drop_index("ix_jobs_messages", sqlite_where=_MESSAGES, postgresql_where=_MESSAGES)
    op.drop_table("meetings")
    with op.batch_alter_table("calls", schema=None) as batch_op:
        batch_op.drop_index("ix_calls_parent", sqlite_where=_LEGS, postgresql_where=_LEGS)
        batch_op.drop_column("parent_id")
        batch_op.drop_column("documents")
        batch_op.drop_column("flow")
