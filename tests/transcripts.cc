#include "tests/transcripts.h"

#include "common/path.h"
#include "tests/transcript.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <deque>
#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace retort::tests {

namespace {

struct SuiteFile {
  std::string path;  // from the root of the repository
  Suite suite;
  Corrections corrections;
};

struct Registered {
  SuiteFile* file = nullptr;
  const Section* section = nullptr;
  std::string name;
};

// doctest's cases are functions without arguments, so what is registered is kept here; addresses
// are stable.
struct Registry {
  std::deque<SuiteFile> files;
  std::deque<Registered> sections;
};

Registry& registry() {
  static Registry all;
  return all;
}

std::vector<std::string> markdown_files() {
  namespace fs = std::filesystem;
  constexpr std::array<std::string_view, 5> kPlaces = {"README.md", "docs", "examples", "rules",
                                                       "tests"};
  std::vector<std::string> paths;
  for (const std::string_view place : kPlaces) {
    const fs::path root = join_path(RETORT_SOURCE, place);
    if (fs::is_regular_file(root))
      paths.emplace_back(place);
    if (fs::is_directory(root))
      for (const fs::directory_entry& entry : fs::recursive_directory_iterator(root))
        if (entry.path().extension() == ".md")
          paths.push_back(entry.path().lexically_relative(RETORT_SOURCE).string());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

void run_current() {
  const doctest::detail::TestCase* test = doctest::getContextOptions()->currentTest;
  const auto found =
      std::find_if(registry().sections.begin(), registry().sections.end(),
                   [&](const Registered& entry) { return entry.name.c_str() == test->m_name; });
  REQUIRE(found != registry().sections.end());

  if (!can_run(*found->section)) {
    MESSAGE("skipped, since this fails here: " << found->section->needs);
    return;
  }
  SuiteFile& file = *found->file;
  const std::vector<Mismatch> mismatches = run_section(*found->section, file.corrections);
  const std::string path = join_path(RETORT_SOURCE, file.path);
  if (std::getenv("RETORT_UPDATE")) {
    if (!mismatches.empty())
      std::ofstream(path, std::ios::binary) << corrected(file.suite, file.corrections);
    return;
  }
  for (const Mismatch& mismatch : mismatches)
    ADD_FAIL_CHECK_AT(file.path.c_str(), static_cast<int>(mismatch.line), mismatch.message);
}

}  // namespace

void register_transcripts() {
  for (const std::string& path : markdown_files()) {
    std::ifstream stream(join_path(RETORT_SOURCE, path), std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(stream), {}};
    SuiteFile& file = registry().files.emplace_back(SuiteFile{path, parse_suite(text), {}});
    for (const Section& section : file.suite.sections) {
      if (!section.has_commands())
        continue;
      Registered& entry = registry().sections.emplace_back(
          Registered{&file, &section, file.path + ": " + section.title});
      doctest::detail::regTest(doctest::detail::TestCase(run_current, file.path.c_str(),
                                                         static_cast<unsigned>(section.line),
                                                         doctest::detail::TestSuite()) *
                               entry.name.c_str());
    }
  }
}

TEST_CASE("transcripts are found where they are kept") {
  const auto has = [](std::string_view path) {
    return std::any_of(registry().sections.begin(), registry().sections.end(),
                       [&](const Registered& entry) { return entry.file->path == path; });
  };
  CHECK(has("tests/cli/transcripts.md"));
  CHECK(has("tests/cli/layers.md"));
}

}  // namespace retort::tests
