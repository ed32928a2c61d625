"""find orders by their total and by their status

Revision ID: a0b1c2d3e4f5
Revises: e6a2714c0b9f
"""
from alembic import op


revision = 'a0b1c2d3e4f5'
down_revision = 'e6a2714c0b9f'


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '3s'")
    op.create_index('ix_été_🚀', 'orders', ['total'])
    op.create_index('ix_orders_status', 'orders', ['status'])


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '3s'")
    op.drop_index('ix_orders_status', table_name='orders')
    op.drop_index('ix_été_🚀', table_name='orders')
