"""Parked messages, what each template became, and which event told an officer's words."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

PARKED = "not_before = 9223372036854775807"


def upgrade() -> None:
    op.add_column("message", sa.Column("told", sa.Text(), server_default="", nullable=False))
    op.create_index(
        "outbox_parked",
        "outbox",
        ["chat"],
        sqlite_where=sa.text(PARKED),
        postgresql_where=sa.text(PARKED),
    )
    op.drop_index("template_use_at", "template_use")
    op.drop_table("template_use")
    op.create_table(
        "template_use",
        sa.Column("outbox", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("template", sa.Text(), nullable=False),
        sa.Column("chat", sa.Text(), nullable=False),
        sa.Column("branch", sa.Text(), server_default="", nullable=False),
        sa.Column("provider_ref", sa.Text(), server_default="", nullable=False),
        sa.Column("state", sa.Text(), server_default="", nullable=False),
        sa.Column("error", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("outbox", "at", name="pk_template_use"),
    )
    op.create_index("template_use_at", "template_use", ["at"])
    op.create_index("template_use_ref", "template_use", ["provider_ref"])
