#include "versions/env_py.h"

#include "tests/fake_disk.h"

#include <doctest/doctest.h>

using namespace retort;

namespace {

struct Env {
  FakeDisk disk;
  Run run{disk, 1, {}, {}};
  Config config;

  explicit Env(std::string text, FakeDisk::Files more = {},
               std::string ini = "[alembic]\nscript_location = migrations\n")
      : disk(with(std::move(more), std::move(text), std::move(ini))) {
    Result<Config> read = read_config(run, {.start_folder = "/repo"});
    REQUIRE(read);
    config = *std::move(read);
    read_env_py(run, config);
  }
  static FakeDisk::Files with(FakeDisk::Files files, std::string text, std::string ini) {
    files["/repo/.git/HEAD"] = "";
    files["/repo/alembic.ini"] = std::move(ini);
    files["/repo/migrations/env.py"] = std::move(text);
    return files;
  }

  std::string messages() const {
    std::string text;
    for (const Diagnostic& d : run.diagnostics.all()) {
      CHECK(d.level == Level::info);
      const Position at = run.sources.position(d.at.file, d.at.span.begin);
      text += std::string(run.sources.path(d.at.file)) + ":" + std::to_string(at.line) + ":" +
              std::to_string(at.column) + ": " + d.message + "\n";
    }
    return text;
  }
  template <class T>
  std::string place(const Setting<T>& setting) const {
    REQUIRE(setting.origin.kind == Origin::Kind::env_py);
    const Loc at = setting.origin.at;
    return std::string(run.sources.path(at.file)) + ":" +
           std::to_string(run.sources.position(at.file, at.span.begin).line);
  }
};

}  // namespace

TEST_CASE("env.py: literals of the call that offline mode uses") {
  const Env env("from alembic import context\n"
                "TABLE = 'rev' 'isions'\n"
                "def run_migrations_offline():\n"
                "    schema = r'ops'\n"
                "    context.configure(url=url, version_table=TABLE, version_table_schema=schema,\n"
                "        transaction_per_migration=True, transactional_ddl=False,\n"
                "        include_schemas=True, version_table_pk=False)\n"
                "def run_migrations_online():\n"
                "    context.configure(connection=c, version_table='other')\n"
                "if context.is_offline_mode():\n"
                "    run_migrations_offline()\n"
                "else:\n"
                "    run_migrations_online()\n");
  CHECK(env.config.version_table.value == "revisions");
  CHECK(env.config.version_table_schema.value == "ops");
  CHECK(env.config.transaction_per_migration.value);
  CHECK_FALSE(env.config.transactional_ddl.value);
  CHECK(env.config.include_schemas.value);
  CHECK_FALSE(env.config.version_table_pk.value);
  CHECK(env.place(env.config.version_table) == "/repo/migrations/env.py:2");
  CHECK(env.place(env.config.transactional_ddl) == "/repo/migrations/env.py:6");
  CHECK(env.messages() == "");
}

TEST_CASE("env.py: the branch decides, whatever the functions are called") {
  const Env env("def online():\n"
                "    context.configure(version_table='a')\n"
                "def offline():\n"
                "    script()\n"
                "def script():\n"
                "    context.configure(version_table='b')\n"
                "if not context.is_offline_mode():\n"
                "    online()\n"
                "else:\n"
                "    offline()\n");
  CHECK(env.config.version_table.value == "b");
  const Env only("def f():\n    context.configure(version_table='a')\n");
  CHECK(only.config.version_table.value == "a");
  const Env unclear("context.configure(a=1)\ncontext.configure(b=1)\n");
  CHECK(unclear.messages() ==
        "/repo/migrations/env.py:1:1: 2 `context.configure` calls and none is plainly for offline "
        "mode: set what they say in retort.toml\n");
}

TEST_CASE("env.py: settings made elsewhere stay, unreadable ones are reported") {
  const Env env(
      "import os\n"
      "def f(schema):\n"
      "    context.configure(version_table=os.environ['T'], version_table_schema=schema,\n"
      "                      include_schemas=bool(1), starting_rev='x', **options)\n");
  CHECK(env.config.version_table.is_default());
  CHECK(env.messages() ==
        "/repo/migrations/env.py:3:37: `version_table` is not a literal: set it in retort.toml\n"
        "/repo/migrations/env.py:3:75: `version_table_schema` is not a literal: set it in "
        "retort.toml\n"
        "/repo/migrations/env.py:4:39: `include_schemas` is not a literal: set it in retort.toml\n"
        "/repo/migrations/env.py:4:61: `starting_rev` changes Alembic's script and is not "
        "followed\n"
        "/repo/migrations/env.py:4:66: `**options` is not a literal: set what it says in "
        "retort.toml\n");

  const Env fixed("context.configure(version_table=f'{x}')\n",
                  {{"/repo/retort.toml", "[chain]\nversion_table = \"mine\"\n"}});
  CHECK(fixed.config.version_table.value == "mine");
  CHECK(fixed.messages() == "");
}

