// Which module holds which names. SQLAlchemy offers the same ones under many roofs, so that all of
// its modules share one list; only types differ between `sqlalchemy` and its dialects.
#include "compiler/alembic/objects.h"
#include "compiler/alembic/plugins/plugins.h"
#include "compiler/sqlalchemy/custom.h"
#include "compiler/sqlalchemy/orm/orm.h"
#include "compiler/sqlalchemy/render.h"
#include "compiler/sqlalchemy/schema.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace retort::alembic {
namespace {

using py::Args;
using py::Cause;
using py::Interpreter;
using py::Value;

class AlembicModule : public py::NativeModule {
public:
  AlembicModule(Modules& modules, std::string dotted)
      : modules_(modules), dotted_(std::move(dotted)) {}
  Value get(Interpreter& in, std::string_view name) override {
    if (dotted_ == "alembic" || dotted_ == "alembic.migration") {
      if (name == "op")
        return modules_.op(in);
      if (name == "context")
        return modules_.context(in);
      return {};
    }
    if (dotted_.starts_with("alembic.operations")) {
      if (name == "Operations")
        return modules_.registry.operations_class(in);
      if (name == "MigrateOperation")
        return modules_.registry.migrate_operation(in);
    }
    if (dotted_ == "alembic.op")
      return in.get_attribute(modules_.op(in), name);
    if (dotted_ == "alembic.context")
      return in.get_attribute(modules_.context(in), name);
    return {};
  }

private:
  Modules& modules_;
  std::string dotted_;
};

constexpr std::string_view kExceptions[] = {"SQLAlchemyError",
                                            "ProgrammingError",
                                            "OperationalError",
                                            "IntegrityError",
                                            "InternalError",
                                            "NoSuchTableError",
                                            "DBAPIError",
                                            "DataError",
                                            "StatementError",
                                            "InvalidRequestError",
                                            "ArgumentError",
                                            "CompileError",
                                            "NoResultFound",
                                            "MultipleResultsFound",
                                            "NotSupportedError",
                                            "DatabaseError",
                                            "UnsupportedCompilationError"};

// inspect(bind), and Inspector.from_engine(bind) as it was spelled before.
Value inspect(Interpreter& in, const Args& args) {
  if (args[0].is_unknown())
    return in.poison(args[0]);
  sa::Executor* const executor = sa::executor_of(args[0]);
  return executor ? executor->inspector(in)
                  : in.unknown(Cause::Kind::unsupported, "only connections are inspected");
}
constexpr py::NativeRow kInspect = {"inspect", "subject, raiseerr=True", inspect};
struct InspectorClass : py::Foreign {
  std::string_view type_name() const override { return "type"; }
  bool callable() const override { return true; }
  Value call(Interpreter& in, const Args& args) override {
    return in.call_with(in.native(kInspect), args);
  }
  Value get(Interpreter& in, std::string_view name) override {
    return name == "from_engine" ? in.native(kInspect) : Value();
  }
};

class SqlAlchemyModule : public py::NativeModule {
public:
  explicit SqlAlchemyModule(std::string dotted)
      : dotted_(std::move(dotted)), library_(library_of(dotted_)) {}

  Value get(Interpreter& in, std::string_view name) override {
    const bool postgresql = library_ == "postgresql";
    if (postgresql)
      if (const py::NativeRow* const row = py::find_row(sa::postgresql_functions(), name))
        return in.native(*row);
    if (Value type = sa::type_class(in, library_, name))
      return type;
    if (library_ != "sqlalchemy" && !postgresql)
      return in.unknown(Cause::Kind::unsupported,
                        fmt::format("`{}.{}` belongs to another database", dotted_, name));
    for (const auto rows :
         {sa::table_functions(), sa::item_functions(), sa::ddl_functions(), sa::core_functions(),
          sa::custom_functions(), sa::orm_functions(), sa::session_functions()})
      if (const py::NativeRow* const row = py::find_row(rows, name))
        return in.native(*row);
    if (name == "func")
      return sa::func_object(in);
    if (name == "inspect")
      return in.native(kInspect);
    if (name == "Inspector")
      return in.make<InspectorClass>();
    if (const Value base = sa::custom_base(in, name))
      return base;
    if (const Value constant = sa::core_constant(in, name))
      return constant;
    if (const Value constant = sa::orm_constant(in, name))
      return constant;
    if (std::find(std::begin(kExceptions), std::end(kExceptions), name) != std::end(kExceptions))
      return exception(in, name);
    return {};
  }

private:
  Value exception(Interpreter& in, std::string_view name) {
    Value& made = exceptions_[std::string(name)];
    if (made)
      return made;
    std::vector<py::Class*> bases = {in.exception_class("Exception")};
    if (name != "SQLAlchemyError")
      bases = {exception(in, "SQLAlchemyError").as<py::Class>()};
    return exceptions_[std::string(name)] = in.make_class(in.heap().intern(name), bases);
  }

