"""Channels that name people in several ways: identities, deliveries, templates, buckets, duties."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_table(
        "identity",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("chat", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("heard_at", sa.BigInteger(), nullable=True),
        sa.Column("template_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_identity"),
        sa.UniqueConstraint("chat", name="uq_identity_chat"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "identity_alias",
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("external", sa.Text(), nullable=False),
        sa.Column(
            "identity", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("added_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["identity"], ["identity.id"], name="fk_identity_alias_identity"
        ),
        sa.PrimaryKeyConstraint("channel", "external", name="pk_identity_alias"),
    )
    op.create_index("identity_alias_identity", "identity_alias", ["identity"])
    op.create_table(
        "delivery",
        sa.Column("outbox", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("error", sa.Text(), server_default="", nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("outbox", name="pk_delivery"),
    )
    op.create_table(
        "template_use",
        sa.Column("outbox", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("template", sa.Text(), nullable=False),
        sa.Column("chat", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("outbox", name="pk_template_use"),
    )
    op.create_index("template_use_at", "template_use", ["at"])
    op.create_table(
        "bucket",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("full_at", sa.BigInteger(), nullable=False),
        sa.Column("told_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("name", name="pk_bucket"),
    )
    op.create_table(
        "duty",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_duty"),
    )
    op.create_table(
        "link_code",
        sa.Column("chat", sa.Text(), nullable=False),
        sa.Column("code_hash", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("chat", name="pk_link_code"),
        sa.UniqueConstraint("code_hash", name="uq_link_code_code_hash"),
    )
