"""The life of a request: decisions, who wrote what, and what the steps keep."""

import sqlalchemy as sa
from alembic import op

import storage.columns

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_cases = sa.table(
    "cases",
    sa.column("kind", sa.String),
    sa.column("status", sa.String),
    sa.column("touches_contact", sa.Boolean),
)
_outbox = sa.table("outbox", sa.column("recipient", sa.String), sa.column("notice", sa.String))

# Columns are added and dropped one by one, without rebuilding a table: both databases can.


def upgrade() -> None:
    op.create_table(
        "case_decisions",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("verdicts", storage.columns.Sealed(), nullable=False),
        sa.Column("first", sa.String(length=64), nullable=False),
        sa.Column("at", storage.columns.Instant(), nullable=False),
        sa.Column("second", sa.String(length=64), nullable=True),
        sa.Column("ended_at", storage.columns.Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_decisions")),
    )
    op.create_index(op.f("ix_case_decisions_case_id"), "case_decisions", ["case_id"], unique=False)
    op.add_column("case_entries", sa.Column("author", sa.String(length=64), nullable=True))
    op.add_column("case_entries", sa.Column("code", sa.String(length=32), nullable=True))
    op.add_column("cases", sa.Column("touches_contact", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("cases", sa.Column("asked_at", storage.columns.Instant(), nullable=True))
    op.add_column("cases", sa.Column("reminded_at", storage.columns.Instant(), nullable=True))
    op.add_column("cases", sa.Column("extended_at", storage.columns.Instant(), nullable=True))
    op.add_column("cases", sa.Column("disagree_until", sa.Date(), nullable=True))
    op.add_column("cases", sa.Column("specified", storage.columns.Sealed(), nullable=True))
    op.create_index(op.f("ix_cases_company_status"), "cases", ["company", "status"], unique=False)
    # Whether an older correction would change a contact was not kept: it takes the stronger proof.
    op.execute(_cases.update().where(_cases.c.kind == "correction").values(touches_contact=True))


def downgrade() -> None:
    # What the older schema has no word for: a request that staff work on is open to it. One that was decided it could
    # only call withdrawn, which would be untrue, so it is not taken back.
    ended = sa.select(sa.func.count()).select_from(_cases).where(_cases.c.status.in_(["decided", "lapsed", "closed"]))
    if op.get_bind().execute(ended).scalar_one():
        raise RuntimeError("There are decided requests, which the older version cannot read. Restore a backup instead.")
    op.execute(_cases.update().where(_cases.c.status.in_(["awaiting_customer", "proposed"])).values(status="open"))
    known = ["code", "receipt", "escalation", "addition", "withdrawal"]
    op.execute(_outbox.delete().where(sa.or_(_outbox.c.recipient == "chat", _outbox.c.notice.not_in(known))))
    op.drop_index(op.f("ix_cases_company_status"), "cases")
    for name in ("specified", "disagree_until", "extended_at", "reminded_at", "asked_at", "touches_contact"):
        op.drop_column("cases", name)
    for name in ("code", "author"):
        op.drop_column("case_entries", name)
    op.drop_index(op.f("ix_case_decisions_case_id"), "case_decisions")
    op.drop_table("case_decisions")
