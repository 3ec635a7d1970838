"""The tables, once for both engines.

Instants are microseconds since the epoch (``data.instants``), JSON is kept as text. A change here
needs a migration in ``data/migrations/versions``; a test compares the two.
"""

from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)


def _id() -> Column[int]:
    return Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True)


def _word(name: str, default: str | None = None) -> Column[str]:
    return Column(name, Text, nullable=False, server_default=default)


def _count(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False, server_default=text("0"))


def _instant(name: str, *, required: bool = True) -> Column[int]:
    return Column(name, BigInteger, nullable=not required)


def _number(name: str) -> Column[int]:
    return Column(name, BigInteger, nullable=False, server_default=text("0"))


def _one_of(column: str, *values: str) -> CheckConstraint:
    # For a list of more than two SQLite makes a table in memory, at every row: a tenth of a turn.
    each = " or ".join(f"{column} = '{value}'" for value in values)
    return CheckConstraint(each, name=column)


def _one_of_at_turns(column: str, *values: str) -> Any:
    # PostgreSQL plans a check anew whenever a statement writes to its table: a fourteenth of what a
    # batch of turns costs it. Most statements are the same on SQLite, where each row is checked.
    return _one_of(column, *values).ddl_if(dialect="sqlite")


def _part(name: str, where: str, *columns: Any) -> Index:
    """An index over the few rows that are still alive, so that history costs nothing."""
    return Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where))


TERM = Text().with_variant(Text(collation="C"), "postgresql")
"""Text that sorts by its characters, so that what begins alike stands together."""

KEPT_IDS: dict[str, Any] = {"sqlite_autoincrement": True}
"""The number of a removed row is never given to another one: people may have seen it.

Events and messages of the outbox, which nobody numbers, do without: it costs a tenth of a turn.
"""

chat = Table(
    "chat",
    metadata,
    Column("id", Text, primary_key=True),
    Column("session", LargeBinary),
    _count("version"),
    _count("out_seq"),
    _instant("ready_at", required=False),
    _instant("blocked_at", required=False),
    _part("chat_ready", "ready_at is not null", "ready_at"),
)

event = Table(
    "event",
    metadata,
    _id(),
    _word("channel"),
    _word("provider_id"),
    _word("chat"),
    Column("body", LargeBinary, nullable=False),
    _instant("received_at"),
    _instant("due_at"),
    _number("rank"),
    _word("media", ""),
    _count("attempts"),
    _word("status", "new"),
    _word("error", ""),
    UniqueConstraint("channel", "provider_id"),
    _one_of_at_turns("status", "fetching", "new", "done", "dead"),
    _part("event_head", "status in ('fetching', 'new')", "chat", "rank", "id"),
    _part("event_fetching", "status = 'fetching'", "id"),
    _part("event_web", "channel = 'web'", "chat", "id"),
    _part("event_dead", "status = 'dead'", "id"),
)

