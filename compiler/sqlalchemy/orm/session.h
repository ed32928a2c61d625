// A session and the statements that it writes by itself.
#pragma once

#include "compiler/sqlalchemy/orm/orm.h"

namespace retort::sa {

// The lists hold objects of mapped classes; they are Python lists, so that a branch that is taken
// back takes back what it added.
struct SessionObject : py::Foreign, HasExecutor {
  Executor* executor_ = nullptr;
  py::Value bind;
  py::List* pending = nullptr;  // to be inserted
  py::List* deleted = nullptr;
  py::List* kept = nullptr;  // (object, {attribute: value}) as they were last written
  Loc opened;

  std::string_view type_name() const override { return "Session"; }
  bool effectful() const override { return true; }
  Executor* executor() override { return executor_; }
  py::Value get(py::Interpreter& in, std::string_view name) override;
  py::Value enter(py::Interpreter&) override { return this; }
  bool leave(py::Interpreter&, py::Value) override { return false; }
};

py::Value make_session(py::Interpreter& in, Executor& executor, py::Value bind);
py::Value session_class(py::Interpreter& in);

// One row by a dictionary of attributes, written at once; false after an exception.
bool insert_row(py::Interpreter& in, SessionObject& session, const Mapping& mapping, py::Value row);
bool update_row(py::Interpreter& in, SessionObject& session, const Mapping& mapping, py::Value row);

}  // namespace retort::sa
