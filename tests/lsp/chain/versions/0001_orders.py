"""orders

Revision ID: 1a0000000001
Revises:
"""
import sqlalchemy as sa
from alembic import op

revision = "1a0000000001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.execute("CREATE TYPE order_status AS ENUM ('new', 'paid')")
    op.create_table(
        "orders",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("status", sa.Enum("new", "paid", name="order_status", create_type=False)),
        sa.Column("total", sa.Numeric(12, 2), nullable=False),
    )


def downgrade():
    op.drop_table("orders")
    op.execute("DROP TYPE order_status")
