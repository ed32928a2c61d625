"""find orders by customer

The account page lists a customer's orders, newest first. The table is in use, so the index is
built without blocking writes.

Revision ID: 1e94d7a6c082
Revises: c3b7e0512f9a
Create Date: 2025-03-05 08:17:40.226904+00:00

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '1e94d7a6c082'
down_revision = 'c3b7e0512f9a'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.create_index(
            'ix_orders_customer_id_placed_at',
            'orders',
            ['customer_id', sa.text('placed_at DESC')],
            postgresql_concurrently=True,
        )


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index(
            'ix_orders_customer_id_placed_at',
            table_name='orders',
            postgresql_concurrently=True,
        )
