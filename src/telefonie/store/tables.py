"""The only module that says how things lie in the database."""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    BigInteger,
    Column,
    Float,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    text,
)

# The newest migration. A store at this revision needs no alembic, so a start does not even import it.
REVISION: Final = "0004"

metadata: Final = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite numbers rows only in a column that is declared INTEGER; Postgres gets the wide type.
Number = BigInteger().with_variant(Integer(), "sqlite")


def _partial(name: str, condition: str, *columns: str) -> Index:
    return Index(name, *columns, sqlite_where=text(condition), postgresql_where=text(condition))


accounts: Final = Table(
    "accounts",
    metadata,
    Column("number", Number, primary_key=True, autoincrement=True),
    Column("id", String(36), nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("settings", Text, nullable=False),
)

api_keys: Final = Table(
    "api_keys",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("account_id", String(36), nullable=False, index=True),
    Column("digest", String(64), nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("hint", String(16), nullable=False),
    Column("scopes", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("revoked_at", BigInteger),
)

secrets: Final = Table(
    "secrets",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("account_id", String(36), nullable=False, index=True),
    Column("value", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("retires_at", BigInteger),
)

clocks: Final = Table(
    "clocks",
    metadata,
    Column("account_id", String(36), primary_key=True),
    Column("mode", String(16), nullable=False),
    Column("speed", Float, nullable=False),
    Column("wall", BigInteger, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("origin", Text, nullable=False),  # how the clock was set at first, for a reset
    Column("seed", Text, unique=True),  # ids follow from it, so no two accounts may have the same
    Column("drawn", BigInteger, nullable=False, server_default="0"),
    Column("drive", Text),  # the advance under way, or the last one's result
    Column("driven_at", BigInteger),  # wall time of the last step; long ago means nobody is driving
)

numbers: Final = Table(
    "numbers",
    metadata,
    Column("account_id", String(36), primary_key=True),
    Column("number", String(64), primary_key=True),
    Column("created_at", BigInteger, nullable=False),
    Column("body", Text, nullable=False),
)

phones: Final = Table(
    "phones",
    metadata,
    Column("account_id", String(36), primary_key=True),
    Column("number", String(255), primary_key=True),
    Column("body", Text, nullable=False),
)

calls: Final = Table(
    "calls",
    metadata,
    Column("number", Number, primary_key=True, autoincrement=True),
    Column("id", String(36), nullable=False, unique=True),
    Column("account_id", String(36), nullable=False),
    Column("face", String(16), nullable=False),
    Column("direction", String(16), nullable=False),
    Column("status", String(16), nullable=False),
    Column("caller", String(255), nullable=False),
    Column("callee", String(255), nullable=False),
    Column("parent_id", String(36)),  # the call of which this is a leg
    Column("created_at", BigInteger, nullable=False),
    Column("placing", Text, nullable=False),  # what was asked for; written once
    Column("state", Text, nullable=False),  # what changes
    Column("flow", Text),  # its far end and where it stands in its documents; empty for a call without
    Column("documents", Text),  # the documents themselves, which seldom change
    Column("ended_at", BigInteger),  # account time; empty while it is under way
    Column("bare", SmallInteger),  # 1, once its journal and its letters are gone
    Column("application_id", String(36)),
    Column("conversation", String(36)),  # shared by calls that belong together
    Column("cause", String(16)),  # why it ended
    Column("heard", String(16)),  # the verdict of detection
    # A page by status and direction walks one index from its end, however many calls there are.
    Index("ix_calls_listing", "account_id", "face", "direction", "status", "number"),
    Index("ix_calls_created", "account_id", "created_at"),
    Index("ix_calls_caller", "account_id", "caller", "number"),
    Index("ix_calls_callee", "account_id", "callee", "number"),
    _partial("ix_calls_parent", "parent_id IS NOT NULL", "parent_id", "number"),
    _partial("ix_calls_application", "application_id IS NOT NULL", "application_id", "number"),
    _partial("ix_calls_conversation", "conversation IS NOT NULL", "conversation", "number"),
    # What retention removes first, and what it removes then.
    _partial("ix_calls_ended", "ended_at IS NOT NULL AND bare IS NULL", "account_id", "ended_at"),
    _partial("ix_calls_bare", "bare = 1", "account_id", "ended_at"),
)

# The journals of calls and rooms.
events: Final = Table(
    "events",
    metadata,
    Column("subject", String(36), primary_key=True),
    Column("ordinal", Integer, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("kind", String(32), nullable=False),
    Column("actor", String(16), nullable=False),
    Column("data", Text, nullable=False),
    sqlite_with_rowid=False,
)

# Rooms and queues: where calls meet. At most one of a kind and name is live.
meetings: Final = Table(
    "meetings",
    metadata,
    Column("number", Number, primary_key=True, autoincrement=True),
    Column("id", String(36), nullable=False, unique=True),
    Column("account_id", String(36), nullable=False),
    Column("face", String(16), nullable=False),
    Column("kind", String(8), nullable=False),
    Column("name", String(128), nullable=False),
    Column("status", String(16), nullable=False),
    Column("live", SmallInteger),  # 1, or empty once it is over
    Column("created_at", BigInteger, nullable=False),
    Column("state", Text, nullable=False),
    Column("over_at", BigInteger),  # account time since when nothing goes on there; empty while it does
    Column("bare", SmallInteger),  # 1, once its journal and its letters are gone
    Index("ux_meetings_live", "account_id", "kind", "name", "live", unique=True),
    Index("ix_meetings_listing", "account_id", "face", "kind", "status", "number"),
    _partial("ix_meetings_over", "over_at IS NOT NULL AND bare IS NULL", "account_id", "over_at"),
    _partial("ix_meetings_bare", "bare = 1", "account_id", "over_at"),
)

# Timers, inbox and outbox. An alarm says when its call must be looked at; a message is told by one call,
# room or queue to another; a letter is one notice or question to a customer.
jobs: Final = Table(
    "jobs",
    metadata,
    Column("number", Number, primary_key=True, autoincrement=True),
    Column("id", String(64), nullable=False, unique=True),
    Column("account_id", String(36), nullable=False),
    Column("crew", SmallInteger, nullable=False),
    Column("state", SmallInteger, nullable=False),
    Column("subject", String(36), nullable=False),
    Column("due_at", BigInteger),  # account time; empty behind the head of a lane, and once done
    Column("awaited_at", BigInteger),  # account time; empty for guards, which nobody waits for
    Column("run_at", BigInteger),  # wall time; empty while the account's clock stands
    Column("held_until", BigInteger),  # wall time
    Column("gate", Text),  # whose server it goes to
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("body", Text),
    # What may run now, of all accounts; what comes next for one; the letters of an account and of a call.
    _partial("ix_jobs_run", "run_at IS NOT NULL", "crew", "run_at"),
    _partial("ix_jobs_open", "state = 0", "account_id", "due_at"),
    _partial("ix_jobs_letters", "crew = 1", "account_id", "number"),
    _partial("ix_jobs_subject", "crew = 1", "subject"),
    _partial("ix_jobs_messages", "crew >= 2", "subject"),
)

attempts: Final = Table(
    "attempts",
    metadata,
    Column("job_id", String(64), primary_key=True),
    Column("ordinal", Integer, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("receipt", Text, nullable=False),
)

replies: Final = Table(
    "replies",
    metadata,
    Column("account_id", String(36), primary_key=True),
    Column("key", String(255), primary_key=True),
    Column("fingerprint", String(64), nullable=False),
    Column("expires_at", BigInteger, nullable=False),  # account time
    Column("status", SmallInteger, nullable=False),
    Column("headers", Text, nullable=False),
    Column("body", Text, nullable=False),
    Index("ix_replies_expires", "account_id", "expires_at"),
)

# Exact totals without counting: one row a slot, and several slots so that processes do not queue up.
counters: Final = Table(
    "counters",
    metadata,
    Column("account_id", String(36), primary_key=True),
    Column("face", String(16), primary_key=True),
    Column("direction", String(16), primary_key=True),
    Column("status", String(16), primary_key=True),
    Column("slot", SmallInteger, primary_key=True),
    Column("n", BigInteger, nullable=False),
)

recordings: Final = Table(
    "recordings",
    metadata,
    Column("number", Number, primary_key=True, autoincrement=True),
    Column("id", String(36), nullable=False, unique=True),
    Column("account_id", String(36), nullable=False),
    Column("face", String(16), nullable=False),
    Column("call_id", String(36), nullable=False),
    Column("room_id", String(36)),
    Column("status", String(16), nullable=False),
    Column("since", BigInteger, nullable=False),
    Column("until", BigInteger),  # empty while it goes on
    Column("keep_until", BigInteger),  # account time, set by hand; empty: as the account keeps them
    Column("held", SmallInteger, nullable=False, server_default="0"),  # legal hold: nothing removes it
    Column("state", Text, nullable=False),
    Column("score", Text),  # what it consists of, once somebody wanted to know
    Index("ix_recordings_listing", "account_id", "face", "number"),
    Index("ix_recordings_call", "call_id", "number"),
    _partial("ix_recordings_room", "room_id IS NOT NULL", "room_id", "number"),
    _partial("ix_recordings_until", "held = 0 AND keep_until IS NULL", "account_id", "until"),
    _partial("ix_recordings_keep", "held = 0 AND keep_until IS NOT NULL", "account_id", "keep_until"),
    _partial("ix_recordings_unscored", "score IS NULL", "account_id", "since"),
)

# Files to be removed: noted with the decision, removed after it, so that no crash leaves one behind.
discards: Final = Table(
    "discards",
    metadata,
    Column("key", String(255), primary_key=True),  # of a blob; with a "/" at its end of all below it
    Column("account_id", String(36), nullable=False, index=True),
    Column("noted", BigInteger, nullable=False),  # wall time
)

# Who read, downloaded, exported, held and deleted what.
audits: Final = Table(
    "audits",
    metadata,
    Column("number", Number, primary_key=True, autoincrement=True),
    Column("account_id", String(36), nullable=False),
    Column("at", BigInteger, nullable=False),  # account time
    Column("wall", BigInteger, nullable=False),
    Column("actor", String(64), nullable=False),  # the key's id, or `admin`, `signature`, `retention`
    Column("action", String(32), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("subject", String(64), nullable=False),
    Column("data", Text, nullable=False),
    Index("ix_audits_account", "account_id", "number"),
    Index("ix_audits_subject", "account_id", "subject", "number"),
)

erasures: Final = Table(
    "erasures",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("account_id", String(36), nullable=False, index=True),
    Column("wall", BigInteger, nullable=False),
    Column("receipt", Text, nullable=False),  # never the number itself
)

# What was exported for compliance: each entry's hash covers the one before it.
archive: Final = Table(
    "archive",
    metadata,
    Column("account_id", String(36), primary_key=True),
    Column("sequence", Integer, primary_key=True),
    Column("recording_id", String(36), nullable=False),
    Column("wall", BigInteger, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("previous", String(64), nullable=False),
    Column("entry", Text, nullable=False),  # what the digest is of
    Column("sealed", SmallInteger),  # 1, once all its files are in place
    Index("ux_archive_recording", "account_id", "recording_id", unique=True),
    _partial("ix_archive_unsealed", "sealed IS NULL", "account_id"),
)

trunks: Final = Table(
    "trunks",
    metadata,
    Column("number", Number, primary_key=True, autoincrement=True),
    Column("id", String(36), nullable=False, unique=True),
    Column("account_id", String(36), nullable=False, index=True),
    Column("domain", String(255), nullable=False, unique=True),
    Column("created_at", BigInteger, nullable=False),
    Column("body", Text, nullable=False),
)

applications: Final = Table(
    "applications",
    metadata,
    Column("number", Number, primary_key=True, autoincrement=True),
    Column("id", String(36), nullable=False, unique=True),
    Column("account_id", String(36), nullable=False, index=True),
    Column("created_at", BigInteger, nullable=False),
    Column("body", Text, nullable=False),
)

# How much an account that has limits did in the second under way.
limits: Final = Table(
    "limits",
    metadata,
    Column("account_id", String(36), primary_key=True),
    Column("kind", String(16), primary_key=True),
    Column("since", BigInteger, nullable=False),  # wall time at which that second began
    Column("n", Integer, nullable=False),
)

# What all processes must know and nobody else may: the key that signs addresses of media.
vault: Final = Table(
    "vault",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("value", Text, nullable=False),
)

# The oldest code that can still work on this store stands beside alembic's own revision.
compatibility: Final = Table(
    "compatibility",
    metadata,
    Column("oldest", String(32), primary_key=True),
)
