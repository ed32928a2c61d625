"""orders and their lines

Revision ID: c3b7e0512f9a
Revises: 8f1c2a9d4b70
Create Date: 2025-02-10 14:02:55.870431+00:00

"""
from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql


# revision identifiers, used by Alembic.
revision = 'c3b7e0512f9a'
down_revision = '8f1c2a9d4b70'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'orders',
        sa.Column('id', sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column('customer_id', sa.BigInteger(), nullable=False),
        sa.Column(
            'status',
            postgresql.ENUM('new', 'paid', 'shipped', 'cancelled', name='order_status'),
            server_default='new',
            nullable=False,
        ),
        sa.Column('total', sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column('placed_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
        sa.Column('cancelled_at', sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(['customer_id'], ['customers.id'], name=op.f('fk_orders_customer_id_customers')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_orders')),
    )
    op.create_table(
        'order_lines',
        sa.Column('order_id', sa.BigInteger(), nullable=False),
        sa.Column('line_no', sa.SmallInteger(), nullable=False),
        sa.Column('product_id', sa.BigInteger(), nullable=False),
        sa.Column('quantity', sa.Integer(), server_default='1', nullable=False),
        sa.Column('price', sa.Numeric(precision=12, scale=2), nullable=False),
        sa.CheckConstraint('quantity > 0', name=op.f('ck_order_lines_quantity_positive')),
        sa.ForeignKeyConstraint(
            ['order_id'], ['orders.id'], name=op.f('fk_order_lines_order_id_orders'), ondelete='CASCADE'
        ),
        sa.ForeignKeyConstraint(
            ['product_id'], ['products.id'], name=op.f('fk_order_lines_product_id_products')
        ),
        sa.PrimaryKeyConstraint('order_id', 'line_no', name=op.f('pk_order_lines')),
    )


def downgrade() -> None:
    op.drop_table('order_lines')
    op.drop_table('orders')
    # create_table made the type along with its column, drop_table leaves it behind.
    op.execute('DROP TYPE order_status')
