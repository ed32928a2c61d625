#include "common/path.h"
#include "common/text.h"

#include <array>
#include <doctest/doctest.h>

using namespace retort;

TEST_CASE("the nearest name is offered only when it is near") {
  constexpr std::array<std::string_view, 3> kNames = {"version_table", "version_locations",
                                                      "timezone"};
  CHECK(nearest("version_tabel", kNames) == "version_table");
  CHECK(nearest("timezones", kNames) == "timezone");
  CHECK(nearest("time", kNames) == "timezone");
  CHECK(nearest("version", kNames) == "");  // two names go on like this
  CHECK(nearest("password", kNames) == "");
}

TEST_CASE("paths are normalised without touching the disk") {
  CHECK(normal_path("/a/./b/../c//d/") == "/a/c/d");
  CHECK(normal_path("../x/..") == "..");
  CHECK(normal_path("/..") == "/");
  CHECK(parent_path("versions/1.py") == "versions");
  CHECK(parent_path("1.py") == ".");
  CHECK(file_name("a/b.py") == "b.py");
}
