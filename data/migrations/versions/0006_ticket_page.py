"""The ticket page: checklists, sends that can be taken back, presence, quick replies."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column(
        "document", sa.Column("turned", sa.Integer(), server_default=sa.text("0"), nullable=False)
    )
    op.add_column(
        "request", sa.Column("reason_code", sa.Text(), server_default="", nullable=False)
    )
    op.create_table(
        "request_check",
        sa.Column("request", ID, nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("officer", sa.Text(), server_default="", nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["request"], ["request.id"], name="fk_request_check_request"),
        sa.PrimaryKeyConstraint("request", "item", name="pk_request_check"),
    )
    op.create_table(
        "unsent",
        sa.Column("id", ID, nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("request", ID, nullable=False),
        sa.Column("officer", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("was", sa.Text(), nullable=False),
        sa.Column("message", sa.BigInteger(), nullable=False),
        sa.Column("typed", sa.Text(), server_default="{}", nullable=False),
        sa.ForeignKeyConstraint(["request"], ["request.id"], name="fk_unsent_request"),
        sa.PrimaryKeyConstraint("id", name="pk_unsent"),
        sa.UniqueConstraint("event", name="uq_unsent_event"),
    )
    op.create_index("unsent_request", "unsent", ["request"])
    op.create_index("unsent_due", "unsent", ["due_at"])
    op.create_table(
        "presence",
        sa.Column("request", ID, nullable=False),
        sa.Column("officer", sa.Text(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["request"], ["request.id"], name="fk_presence_request"),
        sa.PrimaryKeyConstraint("request", "officer", name="pk_presence"),
    )
    op.create_table(
        "quick_reply",
        sa.Column("id", ID, nullable=False),
        sa.Column("branch", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("services", sa.Text(), server_default="[]", nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("used", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("officer", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_quick_reply"),
    )
    op.create_index("quick_reply_branch", "quick_reply", ["branch"])
