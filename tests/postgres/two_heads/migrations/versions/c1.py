"""order notes"""

import sqlalchemy as sa
from alembic import op

revision = "c1"
down_revision = "a1"


def upgrade():
    op.add_column("orders", sa.Column("note", sa.Text()))


def downgrade():
    op.drop_column("orders", "note")