  std::string dotted_;
  std::string_view library_;
  std::map<std::string, Value, std::less<>> exceptions_;
};

// A package of which only the types are known.
class TypeModule : public py::NativeModule {
public:
  explicit TypeModule(std::string dotted) : dotted_(std::move(dotted)) {}
  Value get(Interpreter& in, std::string_view name) override {
    return sa::type_class(in, library_of(dotted_), name);
  }

private:
  std::string dotted_;
};

// A plug-in that comes along; all modules of its package are the same one.
class PluginModule : public py::NativeModule {
public:
  explicit PluginModule(const py::ModuleSource& source) : source_(source) {}
  Value get(Interpreter& in, std::string_view name) override {
    return in.find_attribute(in.module_of(source_, {}), name);
  }

private:
  const py::ModuleSource& source_;
};

bool is_below(std::string_view dotted, std::string_view package) {
  return dotted.starts_with(package) &&
         (dotted.size() == package.size() || dotted[package.size()] == '.');
}

// Modules that exist; a name of a package that is none of these is looked up as a member.
constexpr std::string_view kSqlAlchemy[] = {
    "sqlalchemy",
    "sqlalchemy.sql",
    "sqlalchemy.sql.expression",
    "sqlalchemy.sql.elements",
    "sqlalchemy.sql.functions",
    "sqlalchemy.sql.selectable",
    "sqlalchemy.sql.dml",
    "sqlalchemy.sql.ddl",
    "sqlalchemy.sql.operators",
    "sqlalchemy.sql.schema",
    "sqlalchemy.sql.sqltypes",
    "sqlalchemy.sql.type_api",
    "sqlalchemy.schema",
    "sqlalchemy.types",
    "sqlalchemy.exc",
    "sqlalchemy.engine",
    "sqlalchemy.engine.base",
    "sqlalchemy.engine.reflection",
    "sqlalchemy.inspection",
    "sqlalchemy.orm",
    "sqlalchemy.orm.exc",
    "sqlalchemy.orm.session",
    "sqlalchemy.ext",
    "sqlalchemy.orm.attributes",
    "sqlalchemy.orm.decl_api",
    "sqlalchemy.orm.query",
    "sqlalchemy.orm.scoping",
    "sqlalchemy.ext.associationproxy",
    "sqlalchemy.ext.declarative",
    "sqlalchemy.ext.compiler",
    "sqlalchemy.ext.mutable",
    "sqlalchemy.ext.hybrid",
    "sqlalchemy.event",
    "sqlalchemy.util",
    "sqlalchemy.dialects",
};

}  // namespace

py::NativeModule* Modules::find(std::string_view dotted) {
  if (const auto known = modules_.find(dotted); known != modules_.end())
    return known->second.get();
  std::unique_ptr<py::NativeModule> made;
  if (is_below(dotted, "alembic"))
    made = std::make_unique<AlembicModule>(*this, std::string(dotted));
  else if (std::find(std::begin(kSqlAlchemy), std::end(kSqlAlchemy), dotted) !=
               std::end(kSqlAlchemy) ||
           dotted.starts_with("sqlalchemy.dialects."))
    made = std::make_unique<SqlAlchemyModule>(std::string(dotted));
  else if (const Plugin* const plugin = find_plugin(dotted); plugin && load_text) {
    if (const py::ModuleSource* const source = load_text(plugin->package, plugin->source))
      made = std::make_unique<PluginModule>(*source);
  } else if (!is_below(dotted, "sqlalchemy"))
    for (const TypeLibrary& library : type_libraries())
      if (is_below(dotted, library.name) && library.name != "postgresql") {
        made = std::make_unique<TypeModule>(std::string(dotted));
        break;
      }
  py::NativeModule* const result = made.get();
  modules_[std::string(dotted)] = std::move(made);
  return result;
}

Value Modules::op(Interpreter& in) {
  if (!op_)
    op_ = make_op(in, operations_, registry, around_);
  return op_;
}

Value Modules::context(Interpreter& in) {
  if (!context_)
    context_ = make_context(in, operations_, around_);
  return context_;
}

}  // namespace retort::alembic
