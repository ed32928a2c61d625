#include "versions/revision.h"

namespace retort {

std::string_view to_string(Format format) {
  switch (format) {
  case Format::python: return "python";
  case Format::sql: return "sql";
  case Format::dbmate: return "dbmate";
  case Format::goose: return "goose";
  case Format::golang_migrate: return "golang-migrate";
  case Format::flyway: return "flyway";
  }
  return "";
}

}  // namespace retort
