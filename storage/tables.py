"""All tables. What is personal has the type `Sealed`; what is searched in it stands beside it as a blind index."""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)

from storage.columns import Instant, Sealed

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

_ID = String(32)

customers = Table(
    "customers",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("company", String(64), nullable=False),
    Column("email_index", String(64), nullable=False),
    Column("record", Sealed, nullable=False),
    UniqueConstraint("company", "email_index"),
)

challenges = Table(
    "challenges",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("company", String(64), nullable=False),
    Column("case_id", _ID, nullable=False),
    Column("conversation_id", _ID, nullable=False),
    Column("kind", String(32), nullable=False),
    Column("customer_id", _ID),
    Column("identity", String(64), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("used_at", Instant),
    Index(None, "case_id", "conversation_id"),
    Index(None, "identity", "created_at"),
    Index(None, "conversation_id", "created_at"),
    Index(None, "company", "created_at"),
)

breakers = Table(
    "breakers",
    metadata,
    Column("company", String(64), primary_key=True),
    Column("closed_at", Instant, nullable=False),
    Column("until", Instant, nullable=False),
)
"""The mail proof's breaker: no row, or one that is over, means open."""

cases = Table(
    "cases",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("ref", String(16), nullable=False, unique=True),
    Column("company", String(64), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("article", String(32)),
    Column("grounds", Text, nullable=False),
    Column("status", String(32), nullable=False),
    Column("outcome", String(32)),
    Column("assurance", String(16), nullable=False),
    Column("customer_id", _ID),
    Column("conversation_id", _ID, nullable=False, index=True),
    Column("language", String(8), nullable=False),
    Column("details", Sealed, nullable=False),
    Column("arrived_at", Instant, nullable=False),
    Column("filed_at", Instant, nullable=False),
    Column("first_touch_on", Date, nullable=False),
    Column("target_on", Date, nullable=False),
    Column("legal_mark_on", Date),
    Column("owner", String(64)),
    Column("touches_contact", Boolean, server_default=false(), nullable=False),
    Column("asked_at", Instant),
    Column("reminded_at", Instant),
    Column("extended_at", Instant),
    Column("disagree_until", Date),
    Column("specified", Sealed),
    Column("held_at", Instant),
    Column("shredded_at", Instant),
    Index(None, "company", "status"),
)

case_keys = Table(
    "case_keys",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("key", Sealed, nullable=False),
)
"""By the case's id: what is sealed of a case opens with its key, and with nothing once that is deleted."""

case_entries = Table(
    "case_entries",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("case_id", _ID, nullable=False, index=True),
    Column("kind", String(16), nullable=False),
    Column("at", Instant, nullable=False),
    Column("text", Sealed, nullable=False),
    Column("content", Sealed),
    Column("media_type", String(64)),
    Column("author", String(64)),
    Column("code", String(32)),
)

case_decisions = Table(
    "case_decisions",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("case_id", _ID, nullable=False, index=True),
    Column("state", String(16), nullable=False),
    Column("verdicts", Sealed, nullable=False),
    Column("first", String(64), nullable=False),
    Column("at", Instant, nullable=False),
    Column("second", String(64)),
    Column("ended_at", Instant),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("notice", String(32), nullable=False),
    Column("recipient", String(16), nullable=False),
    Column("company", String(64), nullable=False),
    Column("case_id", _ID, nullable=False),
    Column("subject_id", _ID, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("done_at", Instant),
    Column("dead_at", Instant),
    Column("reason", String(64)),
    Index(None, "done_at", "dead_at", "due_at"),
)

audit = Table(
    "audit",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("fact", String(32), nullable=False),
    Column("subject_id", String(64), nullable=False),
    Column("actor_kind", String(16), nullable=False),
    Column("actor_id", String(64), nullable=False),
    Column("notes", Text, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
)

conversations = Table(
    "conversations",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("company", String(64), nullable=False),
    Column("channel", String(64), nullable=False),
    Column("chat", String(64), nullable=False),
    Column("language", String(8), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Column("state", Sealed, nullable=False),
    UniqueConstraint("company", "channel", "chat"),
)

turns = Table(
    "turns",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("conversation_id", _ID, ForeignKey("conversations.id"), nullable=False),
    Column("channel", String(64), nullable=False),
    Column("delivery", String(64), nullable=False),
    Column("at", Instant, nullable=False),
    Column("said", Sealed, nullable=False),
    Column("replies", Sealed, nullable=False),
    Column("sent", Integer, nullable=False),
    Column("done_at", Instant),
    UniqueConstraint("channel", "delivery"),
    Index(None, "conversation_id", "at"),
    Index(None, "channel", "done_at", "at"),
)

parked_updates = Table(
    "parked_updates",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("channel", String(64), nullable=False),
    Column("delivery", String(64), nullable=False),
    Column("at", Instant, nullable=False),
    Column("reason", String(64), nullable=False),
    Column("raw", Sealed, nullable=False),
    UniqueConstraint("channel", "delivery"),
)
