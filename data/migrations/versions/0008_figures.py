"""Figures of requests, made from the audit; where forms were left; the index of reports."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "figure",
        sa.Column("request", NUMBER, nullable=False),
        sa.Column("branch", sa.Text(), nullable=False),
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("officer", sa.Text(), server_default="", nullable=False),
        sa.Column("filed_at", sa.BigInteger(), nullable=False),
        sa.Column("claimed_at", sa.BigInteger(), nullable=True),
        sa.Column("last_claimed_at", sa.BigInteger(), nullable=True),
        sa.Column("responded_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("corrections", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("wait", sa.Integer(), nullable=True),
        sa.Column("response", sa.Integer(), nullable=True),
        sa.Column("handling", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["request"], ["request.id"], name=op.f("fk_figure_request")),
        sa.PrimaryKeyConstraint("request", name=op.f("pk_figure")),
    )
    op.create_index("figure_ended", "figure", ["branch", "ended_at"])
    op.create_index("figure_filed", "figure", ["branch", "filed_at"])
    op.create_table(
        "figure_cursor",
        sa.Column("branch", sa.Text(), nullable=False),
        sa.Column("entry", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("branch", name=op.f("pk_figure_cursor")),
    )
    op.create_table(
        "abandoned",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("branch", sa.Text(), server_default="", nullable=False),
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("how", sa.Text(), nullable=False),
        sa.CheckConstraint("how in ('expired', 'cancelled')", name=op.f("ck_abandoned_how")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_abandoned")),
    )
    op.create_index("abandoned_branch", "abandoned", ["branch", "at"])
    op.create_index("request_filed", "request", ["filed_at", "id"])
