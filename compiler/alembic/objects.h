// `op`, what it hands out, and the modules that they live in.
#pragma once

#include "compiler/alembic/operations.h"
#include "compiler/alembic/registry.h"
#include "compiler/ops/ops.h"
#include "compiler/python/natives.h"

#include <map>
#include <string>

namespace retort::alembic {

// What a revision may ask about where it runs.
struct Surroundings {
  using Options = std::map<std::string, std::optional<std::string>, std::less<>>;

  std::vector<std::string> x_arguments;             // `-x key=value`, as given
  std::map<std::string, Options, std::less<>> ini;  // by section; nothing: cannot be read
  std::string section = "alembic";                  // of alembic.ini
  std::vector<int> servers;                         // target majors
};

py::Value make_op(py::Interpreter& in, Operations& operations, Registry& registry,
                  const Surroundings& around);
py::Value make_connection(py::Interpreter& in, Operations& operations);
py::Value make_inspector(py::Interpreter& in, Operations& operations);
// The type of a column of the catalog, as an inspector or a reflected table has it.
py::Value type_value(py::Interpreter& in, Database& database, const catalog::Column& column);
py::Value make_context(py::Interpreter& in, Operations& operations, const Surroundings& around);
// `with op.batch_alter_table("orders") as batch:`
py::Value make_batch(py::Interpreter& in, Operations& operations, Identifier table,
                     Identifier schema, py::Value op);

// One directive, of `op` or of a batch.
struct Directive : py::Foreign {
  const OpSignature* signature = nullptr;
  std::vector<py::Parameter> parameters;
  Operations* operations = nullptr;
  py::Value table;   // of the batch
  py::Value schema;  // of the batch
  bool in_batch = false;

  std::string_view type_name() const override { return "method"; }
  bool callable() const override { return true; }
  bool effectful() const override { return true; }
  py::Value call(py::Interpreter& in, const py::Args& args) override;
};
const OpSignature* find_directive(std::string_view name);
Directive* make_directive(py::Interpreter& in, Operations& operations, const OpSignature& signature,
                          bool in_batch);

// The modules `alembic…` and `sqlalchemy…`, and packages that only bring types.
class Modules {
public:
  Modules(Operations& operations, const Surroundings& around)
      : operations_(operations), around_(around) {}

  Registry registry;
  // A module that comes along as text; null when it cannot be read.
  std::function<const py::ModuleSource*(std::string_view name, std::string_view text)> load_text;

  // Null when the package is none of these.
  py::NativeModule* find(std::string_view dotted);
  py::Value op(py::Interpreter& in);
  py::Value context(py::Interpreter& in);

private:
  Operations& operations_;
  const Surroundings& around_;
  std::map<std::string, std::unique_ptr<py::NativeModule>, std::less<>> modules_;
  py::Value op_;
  py::Value context_;
};

}  // namespace retort::alembic
