"""merge totals and notes"""

import sqlalchemy as sa
from alembic import op

revision = "d1"
down_revision = ("b1", "c1")


def upgrade():
    op.execute(sa.text("UPDATE orders SET note = note || ': ' || total"))
    op.create_index("ix_orders_total", "orders", ["total"])


def downgrade():
    op.drop_index("ix_orders_total")
