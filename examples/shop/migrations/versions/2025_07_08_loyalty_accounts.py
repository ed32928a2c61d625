"""loyalty accounts

Revision ID: 2b6de9f1a048
Revises: d82b6417ce35
Create Date: 2025-07-08 07:20:19.661250+00:00

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '2b6de9f1a048'
down_revision = 'd82b6417ce35'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'loyalty_accounts',
        sa.Column('customer_id', sa.BigInteger(), nullable=False),
        sa.Column('points', sa.Integer(), server_default='0', nullable=False),
        sa.Column('joined_on', sa.Date(), server_default=sa.text('CURRENT_DATE'), nullable=False),
        sa.CheckConstraint('points >= 0', name=op.f('ck_loyalty_accounts_points_not_negative')),
        sa.ForeignKeyConstraint(
            ['customer_id'],
            ['customers.id'],
            name=op.f('fk_loyalty_accounts_customer_id_customers'),
            ondelete='CASCADE',
        ),
        sa.PrimaryKeyConstraint('customer_id', name=op.f('pk_loyalty_accounts')),
    )


def downgrade() -> None:
    op.drop_table('loyalty_accounts')
