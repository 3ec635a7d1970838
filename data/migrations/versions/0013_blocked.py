"""Since when a participant has us blocked."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.add_column("chat", sa.Column("blocked_at", sa.BigInteger(), nullable=True))
