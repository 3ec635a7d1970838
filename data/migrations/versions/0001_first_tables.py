"""First tables.

Migrations go forwards only; the way back is a restored backup.
"""

import sqlalchemy as sa
from alembic import op

APPEND_ONLY = {
    "sqlite": (
        "CREATE TRIGGER audit_keeps_rows BEFORE DELETE ON audit "
        "BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END",
        "CREATE TRIGGER audit_keeps_values BEFORE UPDATE ON audit "
        "BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END",
    ),
    "postgresql": (
        "CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the audit is append-only'; END $$",
        "CREATE TRIGGER audit_keeps_rows BEFORE UPDATE OR DELETE OR TRUNCATE ON audit "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()",
    ),
}

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("object", sa.Text(), nullable=False),
        sa.Column("branch", sa.Text(), server_default="", nullable=False),
        sa.Column("detail", sa.Text(), server_default="{}", nullable=False),
        sa.Column("prev", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
        sqlite_autoincrement=True,
    )
    op.create_index("audit_branch", "audit", ["branch", "id"], unique=False)
    op.create_index("audit_object", "audit", ["object", "id"], unique=False)
    op.create_table(
        "chat",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("session", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("out_seq", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("ready_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chat")),
    )
    op.create_index(
        "chat_ready",
        "chat",
        ["ready_at"],
        unique=False,
        sqlite_where=sa.text("ready_at is not null"),
        postgresql_where=sa.text("ready_at is not null"),
    )
    op.create_table(
        "consent",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("chat", sa.Text(), nullable=False),
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("text_sha256", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("event", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
        sqlite_autoincrement=True,
    )
    op.create_index("consent_chat", "consent", ["chat", "service"], unique=False)
    op.create_table(
        "document",
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("mime", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("stored_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_document")),
    )
    op.create_table(
        "event",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("provider_id", sa.Text(), nullable=False),
        sa.Column("chat", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("rank", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("media", sa.Text(), server_default="", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("status", sa.Text(), server_default="new", nullable=False),
        sa.Column("error", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint(
            "status = 'fetching' or status = 'new' or status = 'done' or status = 'dead'", name=op.f("ck_event_status")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
        sa.UniqueConstraint("channel", "provider_id", name=op.f("uq_event_channel_provider_id")),
    )
    op.create_index(
        "event_fetching",
        "event",
        ["id"],
        unique=False,
        sqlite_where=sa.text("status = 'fetching'"),
        postgresql_where=sa.text("status = 'fetching'"),
    )
    op.create_index(
        "event_head",
        "event",
        ["chat", "rank", "id"],
        unique=False,
        sqlite_where=sa.text("status in ('fetching', 'new')"),
        postgresql_where=sa.text("status in ('fetching', 'new')"),
    )
    op.create_index(
        "event_web",
        "event",
        ["chat", "id"],
        unique=False,
        sqlite_where=sa.text("channel = 'web'"),
        postgresql_where=sa.text("channel = 'web'"),
    )
    op.create_table(
        "officer",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("branch", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), server_default="", nullable=False),
        sa.Column("disabled", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "role = 'officer' or role = 'supervisor' or role = 'admin'", name=op.f("ck_officer_role")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_officer")),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("chat", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("event", sa.BigInteger(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.Text(), server_default="pending", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("not_before", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("owner", sa.Text(), server_default="", nullable=False),
        sa.Column("provider_ref", sa.Text(), server_default="", nullable=False),
        sa.Column("error", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "status = 'pending' or status = 'sending' or status = 'sent' or status = 'failed' or status = 'unknown'",
            name=op.f("ck_outbox_status"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("chat", "seq", name=op.f("uq_outbox_chat_seq")),
        sa.UniqueConstraint("event", "n", name=op.f("uq_outbox_event_n")),
    )
    op.create_index(
        "outbox_open",
        "outbox",
        ["not_before", "id"],
        unique=False,
        sqlite_where=sa.text("status in ('pending', 'sending')"),
        postgresql_where=sa.text("status in ('pending', 'sending')"),
    )
    op.create_table(
        "request",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("submission", sa.Text(), nullable=False),
        sa.Column("chat", sa.Text(), nullable=False),
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column("branch", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), server_default="waiting", nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column("report", sa.Text(), nullable=False),
        sa.Column("report_masked", sa.Text(), nullable=False),
        sa.Column("flags", sa.Text(), server_default="[]", nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("officer", sa.Text(), server_default="", nullable=False),
        sa.Column("lease_until", sa.BigInteger(), nullable=True),
        sa.Column("correction_step", sa.Text(), server_default="", nullable=False),
        sa.Column("queued_at", sa.BigInteger(), nullable=False),
        sa.Column("priority", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("filed_at", sa.BigInteger(), nullable=False),
        sa.Column("claimed_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("outcome", sa.Text(), server_default="", nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.CheckConstraint(
            "status = 'waiting' or status = 'claimed' or status = 'needs_correction' or status = 'done' or status = 'refused' or status = 'withdrawn' or status = 'expired'",
            name=op.f("ck_request_status"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request")),
        sa.UniqueConstraint("number", name=op.f("uq_request_number")),
        sa.UniqueConstraint("submission", name=op.f("uq_request_submission")),
        sqlite_autoincrement=True,
    )
    op.create_index("request_chat", "request", ["chat", "filed_at"], unique=False)
    op.create_index("request_branch", "request", ["branch", "id"], unique=False)
    op.create_index(
        "request_held",
        "request",
        ["branch", "officer"],
        unique=False,
        sqlite_where=sa.text("status in ('claimed', 'needs_correction')"),
        postgresql_where=sa.text("status in ('claimed', 'needs_correction')"),
    )
    op.create_index(
        "request_waiting",
        "request",
        ["branch", sa.literal_column("priority DESC"), "queued_at", "id"],
        unique=False,
        sqlite_where=sa.text("status = 'waiting'"),
        postgresql_where=sa.text("status = 'waiting'"),
    )
    op.create_table(
        "ticket_counter",
        sa.Column("branch", sa.Text(), nullable=False),
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column("last", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("branch", "service", name=op.f("pk_ticket_counter")),
    )
    op.create_table(
        "worker",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("heartbeat_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_worker")),
    )
    op.create_table(
        "login_link",
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("officer", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["officer"], ["officer.id"], name=op.f("fk_login_link_officer")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_login_link")),
    )
    op.create_table(
        "message",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("request", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("officer", sa.Text(), server_default="", nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint(
            "author = 'participant' or author = 'officer' or author = 'bot' or author = 'note'", name=op.f("ck_message_author")
        ),
        sa.ForeignKeyConstraint(["request"], ["request.id"], name=op.f("fk_message_request")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sqlite_autoincrement=True,
    )
    op.create_index("message_request", "message", ["request", "id"], unique=False)
    op.create_table(
        "officer_session",
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("officer", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["officer"], ["officer.id"], name=op.f("fk_officer_session_officer")
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_officer_session")),
    )
    op.create_index("officer_session_officer", "officer_session", ["officer"], unique=False)
    op.create_table(
        "rating",
        sa.Column("request", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("score between 1 and 3", name=op.f("ck_rating_score")),
        sa.ForeignKeyConstraint(["request"], ["request.id"], name=op.f("fk_rating_request")),
        sa.PrimaryKeyConstraint("request", name=op.f("pk_rating")),
    )
    op.create_table(
        "request_document",
        sa.Column("request", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["request"], ["request.id"], name=op.f("fk_request_document_request")
        ),
        sa.ForeignKeyConstraint(
            ["sha256"], ["document.sha256"], name=op.f("fk_request_document_sha256")
        ),
        sa.PrimaryKeyConstraint("request", "step", "n", name=op.f("pk_request_document")),
    )
    for statement in APPEND_ONLY[op.get_bind().dialect.name]:
        op.execute(statement)
