"""Deadlines of requests, which put a queue in order.

Requests that are there already are due since they were filed: the older stays the first. They get
their real deadlines at the next start, when all are planned.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

WAITING = sa.text("status = 'waiting'")


def upgrade() -> None:
    op.add_column(
        "request", sa.Column("due_at", sa.BigInteger(), server_default=sa.text("0"), nullable=False)
    )
    op.execute("UPDATE request SET due_at = queued_at")
    op.drop_index("request_waiting", "request")
    op.create_index(
        "request_waiting",
        "request",
        ["branch", sa.text("priority DESC"), "due_at", "queued_at", "id"],
        sqlite_where=WAITING,
        postgresql_where=WAITING,
    )
