"""The index of dead letters, which are counted on the page of the system."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

DEAD = sa.text("status = 'dead'")


def upgrade() -> None:
    op.create_index("event_dead", "event", ["id"], sqlite_where=DEAD, postgresql_where=DEAD)