TEST_CASE("env.py: options of alembic.ini and of a dictionary") {
  const Env env(
      "config = context.config\n"
      "options = {'include_schemas': True}\n"
      "context.configure(version_table=config.get_main_option('Version_Table'),\n"
      "    version_table_schema=config.get_main_option('nothing', 'public'), **options)\n",
      {}, "[alembic]\nscript_location = migrations\nversion_table = v_%(x)s\nx = 1\n");
  CHECK(env.config.version_table.value == "v_1");
  CHECK(env.config.version_table_schema.value == "public");
  CHECK(env.config.include_schemas.value);
  CHECK(env.messages() == "");
}

TEST_CASE("env.py: names of the repository's modules are followed") {
  const Env env(
      "from shop import settings\n"
      "from shop.settings import Names as N\n"
      "context.configure(version_table=settings.TABLE, version_table_schema=N.SCHEMA)\n",
      {{"/repo/src/shop/__init__.py", ""},
       {"/repo/src/shop/settings/__init__.py", "from .names import *\n"},
       {"/repo/src/shop/settings/names.py",
        "TABLE = 'revs'\nclass Base:\n    SCHEMA = 'ops'\nclass Names(Base):\n    pass\n"}});
  CHECK(env.config.version_table.value == "revs");
  CHECK(env.config.version_table_schema.value == "ops");
  CHECK(env.place(env.config.version_table_schema) == "/repo/src/shop/settings/names.py:3");
  CHECK(env.messages() == "");
}

TEST_CASE("env.py: the naming convention, wherever the metadata comes from") {
  const std::string configure = "context.configure(url='', target_metadata=target_metadata)\n";
  const std::string convention =
      "NAMES = {'pk': 'pk_%(table_name)s', 'uq': 'uq_' '%(column_0_name)s'}\n";
  const Templates expected{{"pk", "pk_%(table_name)s"}, {"uq", "uq_%(column_0_name)s"}};
  const auto convention_of = [&](const std::string& env_text, const std::string& models) {
    const Env env(env_text + configure,
                  {{"/repo/app/__init__.py", ""}, {"/repo/app/models.py", convention + models}});
    CHECK(env.messages() == "");
    return env.config.naming_convention.value;
  };
  CHECK(convention_of("from app.models import NAMES\n"
                      "target_metadata = sa.MetaData(naming_convention=NAMES)\n",
                      "") == expected);
  CHECK(convention_of("from app.models import Base\ntarget_metadata = Base.metadata\n",
                      "class Base(DeclarativeBase):\n"
                      "    metadata = MetaData(naming_convention=NAMES)\n") == expected);
  CHECK(convention_of("from app.models import Base\ntarget_metadata = Base.metadata\n",
                      "metadata = MetaData(naming_convention=NAMES)\n"
                      "Base = declarative_base(metadata=metadata)\n") == expected);
  CHECK(convention_of("import app.models\ntarget_metadata = app.models.db.metadata\n",
                      "db = SQLAlchemy(metadata=MetaData(naming_convention=NAMES))\n") == expected);
  CHECK(convention_of("from app import models as m\n"
                      "target_metadata = None\n"
                      "target_metadata = m.Base.metadata\n",
                      "class Root(DeclarativeBase):\n"
                      "    metadata = MetaData(schema='x', naming_convention=NAMES)\n"
                      "class Base(Root):\n    pass\n") == expected);
  CHECK(convention_of("from app.models import Base\ntarget_metadata = Base.metadata\n",
                      "Base = declarative_base()\n") == Templates{});
  CHECK(convention_of("from app.models import db\ntarget_metadata = db.metadata\n",
                      "class Base(DeclarativeBase):\n"
                      "    metadata = MetaData(naming_convention=NAMES)\n"
                      "db = SQLAlchemy(model_class=Base)\n") == expected);
  CHECK(convention_of("from app.models import NAMES\nfrom sqlmodel import SQLModel\n"
                      "target_metadata = SQLModel.metadata\n"
                      "target_metadata.naming_convention = NAMES\n",
                      "") == expected);
  CHECK(convention_of("from app.models import Base\ntarget_metadata = Base.metadata\n",
                      "from sqlalchemy.orm import DeclarativeBase\n"
                      "class Base(DeclarativeBase):\n    pass\n") == Templates{});
  CHECK(convention_of("from app.models import Base\ntarget_metadata = Base.metadata\n",
                      "class Base(DeclarativeBase):\n    pass\n") == Templates{});
  CHECK(convention_of("target_metadata = None\n", "") == Templates{});
}

