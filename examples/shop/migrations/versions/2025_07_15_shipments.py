"""shipments

Revision ID: f47a1d05b9c6
Revises: d82b6417ce35
Create Date: 2025-07-15 15:08:02.417733+00:00

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = 'f47a1d05b9c6'
down_revision = 'd82b6417ce35'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'shipments',
        sa.Column('id', sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column('order_id', sa.BigInteger(), nullable=False),
        sa.Column('carrier', sa.String(length=30), nullable=False),
        sa.Column('tracking_code', sa.String(length=60), nullable=True),
        sa.Column('handed_over_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('delivered_at', sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(['order_id'], ['orders.id'], name=op.f('fk_shipments_order_id_orders')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_shipments')),
    )
    op.create_index(op.f('ix_shipments_order_id'), 'shipments', ['order_id'])


def downgrade() -> None:
    op.drop_index(op.f('ix_shipments_order_id'), table_name='shipments')
    op.drop_table('shipments')
