"""Receipts of message templates that come before the template is noted."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.create_table(
        "template_early",
        sa.Column("outbox", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("provider_ref", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("error", sa.Text(), server_default="", nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("outbox", "provider_ref", "state", name="pk_template_early"),
    )
    op.drop_index("template_use_ref", "template_use")
