"""order dates

Revision ID: 1a0000000003
Revises: 1a0000000002
"""
import sqlalchemy as sa
from alembic import op

revision = "1a0000000003"
down_revision = "1a0000000002"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("orders", sa.Column("placed_at", sa.DateTime(timezone=True)))


def downgrade():
    op.drop_column("orders", "placed_at")
