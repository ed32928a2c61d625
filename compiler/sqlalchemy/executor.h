// What runs statements: `op`, a connection, a session. Types and tables that create themselves ask
// for one, and so does everything that executes Core statements.
#pragma once

#include "compiler/ops/ops.h"
#include "compiler/python/interpreter.h"

namespace retort::sa {

class Executor {
public:
  virtual ~Executor() = default;

  // `execute(statement, parameters)`; parameters are nothing, a dict or a list of dicts. Yields the
  // result, whose rows are unknown.
  virtual py::Value execute(py::Interpreter& in, py::Value statement, py::Value parameters) = 0;
  // Statements that are made already; a problem becomes a hole.
  virtual py::Value emit(py::Interpreter& in, std::string_view op, Answer<Statements> made) = 0;
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