TEST_CASE("env.py: a naming convention that is assigned") {
  const std::string configure =
      "def run_migrations_offline():\n    context.configure(target_metadata=target_metadata)\n";
  const auto read = [&](const std::string& env_text, const std::string& models) {
    return Env(env_text + configure,
               {{"/repo/app/__init__.py", ""}, {"/repo/app/models.py", models}});
  };
  const Templates expected{{"ix", "i_%(column_0_name)s"}};
  const std::string literal = "{'ix': 'i_%(column_0_name)s'}\n";
  const std::string names = "NAMES = " + literal;

  // Where the metadata is made, or the object that has it.
  const Env db = read("from app.models import db\ntarget_metadata = db.metadata\n",
                      "db = SQLAlchemy()\ndb.metadata.naming_convention = " + literal);
  CHECK(db.config.naming_convention.value == expected);
  CHECK(db.place(db.config.naming_convention) == "/repo/app/models.py:2");
  CHECK(db.messages() == "");
  CHECK(read("from app.models import db\ntarget_metadata = db.metadata\n",
             names + "db = AppSQLAlchemy(model_class=AppModel)\n"
                     "db.Model.metadata.naming_convention = NAMES\n")
            .config.naming_convention.value == expected);
  CHECK(read("from app.models import metadata as target_metadata\n",
             names + "metadata = MetaData()\nmetadata.naming_convention = NAMES\n")
            .config.naming_convention.value == expected);
  CHECK(read("from app import models\ntarget_metadata = models.Base.metadata\n",
             names + "class Root(DeclarativeBase):\n    pass\nclass Base(Root):\n    pass\n"
                     "Root.metadata.naming_convention = NAMES\n")
            .config.naming_convention.value == expected);

  const std::string two = "from sqlalchemy.orm import DeclarativeBase\n"
                          "class Base(DeclarativeBase):\n    pass\n"
                          "class Other(DeclarativeBase):\n    pass\n" +
                          names;
  const std::string of_base = "from app.models import Base\ntarget_metadata = Base.metadata\n";
  CHECK(read(of_base, two + "Base.metadata.naming_convention = NAMES\n")
            .config.naming_convention.value == expected);
  CHECK(read(of_base, two + "Other.metadata.naming_convention = NAMES\n")
            .config.naming_convention.is_default());
  CHECK(read(of_base, names + "from sqlmodel import SQLModel\nclass Base(SQLModel):\n    pass\n"
                              "SQLModel.metadata.naming_convention = NAMES\n")
            .config.naming_convention.value == expected);

  CHECK(read("from sqlmodel import SQLModel\nfrom app.models import User as U\n"
             "target_metadata = SQLModel.metadata\n",
             names + "from sqlmodel import SQLModel\n"
                     "SQLModel.metadata.naming_convention = NAMES\nclass User(SQLModel):\n"
                     "    pass\n")
            .config.naming_convention.value == expected);

  // In env.py, by another name of the same thing, also in the function that runs.
  CHECK(read("from app.models import db, NAMES\ntarget_metadata = db.metadata\n"
             "db.metadata.naming_convention = NAMES\n",
             names + "db = SQLAlchemy()\ndb.metadata.naming_convention = {'pk': 'p'}\n")
            .config.naming_convention.value == expected);
  CHECK(Env("target_metadata = app.db.metadata\n"
            "def run_migrations_offline():\n"
            "    target_metadata.naming_convention = " +
            literal + "    context.configure(target_metadata=target_metadata)\n")
            .config.naming_convention.value == expected);

  // Somebody else's, and what only running would tell.
  const Env other =
      read("from app.models import db\ntarget_metadata = db.metadata\n",
           "db = SQLAlchemy()\nold = SQLAlchemy()\nold.metadata.naming_convention = " + literal);
  CHECK(other.config.naming_convention.is_default());
  CHECK(other.messages() == "");
  const Env computed = read("from app.models import db\ntarget_metadata = db.metadata\n",
                            "db = SQLAlchemy()\ndb.metadata.naming_convention = names()\n");
  CHECK(computed.config.naming_convention.is_default());
  CHECK(computed.messages() == "/repo/app/models.py:2:33: `naming_convention` is not a literal: "
                               "set it in retort.toml\n");
  const Env maybe =
      read("from app.models import db\ntarget_metadata = db.metadata\n",
           "db = SQLAlchemy()\ndef init():\n    db.metadata.naming_convention = {}\n");
  CHECK(maybe.config.naming_convention.is_default());
  CHECK(maybe.messages() == "/repo/app/models.py:3:5: `db.metadata.naming_convention` may be set "
                            "here or not: set `naming_convention` in retort.toml\n");
}

