"""A key for each case, legal hold, and what retention has shredded."""

import sqlalchemy as sa
from alembic import op

import storage.columns

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_keys = sa.table("case_keys")


def upgrade() -> None:
    op.create_table(
        "case_keys",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("key", storage.columns.Sealed(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_keys")),
    )
    op.add_column("cases", sa.Column("held_at", storage.columns.Instant(), nullable=True))
    op.add_column("cases", sa.Column("shredded_at", storage.columns.Instant(), nullable=True))


def downgrade() -> None:
    # The older schema has no place for the cases' keys; without them their contents are noise.
    if op.get_bind().execute(sa.select(sa.func.count()).select_from(_keys)).scalar_one():
        raise RuntimeError("There are cases with keys, which the older version cannot read. Restore a backup instead.")
    for name in ("shredded_at", "held_at"):
        op.drop_column("cases", name)
    op.drop_table("case_keys")
