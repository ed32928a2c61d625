"""one account per address

Addresses were stored as typed. They become lower case and, from here on, unique; support merged
the 41 double accounts by hand beforehand.

Revision ID: d82b6417ce35
Revises: 5a0f3c8be217
Create Date: 2025-05-20 12:55:31.094472+00:00

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = 'd82b6417ce35'
down_revision = '5a0f3c8be217'
branch_labels = None
depends_on = None

customers = sa.table('customers', sa.column('email', sa.String))


def upgrade() -> None:
    op.execute(
        customers.update()
        .where(customers.c.email != sa.func.lower(customers.c.email))
        .values(email=sa.func.lower(customers.c.email))
    )
    op.create_unique_constraint(op.f('uq_customers_email'), 'customers', ['email'])


def downgrade() -> None:
    # The old spelling is gone.
    pass
