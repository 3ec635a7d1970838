"""What requests can be found by, and the index of those that have ended.

Requests that are there already can be found by their number.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

ENDED = sa.text("status in ('done', 'refused')")


def upgrade() -> None:
    op.create_table(
        "request_term",
        sa.Column("branch", sa.Text(), nullable=False),
        sa.Column(
            "term",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("request", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["request"], ["request.id"], name=op.f("fk_request_term_request")),
        sa.PrimaryKeyConstraint("branch", "term", "request", name=op.f("pk_request_term")),
    )
    op.create_index("request_term_request", "request_term", ["request"])
    op.execute(
        "INSERT INTO request_term (branch, term, request) "
        "SELECT branch, lower(replace(number, '-', ' ')), id FROM request"
    )
    op.create_index(
        "request_ended",
        "request",
        ["branch", "ended_at", "service"],
        sqlite_where=ENDED,
        postgresql_where=ENDED,
    )