outbox = Table(
    "outbox",
    metadata,
    _id(),
    _word("chat"),
    Column("seq", Integer, nullable=False),
    Column("event", BigInteger, nullable=False),
    Column("n", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
    _word("status", "pending"),
    _count("attempts"),
    _number("not_before"),
    _word("owner", ""),
    _word("provider_ref", ""),
    _word("error", ""),
    _instant("created_at"),
    _instant("ended_at", required=False),
    UniqueConstraint("event", "n"),
    UniqueConstraint("chat", "seq"),
    _one_of_at_turns("status", "pending", "sending", "sent", "failed", "unknown"),
    _part("outbox_open", "status in ('pending', 'sending')", "not_before", "id"),
    _part("outbox_parked", "not_before = 9223372036854775807", "chat"),
)

worker = Table(
    "worker",
    metadata,
    Column("id", Text, primary_key=True),
    _instant("started_at"),
    _instant("heartbeat_at"),
)

request = Table(
    "request",
    metadata,
    _id(),
    Column("number", Text, nullable=False, unique=True),
    Column("submission", Text, nullable=False, unique=True),
    _word("chat"),
    _word("service"),
    _word("branch"),
    _word("status", "waiting"),
    _word("answers"),
    _word("report"),
    _word("report_masked"),
    _word("flags", "[]"),
    _word("digest"),
    _word("officer", ""),
    _instant("lease_until", required=False),
    _word("correction_step", ""),
    _instant("queued_at"),
    _number("due_at"),
    _count("priority"),
    _instant("filed_at"),
    _instant("claimed_at", required=False),
    _instant("ended_at", required=False),
    _word("outcome", ""),
    _word("reason", ""),
    _word("reason_code", ""),
    _count("version"),
    _instant("promised", required=False),
    _one_of(
        "status",
        "waiting",
        "claimed",
        "needs_correction",
        "done",
        "refused",
        "withdrawn",
        "expired",
    ),
    Index("request_chat", "chat", "filed_at"),
    Index("request_branch", "branch", "id"),
    Index("request_filed", "filed_at", "id"),
    _part("request_held", "status in ('claimed', 'needs_correction')", "branch", "officer"),
    **KEPT_IDS,
)
_part(
    "request_waiting",
    "status = 'waiting'",
    request.c.branch,
    request.c.priority.desc(),
    request.c.due_at,
    request.c.queued_at,
    request.c.id,
)

_part(
    "request_ended",
    "status in ('done', 'refused')",
    request.c.branch,
    request.c.ended_at,
    request.c.service,
)

request_term = Table(
    "request_term",
    metadata,
    Column("branch", Text, primary_key=True),
    Column("term", TERM, primary_key=True),
    Column("request", ForeignKey("request.id"), primary_key=True),
    Index("request_term_request", "request"),
)
"""What a request can be found by (`services.finding`)."""

request_told = Table(
    "request_told",
    metadata,
    Column("request", ForeignKey("request.id"), primary_key=True),
    _instant("at"),
    Column("place", Integer, nullable=False),
    _instant("until", required=False),
)
"""What a participant was told of a place in the queue, and until when that holds."""

message = Table(
    "message",
    metadata,
    _id(),
    Column("request", ForeignKey("request.id"), nullable=False),
    _instant("at"),
    _word("author"),
    _word("officer", ""),
    _word("body"),
    _word("document", ""),
    _word("told", ""),
    _one_of("author", "participant", "officer", "bot", "note"),
    Index("message_request", "request", "id"),
    **KEPT_IDS,
)

document = Table(
    "document",
    metadata,
    Column("sha256", Text, primary_key=True),
    _word("mime"),
    Column("size", BigInteger, nullable=False),
    _instant("stored_at"),
    _count("turned"),
)

request_document = Table(
    "request_document",
    metadata,
    Column("request", ForeignKey("request.id"), primary_key=True),
    Column("step", Text, primary_key=True),
    Column("n", Integer, primary_key=True),
    Column("sha256", ForeignKey("document.sha256"), nullable=False),
    _word("name"),
)

request_check = Table(
    "request_check",
    metadata,
    Column("request", ForeignKey("request.id"), primary_key=True),
    Column("item", Text, primary_key=True),
    Column("n", Integer, nullable=False),
    _word("officer", ""),
    _instant("at", required=False),
)

unsent = Table(
    "unsent",
    metadata,
    _id(),
    Column("event", Text, nullable=False, unique=True),
    Column("request", ForeignKey("request.id"), nullable=False),
    _word("officer"),
    _word("action"),
    _instant("due_at"),
    _count("version"),
    _word("was"),
    Column("message", BigInteger, nullable=False),
    _word("typed", "{}"),
    Index("unsent_request", "request"),
    Index("unsent_due", "due_at"),
)

presence = Table(
    "presence",
    metadata,
    Column("request", ForeignKey("request.id"), primary_key=True),
    Column("officer", Text, primary_key=True),
    _instant("until"),
)

quick_reply = Table(
    "quick_reply",
    metadata,
    _id(),
    _word("branch"),
    _word("name"),
    _word("services", "[]"),
    _word("body"),
    _count("used"),
    _word("officer"),
    _instant("at"),
    Index("quick_reply_branch", "branch"),
)

ticket_counter = Table(
    "ticket_counter",
    metadata,
    Column("branch", Text, primary_key=True),
    Column("service", Text, primary_key=True),
    _count("last"),
)

consent = Table(
    "consent",
    metadata,
    _id(),
    _word("chat"),
    _word("service"),
    _word("key"),
    _word("text_sha256"),
    _instant("at"),
    Column("event", BigInteger, nullable=False),
    Index("consent_chat", "chat", "service"),
    **KEPT_IDS,
)

audit = Table(
    "audit",
    metadata,
    _id(),
    _instant("at"),
    _word("actor"),
    _word("action"),
    _word("object"),
    _word("branch", ""),
    _word("detail", "{}"),
    _word("prev"),
    _word("hash"),
    Index("audit_object", "object", "id"),
    Index("audit_branch", "branch", "id"),
    **KEPT_IDS,
)

officer = Table(
    "officer",
    metadata,
    Column("id", Text, primary_key=True),
    _word("name"),
    _word("branch"),
    _word("role"),
    _word("password_hash", ""),
    _count("disabled"),
    _instant("created_at"),
    _word("region", ""),
    _instant("password_at", required=False),
    _word("totp_secret", ""),
    _number("totp_step"),
    _word("preferences", "{}"),
    _instant("seen_at", required=False),
    _one_of("role", "officer", "supervisor", "region", "admin", "auditor"),
)

officer_branch = Table(
    "officer_branch",
    metadata,
    Column("officer", ForeignKey("officer.id"), primary_key=True),
    Column("branch", Text, primary_key=True),
)
"""Whose rows an officer may see, ``*`` for every branch. Statements that show rows ask here."""

recovery_code = Table(
    "recovery_code",
    metadata,
    Column("officer", ForeignKey("officer.id"), primary_key=True),
    Column("code_hash", Text, primary_key=True),
)

sign_in_delay = Table(
    "sign_in_delay",
    metadata,
    Column("key", Text, primary_key=True),
    _count("tries"),
    _instant("tried_at"),
    _instant("free_at"),
)

login_link = Table(
    "login_link",
    metadata,
    Column("token_hash", Text, primary_key=True),
    Column("officer", ForeignKey("officer.id"), nullable=False),
    _instant("created_at"),
    _instant("expires_at"),
    _instant("used_at", required=False),
)

officer_session = Table(
    "officer_session",
    metadata,
    Column("token_hash", Text, primary_key=True),
    Column("officer", ForeignKey("officer.id"), nullable=False),
    _instant("created_at"),
    _instant("seen_at"),
    _instant("expires_at"),
    _word("awaits", ""),
    Index("officer_session_officer", "officer"),
)

rating = Table(
    "rating",
    metadata,
    Column("request", ForeignKey("request.id"), primary_key=True),
    Column("score", Integer, nullable=False),
    _word("text", ""),
    _instant("at"),
    CheckConstraint("score between 1 and 3", name="score"),
)

calendar = Table(
    "calendar",
    metadata,
    Column("place", Text, primary_key=True),
    _count("version"),
)

calendar_change = Table(
    "calendar_change",
    metadata,
    _id(),
    _word("place"),
    Column("token", Text, nullable=False, unique=True),
    _instant("at"),
    _word("officer"),
    _word("reason"),
    Index("calendar_change_place", "place", "id"),
    **KEPT_IDS,
)

calendar_entry = Table(
    "calendar_entry",
    metadata,
    _id(),
    _word("place"),
    _word("body"),
    Column("made", ForeignKey("calendar_change.id"), nullable=False),
    Column("ended", ForeignKey("calendar_change.id")),
    _part("calendar_entry_held", "ended is null", "id"),
    **KEPT_IDS,
)

figure = Table(
    "figure",
    metadata,
    Column("request", ForeignKey("request.id"), primary_key=True),
    _word("branch"),
    _word("service"),
    _word("status"),
    _word("officer", ""),
    _instant("filed_at"),
    _instant("claimed_at", required=False),
    _instant("last_claimed_at", required=False),
    _instant("responded_at", required=False),
    _instant("ended_at", required=False),
    _count("corrections"),
    Column("wait", Integer),
    Column("response", Integer),
    Column("handling", Integer),
    Index("figure_ended", "branch", "ended_at"),
    Index("figure_filed", "branch", "filed_at"),
)

figure_cursor = Table(
    "figure_cursor",
    metadata,
    Column("branch", Text, primary_key=True),
    _number("entry"),
)

abandoned = Table(
    "abandoned",
    metadata,
    _id(),
    _instant("at"),
    _word("branch", ""),
    _word("service"),
    _word("step"),
    _word("how"),
    _one_of("how", "expired", "cancelled"),
    Index("abandoned_branch", "branch", "at"),
)

staff_code = Table(
    "staff_code",
    metadata,
    Column("officer", ForeignKey("officer.id"), primary_key=True),
    Column("code_hash", Text, nullable=False, unique=True),
    _instant("expires_at"),
)

staff_link = Table(
    "staff_link",
    metadata,
    Column("officer", ForeignKey("officer.id"), primary_key=True),
    Column("chat", Text, nullable=False, unique=True),
    _instant("linked_at"),
    _word("silent", ""),
)

staff_alert = Table(
    "staff_alert",
    metadata,
    Column("officer", ForeignKey("officer.id"), primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("thing", Text, primary_key=True),
    _instant("at"),
)

identity = Table(
    "identity",
    metadata,
    _id(),
    _word("channel"),
    Column("chat", Text, nullable=False, unique=True),
    _instant("created_at"),
    _instant("heard_at", required=False),
    _instant("template_at", required=False),
    **KEPT_IDS,
)
"""Somebody on a network that names people in several ways: when they last wrote, by its clock."""

identity_alias = Table(
    "identity_alias",
    metadata,
    Column("channel", Text, primary_key=True),
    Column("external", Text, primary_key=True),
    Column("identity", ForeignKey("identity.id"), nullable=False),
    _instant("added_at"),
    Index("identity_alias_identity", "identity"),
)
"""The names of an identity, ``<kind>:<value>``; a name belongs to one identity at a time."""

delivery = Table(
    "delivery",
    metadata,
    Column("outbox", BigInteger, primary_key=True, autoincrement=False),
    _word("state"),
    _word("error", ""),
    _instant("at"),
)
"""How far a message came, as its network told: ``sent``, ``delivered``, ``read``, ``failed``."""

template_use = Table(
    "template_use",
    metadata,
    Column("outbox", BigInteger, primary_key=True, autoincrement=False),
    Column("at", BigInteger, primary_key=True, autoincrement=False),
    _word("template"),
    _word("chat"),
    _word("branch", ""),
    _word("provider_ref", ""),
    _word("state", ""),
    _word("error", ""),
    Index("template_use_at", "at"),
)
"""Templates that were sent, for the message that waits behind each: they cost money.

*state* and *error* as in `delivery`.
"""

template_early = Table(
    "template_early",
    metadata,
    Column("outbox", BigInteger, primary_key=True, autoincrement=False),
    Column("provider_ref", Text, primary_key=True),
    Column("state", Text, primary_key=True),
    _word("error", ""),
    _instant("at"),
)
"""What a network told of a template before its `template_use` was written."""

bucket = Table(
    "bucket",
    metadata,
    Column("name", Text, primary_key=True),
    _instant("full_at"),
    _instant("told_at", required=False),
)
"""Token buckets that are not full: when each would be full again, and when that was last told."""

duty = Table(
    "duty",
    metadata,
    Column("name", Text, primary_key=True),
    _word("owner"),
    _instant("until"),
)
"""Work that one process may do at a time, such as polling with a token."""

link_code = Table(
    "link_code",
    metadata,
    Column("chat", Text, primary_key=True),
    Column("code_hash", Text, nullable=False, unique=True),
    _instant("expires_at"),
)
"""One-time codes by which a participant goes on in another chat."""
