"""merge loyalty and shipments

Revision ID: b15e7a40d9c3
Revises: 90c4f1b73ed5, 6e3d9c82a1f0
Create Date: 2025-09-16 08:03:51.150689+00:00

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = 'b15e7a40d9c3'
down_revision = ('90c4f1b73ed5', '6e3d9c82a1f0')
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
