"""refunds

Revision ID: 0d9b83f6a5e4
Revises: 47d0c6e2f81b
Create Date: 2025-11-25 16:21:09.302817+00:00

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0d9b83f6a5e4'
down_revision = '47d0c6e2f81b'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'refunds',
        sa.Column('id', sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column('order_id', sa.BigInteger(), nullable=False),
        sa.Column('amount', sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column('paid_at', sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint('amount > 0', name=op.f('ck_refunds_amount_positive')),
        sa.ForeignKeyConstraint(['order_id'], ['orders.id'], name=op.f('fk_refunds_order_id_orders')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_refunds')),
    )
    op.create_index(op.f('ix_refunds_order_id'), 'refunds', ['order_id'])
    op.create_index(
        'ix_orders_returned',
        'orders',
        ['placed_at'],
        postgresql_where=sa.text("status = 'returned'"),
    )


def downgrade() -> None:
    op.drop_index('ix_orders_returned', table_name='orders')
    op.drop_index(op.f('ix_refunds_order_id'), table_name='refunds')
    op.drop_table('refunds')
