"""PostgreSQL does not check the status of events and messages: each batch of turns would pay it."""

from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint("ck_event_status", "event")
        op.drop_constraint("ck_outbox_status", "outbox")
