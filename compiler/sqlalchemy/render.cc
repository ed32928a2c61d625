#include "compiler/sqlalchemy/render.h"

#include "compiler/sqlalchemy/objects.h"

namespace retort::sa {

bool is_clause(py::Value value) {
  py::Foreign* const foreign = value.as<py::Foreign>();
  return foreign && dynamic_cast<Clause*>(foreign);
}

Answer<Sql> clause_sql(py::Interpreter&, py::Value, Names) {
  return problem("expressions are not compiled yet");
}

}  // namespace retort::sa
