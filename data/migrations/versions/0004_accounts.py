"""Accounts: more roles, what each officer may see, passwords, second steps, delays."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

ROLES = "role in ('officer', 'supervisor', 'region', 'admin', 'auditor')"
WITH_AN_OFFICER = ("login_link", "officer_session")


def upgrade() -> None:
    for column in (
        sa.Column("region", sa.Text(), server_default="", nullable=False),
        sa.Column("password_at", sa.BigInteger(), nullable=True),
        sa.Column("totp_secret", sa.Text(), server_default="", nullable=False),
        sa.Column("totp_step", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("preferences", sa.Text(), server_default="{}", nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=True),
    ):
        op.add_column("officer", column)
    _widen_roles()
    op.add_column(
        "officer_session", sa.Column("awaits", sa.Text(), server_default="", nullable=False)
    )
    op.create_table(
        "officer_branch",
        sa.Column("officer", sa.Text(), nullable=False),
        sa.Column("branch", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["officer"], ["officer.id"], name="fk_officer_branch_officer"),
        sa.PrimaryKeyConstraint("officer", "branch", name="pk_officer_branch"),
    )
    op.execute(
        "INSERT INTO officer_branch (officer, branch) "
        "SELECT id, CASE WHEN role = 'admin' THEN '*' ELSE branch END FROM officer"
    )
    op.create_table(
        "recovery_code",
        sa.Column("officer", sa.Text(), nullable=False),
        sa.Column("code_hash", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["officer"], ["officer.id"], name="fk_recovery_code_officer"),
        sa.PrimaryKeyConstraint("officer", "code_hash", name="pk_recovery_code"),
    )
    op.create_table(
        "sign_in_delay",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("tried_at", sa.BigInteger(), nullable=False),
        sa.Column("free_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_sign_in_delay"),
    )


def _widen_roles() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint(op.f("ck_officer_role"), "officer", type_="check")
        op.create_check_constraint(op.f("ck_officer_role"), "officer", ROLES)
        return
    # SQLite changes a constraint by making the table anew, and drops no table that rows refer to
    for table in WITH_AN_OFFICER:
        op.execute(f"CREATE TEMPORARY TABLE kept_{table} AS SELECT * FROM {table}")
        op.execute(f"DELETE FROM {table}")
    with op.batch_alter_table("officer", recreate="always") as officer:
        officer.drop_constraint(op.f("ck_officer_role"), type_="check")
        officer.create_check_constraint(op.f("ck_officer_role"), ROLES)
    for table in WITH_AN_OFFICER:
        op.execute(f"INSERT INTO {table} SELECT * FROM kept_{table}")
        op.execute(f"DROP TABLE kept_{table}")
