// Operations that somebody registers: a plug-in that comes along here, or the project by
// `@Operations.register_operation("create_view", "invoke_for_target")`.
#pragma once

#include "compiler/alembic/operations.h"
#include "compiler/python/objects.h"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace retort::alembic {

class Registry {
public:
  // Asked when nobody has registered the name yet: may run modules that do.
  std::function<void(py::Interpreter& in, std::string_view name)> search;

  void add(std::string name, std::string method, py::Value cls);
  void implement(py::Value cls, py::Value function);

  // `op.NAME` as something to call; nothing when it is not registered. `op` is handed on.
  py::Value find(py::Interpreter& in, Operations& operations, std::string_view name, py::Value op);
  // What `op.invoke(operation)` calls; nothing when there is none.
  py::Value implementation(py::Value operation) const;

  // `alembic.operations.Operations` and `MigrateOperation`.
  py::Value operations_class(py::Interpreter& in);
  py::Value migrate_operation(py::Interpreter& in);

private:
  struct Entry {
    std::string method;
    py::Value cls;
  };
  std::map<std::string, Entry, std::less<>> entries_;
  std::vector<std::pair<py::Value, py::Value>> implementations_;
  py::Value operations_class_;
  py::Value migrate_operation_;
};

}  // namespace retort::alembic
