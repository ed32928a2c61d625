// Flask-SQLAlchemy's `db`: names of SQLAlchemy, and models. Its session and engines belong to the
// application, on connections of their own: what runs there is not part of a revision, and unknown.
#include "compiler/alembic/plugins/plugins.h"

namespace retort::alembic {

const Plugin kFlaskSqlAlchemy = {"flask_sqlalchemy",
                                 R"py(
import re

import sqlalchemy as sa
import sqlalchemy.orm as sa_orm
from flask_sqlalchemy_application import engine, engines, get_engine, get_or_404, first_or_404
from flask_sqlalchemy_application import one_or_404, paginate, session


def snake_case(name):
    return re.sub(r"((?<=[a-z0-9])[A-Z]|(?!^)[A-Z](?=[a-z]))", r"_\1", name).lower().lstrip("_")


def has_own_key(cls):
    return any(
        getattr(value, "primary_key", False)
        for value in vars(cls).values()
        if isinstance(value, sa.Column)
    )


class Model:
    __abstract__ = True

    @sa_orm.declared_attr
    def __tablename__(cls):
        if getattr(cls, "__table__", None) is not None and not has_own_key(cls):
            return None
        return snake_case(cls.__name__)


class SQLAlchemy:
    def __init__(self, app=None, *, metadata=None, session_options=None, query_class=None,
                 model_class=None, engine_options=None, **options):
        if model_class is None:
            self.Model = sa_orm.declarative_base(metadata=metadata, cls=Model, name="Model")
        else:
            self.Model = sa_orm.declarative_base(metadata=metadata, cls=model_class, name="Model")
        self.metadata = self.Model.metadata
        self.engine = engine
        self.engines = engines
        self.get_engine = get_engine
        self.session = session

    def init_app(self, app):
        pass

    def __getattr__(self, name):
        for module in (sa, sa_orm):
            if hasattr(module, name):
                return getattr(module, name)
        return getattr(session, name)
)py",
                                 {}};

}  // namespace retort::alembic
