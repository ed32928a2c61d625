"""shipments: promised day, and points for late ones

Late shipments are made good with loyalty points, so the accounts have to be there first.

Revision ID: 6e3d9c82a1f0
Revises: f47a1d05b9c6
Create Date: 2025-09-02 11:46:27.938065+00:00

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '6e3d9c82a1f0'
down_revision = 'f47a1d05b9c6'
branch_labels = None
depends_on = '2b6de9f1a048'


def upgrade() -> None:
    op.add_column('shipments', sa.Column('promised_on', sa.Date(), nullable=True))
    op.add_column('shipments', sa.Column('credited_to', sa.BigInteger(), nullable=True))
    op.create_foreign_key(
        op.f('fk_shipments_credited_to_loyalty_accounts'),
        'shipments',
        'loyalty_accounts',
        ['credited_to'],
        ['customer_id'],
        ondelete='SET NULL',
    )


def downgrade() -> None:
    op.drop_constraint(op.f('fk_shipments_credited_to_loyalty_accounts'), 'shipments', type_='foreignkey')
    op.drop_column('shipments', 'credited_to')
    op.drop_column('shipments', 'promised_on')
