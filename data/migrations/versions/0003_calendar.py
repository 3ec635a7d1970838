"""The calendar that people make, and the opening a request was promised."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("request", sa.Column("promised", sa.BigInteger(), nullable=True))
    op.create_table(
        "calendar",
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("place", name=op.f("pk_calendar")),
    )
    op.create_table(
        "calendar_change",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("officer", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_change")),
        sa.UniqueConstraint("token", name=op.f("uq_calendar_change_token")),
        sqlite_autoincrement=True,
    )
    op.create_index("calendar_change_place", "calendar_change", ["place", "id"], unique=False)
    op.create_table(
        "calendar_entry",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column(
            "made", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("ended", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(
            ["made"], ["calendar_change.id"], name=op.f("fk_calendar_entry_made")
        ),
        sa.ForeignKeyConstraint(
            ["ended"], ["calendar_change.id"], name=op.f("fk_calendar_entry_ended")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_entry")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "calendar_entry_held",
        "calendar_entry",
        ["id"],
        unique=False,
        sqlite_where=sa.text("ended is null"),
        postgresql_where=sa.text("ended is null"),
    )