TEST_CASE("env.py: classes that cannot be seen may have a convention") {
  const auto messages = [](std::string models) {
    const Env env("from app.models import Base\n"
                  "context.configure(target_metadata=Base.metadata)\n",
                  {{"/repo/app/__init__.py", ""}, {"/repo/app/models.py", models}});
    CHECK(env.config.naming_convention.is_default());
    return env.messages();
  };
  const std::string reported =
      "/repo/migrations/env.py:2:35: `Base.metadata` could not be followed to a `MetaData(…)`: "
      "set `naming_convention` in retort.toml if it has one\n";
  CHECK(messages("from vendor import Model\nclass Base(Model):\n    pass\n") == reported);
  CHECK(messages("from vendor import *\nclass Base(Model):\n    pass\n") == reported);
  CHECK(messages("from vendor import *\nclass Root(Model):\n    pass\n"
                 "class Base(Root):\n    pass\n") == reported);
  CHECK(messages("from sqlmodel import SQLModel\nclass Base(SQLModel):\n    pass\n") == reported);
  CHECK(messages("from vendor import declarative_base\nBase = declarative_base()\n") == reported);
  CHECK(messages("from vendor import AppSQLAlchemy\nBase = AppSQLAlchemy()\n") == reported);
  CHECK(messages("from flask_sqlalchemy import SQLAlchemy\n"
                 "class Own(SQLAlchemy):\n    def __init__(self):\n        self.metadata = x()\n"
                 "Base = Own()\n") == reported);

  CHECK(messages("from sqlalchemy.orm import DeclarativeBase as D\n"
                 "class Base(D, metaclass=M):\n    pass\n") == "");
  CHECK(messages("from sqlalchemy.orm import *\nclass Base(MappedAsDataclass, DeclarativeBase):\n"
                 "    pass\n") == "");
  CHECK(messages("from sqlalchemy.ext.declarative import declarative_base\n"
                 "class Base(declarative_base()):\n    pass\n") == "");
  CHECK(messages("from flask_sqlalchemy import SQLAlchemy\n"
                 "class Own(SQLAlchemy):\n    pass\n"
                 "db = Own()\nclass Base(db.Model):\n    pass\n") == "");
}

TEST_CASE("env.py: metadata that cannot be followed is reported") {
  const Env env("from vendor import Base\ncontext.configure(target_metadata=Base.metadata)\n");
  CHECK(env.messages() ==
        "/repo/migrations/env.py:2:35: `Base.metadata` could not be followed to a `MetaData(…)`: "
        "set `naming_convention` in retort.toml if it has one\n");
  const Env entry("context.configure(target_metadata=MetaData(naming_convention={\n"
                  "    'token': function, 'ix': 'i'}))\n");
  CHECK(entry.messages() ==
        "/repo/migrations/env.py:2:5: this entry of the naming convention is no pair of literals "
        "for `ix`, `uq`, `ck`, `fk` or `pk`: names that use it are not known\n");
  CHECK(entry.config.naming_convention.value == Templates{{"ix", "i"}});
}

TEST_CASE("env.py: circles and depth end") {
  const Env env("from migrations.env import A\n"
                "B = C\nC = B\n"
                "context.configure(version_table=A, version_table_schema=B, target_metadata=B)\n");
  CHECK(env.config.version_table.is_default());
  std::string deep = "x";
  for (int i = 0; i < 3000; ++i)
    deep += ".x";
  const Env chain("x = 1\ncontext.configure(version_table=" + deep + ")\n");
  CHECK(chain.config.version_table.is_default());
}

TEST_CASE("env.py: a lock_timeout that it sets for the session") {
  const auto timeout = [](std::string line) {
    return Env("from alembic import context\n"
               "def run_migrations_online():\n    " +
               line + "\n")
        .config.lock_timeout.value;
  };
  CHECK(timeout("connection.execute(text('SET lock_timeout = 4000'))") == "4000");
  CHECK(timeout("connection.execute(text(\"SET lock_timeout TO '3s'\"))") == "3s");
  CHECK(timeout("engine = create_engine(url, connect_args={'options': '-c lock_timeout=5000'})") ==
        "5000");
  CHECK(timeout("connection.execute(text('SET lock_timeout = 0'))").empty());
  CHECK(timeout("connection.execute(text('SHOW lock_timeout'))").empty());
}
