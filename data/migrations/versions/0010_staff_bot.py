"""The officers' Telegram bot: codes that link an account, links, and what was alerted."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.create_table(
        "staff_code",
        sa.Column("officer", sa.Text(), nullable=False),
        sa.Column("code_hash", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["officer"], ["officer.id"], name="fk_staff_code_officer"),
        sa.PrimaryKeyConstraint("officer", name="pk_staff_code"),
        sa.UniqueConstraint("code_hash", name="uq_staff_code_code_hash"),
    )
    op.create_table(
        "staff_link",
        sa.Column("officer", sa.Text(), nullable=False),
        sa.Column("chat", sa.Text(), nullable=False),
        sa.Column("linked_at", sa.BigInteger(), nullable=False),
        sa.Column("silent", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["officer"], ["officer.id"], name="fk_staff_link_officer"),
        sa.PrimaryKeyConstraint("officer", name="pk_staff_link"),
        sa.UniqueConstraint("chat", name="uq_staff_link_chat"),
    )
    op.create_table(
        "staff_alert",
        sa.Column("officer", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("thing", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["officer"], ["officer.id"], name="fk_staff_alert_officer"),
        sa.PrimaryKeyConstraint("officer", "kind", "thing", name="pk_staff_alert"),
    )
