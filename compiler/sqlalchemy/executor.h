// What runs statements: `op`, a connection, a session. Types and tables that create themselves ask
// for one, and so does everything that executes Core statements.
#pragma once

#include "compiler/ops/ops.h"
#include "compiler/python/interpreter.h"

#include <functional>
#include <string>
#include <vector>

namespace retort::sa {

struct TableObject;

class Executor {
public:
  virtual ~Executor() = default;

  // `execute(statement, parameters)`; parameters are nothing, a dict or a list of dicts. Yields the
  // result, whose rows are unknown.
  virtual py::Value execute(py::Interpreter& in, py::Value statement, py::Value parameters) = 0;
  // Statements that are made already; a problem becomes a hole.
  virtual py::Value emit(py::Interpreter& in, std::string_view op, Answer<Statements> made) = 0;
  // Something that is to run later has been asked for here: `what` tells it from others.
  virtual void mark(py::Interpreter& in, const std::string& what) = 0;
  // Called when the revision ends.
  virtual void at_end(std::function<void(py::Interpreter&)> done) = 0;
  // `Table(name, autoload_with=bind)`: the columns and constraints that the database has, put into
  // `table`; false with `problem` to return.
  virtual bool reflect(py::Interpreter& in, TableObject& table, py::Value& problem) = 0;
  // Names of all tables, for MetaData.reflect(); false as above.
  virtual bool table_names(py::Interpreter& in, const std::string& schema,
                           std::vector<std::string>& names, py::Value& problem) = 0;
  virtual DdlContext& context() = 0;
  // What `sa.inspect(bind)` yields.
  virtual py::Value inspector(py::Interpreter& in) = 0;
};

// The executor behind a value (a connection, an engine, a session), or null.
Executor* executor_of(py::Value value);

// A Foreign that has one.
class HasExecutor {
public:
  virtual ~HasExecutor() = default;
  virtual Executor* executor() = 0;
};

}  // namespace retort::sa
