// From a folder to revisions: order, threads, and what is passed over.
#include "tests/fake_disk.h"
#include "versions/chain.h"
#include "versions/read.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

using namespace retort;

namespace {

std::string revision(std::string_view id, std::string_view parent) {
  return fmt::format("revision = '{}'\ndown_revision = {}\n", id,
                     parent.empty() ? "None" : fmt::format("'{}'", parent));
}

// `id path` per revision, then the messages.
std::string read(FakeDisk::Files files, unsigned threads, const VersionFolders& folders) {
  const FakeDisk disk(std::move(files));
  Run run{disk, threads, {}, {}};
  std::string text;
  for (const Revision& revision : read_revisions(run, folders))
    text += fmt::format("{} {}\n", revision.id, revision.path);
  for (const Diagnostic& diagnostic : run.diagnostics.all())
    text += fmt::format("{}: {}\n", run.sources.path(diagnostic.at.file), diagnostic.message);
  return text;
}

const VersionFolders kOne{{{"/v", {}}}, false, false};

}  // namespace

TEST_CASE("many files are read in parallel, with the same outcome in the same order") {
  FakeDisk::Files files;
  for (int i = 0; i < 500; ++i) {
    std::string text =
        revision(fmt::format("r{:03}", i), i == 0 ? "" : fmt::format("r{:03}", i - 1));
    if (i % 50 == 7)
      text += "x = (\n";  // some files are broken: their messages keep the order too
    files[fmt::format("/v/{:03}.py", (i * 7919) % 500)] = text;
  }
  const std::string alone = read(files, 1, kOne);
  CHECK(alone.find("r499 ") != std::string::npos);
  CHECK(alone.find("`(` is never closed") != std::string::npos);
  for (const unsigned threads : {2U, 4U, 16U})
    CHECK(read(files, threads, kOne) == alone);
}

TEST_CASE("map order: folders as configured, names by code point, own files before sub-folders") {
  const FakeDisk::Files files = {
      {"/v/b.py", revision("b", "")},     {"/v/B.py", revision("B", "")},
      {"/v/é.py", revision("e", "")},     {"/v/a/z.py", revision("z", "")},
      {"/w/0.py", revision("zero", "")},  {"/v/_.py", revision("underscore", "")},
      {"/v/a/a/y.py", revision("y", "")},
  };
  CHECK(read(files, 1, {{{"/w", {}}, {"/v", {}}}, true, false}) ==
        "zero /w/0.py\nB /v/B.py\nunderscore /v/_.py\nb /v/b.py\ne /v/é.py\nz /v/a/z.py\n"
        "y /v/a/a/y.py\n");
  CHECK(read(files, 1, kOne) == "B /v/B.py\nunderscore /v/_.py\nb /v/b.py\ne /v/é.py\n");
}

TEST_CASE("what Alembic does not load is no revision") {
  const FakeDisk::Files files = {
      {"/v/a.py", revision("a", "")},
      {"/v/.#b.py", revision("b", "")},  // an editor's lock
      {"/v/c.py~", revision("c", "")},   // an editor's copy
      {"/v/#d.py#", revision("d", "")},
      {"/v/__init__.py", revision("e", "")},
      {"/v/__init__f.py", revision("f", "")},
      {"/v/__pycache__/g.py", revision("g", "")},
      {"/v/h.pyc", "\x00\x01"},
      {"/v/helpers.py", "def now():\n    return 1\n"},
  };
  CHECK(read(files, 1, {{{"/v", {}}}, true, false}) == "a /v/a.py\n");
  CHECK(read(files, 1, {{{"/v", {}}}, true, true}) ==
        "a /v/a.py\n/v/h.pyc: a compiled revision without its source cannot be read\n");
}

TEST_CASE("a folder reached twice is read once") {
  const FakeDisk::Files files = {{"/v/a.py", revision("a", "")},
                                 {"/v/sub/b.py", revision("b", "")}};
  CHECK(read(files, 1, {{{"/v", {}}, {"/v/sub", {}}, {"/v", {}}}, true, false}) ==
        "a /v/a.py\nb /v/sub/b.py\n");
}

TEST_CASE("without the variable, a name of hexadecimal digits is the id") {
  const FakeDisk::Files files = {{"/v/1a2b.py", "down_revision = None\n"},
                                 {"/v/named.py", "down_revision = None\n"}};
  CHECK(read(files, 1, kOne) ==
        "1a2b /v/1a2b.py\n/v/named.py: the file has a `down_revision` but no `revision`\n");
}
