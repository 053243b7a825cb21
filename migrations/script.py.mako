"""${message}."""

import sqlalchemy as sa
from alembic import op

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None


def upgrade() -> None:
    ${upgrades if upgrades else "pass"}
    # The oldest revision whose code can still work on this schema; raise it only when old code would break.
    # op.execute("UPDATE compatibility SET oldest = '....'")


def downgrade() -> None:
    ${downgrades if downgrades else "pass"}
