#include "common/disk.h"

#include <cstdlib>
#include <doctest/doctest.h>
#include <filesystem>

using namespace retort;
namespace fs = std::filesystem;

namespace {

struct TemporaryFolder {
  std::string path = [] {
    std::string name = (fs::temp_directory_path() / "retort-disk-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()));
    return name;
  }();
  ~TemporaryFolder() { fs::remove_all(path); }
  std::string operator/(const char* name) const { return path + "/" + name; }
};

std::string text_of(const std::string& path) {
  const DiskResult<std::string> text = real_disk().read(path);
  return text ? *text : "unreadable: " + text.error().reason;
}

}  // namespace

TEST_CASE("writing a file keeps its permissions and leaves nothing beside it") {
  const TemporaryFolder folder;
  const std::string path = folder / "script";
  REQUIRE(write_file(path, "old"));
  fs::permissions(path, fs::perms::owner_all);
  REQUIRE(write_file(path, "new"));
  CHECK(text_of(path) == "new");
  CHECK(fs::status(path).permissions() == fs::perms::owner_all);
  CHECK(std::distance(fs::directory_iterator(folder.path), {}) == 1);
}

TEST_CASE("writing through a link changes what it leads to") {
  const TemporaryFolder folder;
  REQUIRE(write_file(folder / "target", "old"));
  fs::create_symlink("target", folder / "link");
  REQUIRE(write_file(folder / "link", "new"));
  CHECK(fs::is_symlink(folder / "link"));
  CHECK(text_of(folder / "target") == "new");
}

TEST_CASE("a device is written to, not replaced") {
  REQUIRE(write_file("/dev/null", "text"));
  CHECK(fs::is_character_file("/dev/null"));
}

TEST_CASE("what cannot be written says why") {
  const TemporaryFolder folder;
  const DiskResult<Nothing> missing = write_file(folder / "no/such/file", "text");
  REQUIRE_FALSE(missing);
  CHECK(missing.error().reason == "no such file or directory");
  fs::create_directory(folder / "full");
  const DiskResult<Nothing> a_folder = write_file(folder / "full", "text");
  REQUIRE_FALSE(a_folder);
  CHECK(a_folder.error().reason == "is a directory");
}
