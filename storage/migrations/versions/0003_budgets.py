"""Budgets: wrong codes are counted by chat and over all, and a breaker closes the mail proof."""

import sqlalchemy as sa
from alembic import op

import storage.columns

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "breakers",
        sa.Column("company", sa.String(length=64), nullable=False),
        sa.Column("closed_at", storage.columns.Instant(), nullable=False),
        sa.Column("until", storage.columns.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("company", name=op.f("pk_breakers")),
    )
    for first in ("conversation_id", "company"):
        op.create_index(op.f(f"ix_challenges_{first}_created_at"), "challenges", [first, "created_at"], unique=False)


def downgrade() -> None:
    # The older schema knows no such notice and would never send it.
    op.execute(sa.text("DELETE FROM outbox WHERE notice = 'alarm'"))
    for first in ("company", "conversation_id"):
        op.drop_index(op.f(f"ix_challenges_{first}_created_at"), "challenges")
    op.drop_table("breakers")
