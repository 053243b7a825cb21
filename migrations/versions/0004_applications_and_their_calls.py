"""applications, which of them a call belongs to, what it ended of, and how much an account may ask in a second."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_OF_CALLS = (("application_id", 36), ("conversation", 36), ("cause", 16), ("heard", 16))
_FOUND_BY = (("ix_calls_application", "application_id"), ("ix_calls_conversation", "conversation"))


def upgrade() -> None:
    op.create_table(
        "applications",
        sa.Column(
            "number",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_applications")),
        sa.UniqueConstraint("id", name=op.f("uq_applications_id")),
    )
    op.create_index(op.f("ix_applications_account_id"), "applications", ["account_id"])
    op.create_table(
        "limits",
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("account_id", "kind", name=op.f("pk_limits")),
    )
    for name, length in _OF_CALLS:
        op.add_column("calls", sa.Column(name, sa.String(length=length), nullable=True))
    # What calls ended of, and what was heard of them, stood inside their state alone.
    sqlite = op.get_bind().dialect.name == "sqlite"
    for name in ("cause", "heard"):
        found = f"json_extract(state, '$.{name}')" if sqlite else f"(state::json ->> '{name}')"
        op.execute(f"UPDATE calls SET {name} = {found} WHERE {found} IS NOT NULL")  # noqa: S608 - ours
    for index, column in _FOUND_BY:
        where = sa.text(f"{column} IS NOT NULL")
        op.create_index(index, "calls", [column, "number"], sqlite_where=where, postgresql_where=where)
    # Code that knows nothing of applications could not read an order that names one.
    op.execute("UPDATE compatibility SET oldest = '0004'")


def downgrade() -> None:
    op.execute("UPDATE compatibility SET oldest = '0003'")
    for index, _ in _FOUND_BY:
        op.drop_index(index, "calls")
    for name, _ in _OF_CALLS:
        op.drop_column("calls", name)
    op.drop_table("limits")
    op.drop_table("applications")
