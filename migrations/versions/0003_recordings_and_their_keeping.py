"""recordings, and what keeps and removes them; journals of rooms beside those of calls."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_ROOMS = sa.text("room_id IS NOT NULL")
_ENDING = (("calls", "ended_at"), ("meetings", "over_at"))
_NEW = ("vault", "trunks", "archive", "erasures", "audits", "discards", "recordings")


def upgrade() -> None:
    op.execute("ALTER TABLE events RENAME COLUMN call_id TO subject")
    op.create_table(
        "recordings",
        _number(),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("face", sa.String(length=16), nullable=False),
        sa.Column("call_id", sa.String(length=36), nullable=False),
        sa.Column("room_id", sa.String(length=36), nullable=True),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=True),
        sa.Column("keep_until", sa.BigInteger(), nullable=True),
        sa.Column("held", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("score", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_recordings")),
        sa.UniqueConstraint("id", name=op.f("uq_recordings_id")),
    )
    with op.batch_alter_table("recordings", schema=None) as batch_op:
        batch_op.create_index("ix_recordings_listing", ["account_id", "face", "number"], unique=False)
        batch_op.create_index("ix_recordings_call", ["call_id", "number"], unique=False)
        batch_op.create_index(
            "ix_recordings_room",
            ["room_id", "number"],
            unique=False,
            sqlite_where=_ROOMS,
            postgresql_where=_ROOMS,
        )
    _partial("recordings", "ix_recordings_until", "held = 0 AND keep_until IS NULL", "account_id", "until")
    _partial(
        "recordings", "ix_recordings_keep", "held = 0 AND keep_until IS NOT NULL", "account_id", "keep_until"
    )
    _partial("recordings", "ix_recordings_unscored", "score IS NULL", "account_id", "since")
    op.create_table(
        "discards",
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("noted", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_discards")),
    )
    with op.batch_alter_table("discards", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_discards_account_id"), ["account_id"], unique=False)
    op.create_table(
        "audits",
        _number(),
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("wall", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("action", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audits")),
    )
    with op.batch_alter_table("audits", schema=None) as batch_op:
        batch_op.create_index("ix_audits_account", ["account_id", "number"], unique=False)
        batch_op.create_index("ix_audits_subject", ["account_id", "subject", "number"], unique=False)
    op.create_table(
        "erasures",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("wall", sa.BigInteger(), nullable=False),
        sa.Column("receipt", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasures")),
    )
    with op.batch_alter_table("erasures", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_erasures_account_id"), ["account_id"], unique=False)
    op.create_table(
        "archive",
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("recording_id", sa.String(length=36), nullable=False),
        sa.Column("wall", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("entry", sa.Text(), nullable=False),
        sa.Column("sealed", sa.SmallInteger(), nullable=True),
        sa.PrimaryKeyConstraint("account_id", "sequence", name=op.f("pk_archive")),
    )
    op.create_index("ux_archive_recording", "archive", ["account_id", "recording_id"], unique=True)
    _partial("archive", "ix_archive_unsealed", "sealed IS NULL", "account_id")
    op.create_table(
        "trunks",
        _number(),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("domain", sa.String(length=255), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_trunks")),
        sa.UniqueConstraint("id", name=op.f("uq_trunks_id")),
        sa.UniqueConstraint("domain", name=op.f("uq_trunks_domain")),
    )
    with op.batch_alter_table("trunks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_trunks_account_id"), ["account_id"], unique=False)
    op.create_table(
        "vault",
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_vault")),
    )
    _note_ends()
    # Code that knows nothing of recordings would write journals under a name that is gone.
    op.execute("UPDATE compatibility SET oldest = '0003'")


def _note_ends() -> None:
    """When calls and rooms were over stood inside their state; retention finds them by it."""
    for table, column in _ENDING:
        op.add_column(table, sa.Column(column, sa.BigInteger(), nullable=True))
        op.add_column(table, sa.Column("bare", sa.SmallInteger(), nullable=True))
    sqlite = op.get_bind().dialect.name == "sqlite"
    ended = "json_extract(state, '$.ended_at')" if sqlite else "(state::json ->> 'ended_at')::bigint"
    touched = "json_extract(state, '$.touched_at')" if sqlite else "(state::json ->> 'touched_at')::bigint"
    op.execute(f"UPDATE calls SET ended_at = {ended}")  # noqa: S608 - ours
    op.execute(f"UPDATE meetings SET over_at = {touched} WHERE live IS NULL")  # noqa: S608 - ours
    for table, column in _ENDING:
        going = f"{column} IS NOT NULL AND bare IS NULL"
        _partial(table, f"ix_{table}_{column.removesuffix('_at')}", going, "account_id", column)
        _partial(table, f"ix_{table}_bare", "bare = 1", "account_id", column)
    op.create_index("ix_replies_expires", "replies", ["account_id", "expires_at"])


def _partial(table: str, name: str, condition: str, *columns: str) -> None:
    where = sa.text(condition)
    op.create_index(name, table, list(columns), sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    op.execute("UPDATE compatibility SET oldest = '0002'")
    for name in _NEW:
        op.drop_table(name)
    op.drop_index("ix_replies_expires", "replies")
    for table, column in _ENDING:
        op.drop_index(f"ix_{table}_{column.removesuffix('_at')}", table)
        op.drop_index(f"ix_{table}_bare", table)
        for each in (column, "bare"):
            op.drop_column(table, each)
    op.execute("ALTER TABLE events RENAME COLUMN subject TO call_id")


def _number() -> sa.Column[int]:
    return sa.Column(
        "number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
    )
