// The parts of the language server that are not its protocol: tests/lsp has that.
#include "editors/server/context.h"
#include "editors/server/frames.h"
#include "editors/server/model.h"
#include "editors/server/positions.h"
#include "editors/server/uri.h"
#include "linter/fix.h"
#include "tests/fake_disk.h"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <random>

namespace retort::lsp {
namespace {

constexpr std::string_view kPieces[] = {"a", "\n", "\r\n", "\r", "é", "🚀", "\xEF\xBB\xBF", "xy z"};

std::string random_text(std::mt19937& random, size_t pieces) {
  std::string text;
  for (size_t i = 0; i < pieces; ++i)
    text += kPieces[random() % std::size(kPieces)];
  return text;
}

TEST_CASE("lsp: lines are the same after an edit as read anew") {
  std::mt19937 random(7);
  for (int round = 0; round < 2000; ++round) {
    std::string text = random_text(random, random() % 20);
    Lines lines(text);
    for (int edit = 0; edit < 4; ++edit) {
      const auto begin = static_cast<uint32_t>(random() % (text.size() + 1));
      const auto removed = static_cast<uint32_t>(random() % (text.size() - begin + 1));
      const std::string added = random_text(random, random() % 4);
      text.replace(begin, removed, added);
      lines.replaced(text, {begin, begin + static_cast<uint32_t>(added.size())}, removed);
      const Lines fresh(text);
      REQUIRE_EQ(lines.count(), fresh.count());
      for (uint32_t i = 0; i < fresh.count(); ++i)
        REQUIRE_EQ(lines.begin(i), fresh.begin(i));
    }
  }
}

TEST_CASE("lsp: a place is a line and a column, and back") {
  const std::string text = "\xEF\xBB\xBFété 🚀 x\r\nlast";
  const Lines lines(text);
  const auto rocket = static_cast<uint32_t>(text.find("🚀"));
  const auto x = static_cast<uint32_t>(text.find('x'));
  CHECK_EQ(lines.position(text, rocket, Encoding::utf16), LinePosition{0, 4});
  CHECK_EQ(lines.position(text, x, Encoding::utf16), LinePosition{0, 7});
  CHECK_EQ(lines.position(text, x, Encoding::utf8), LinePosition{0, 11});
  CHECK_EQ(lines.position(text, x, Encoding::utf32), LinePosition{0, 6});
  CHECK_EQ(lines.offset(text, {0, 5}, Encoding::utf16), rocket);  // half of the rocket
  CHECK_EQ(lines.offset(text, {0, 8}, Encoding::utf8), rocket);
  CHECK_EQ(lines.offset(text, {0, 99}, Encoding::utf16), text.find('\r'));
  CHECK_EQ(lines.offset(text, {9, 0}, Encoding::utf16), text.size());
  for (const Encoding encoding : {Encoding::utf8, Encoding::utf16, Encoding::utf32})
    for (const size_t at :
         {size_t{3}, text.find("té"), size_t{x}, text.find("last"), text.size()}) {
      const auto offset = static_cast<uint32_t>(at);
      CHECK_EQ(lines.offset(text, lines.position(text, offset, encoding), encoding), offset);
    }
}

TEST_CASE("lsp: messages are the same however they arrive") {
  const std::string sent = framed("{\"a\":1}") + "content-length: 2\n\n{}" +
                           "Content-Type: x\r\nContent-Length:9\r\n\r\n\"é\"";
  for (size_t step = 1; step <= sent.size(); ++step) {
    FrameReader reader;
    std::vector<std::string> read;
    for (size_t at = 0; at < sent.size(); at += step) {
      reader.add(std::string_view(sent).substr(at, step));
      while (std::optional<std::string> message = reader.next())
        read.push_back(*std::move(message));
    }
    REQUIRE_EQ(read.size(), 2);  // the third is longer than it says
    CHECK_EQ(read[0], "{\"a\":1}");
    CHECK_EQ(read[1], "{}");
  }
  for (const std::string_view wrong :
       {"Content-Length: 99999999999999999999\r\n\r\n", "Content-Length: -1\r\n\r\n", "\n\n",
        "Content-Length: 70000000\n\n"}) {
    FrameReader reader;
    reader.add(wrong);
    CHECK(!reader.next());
    CHECK_MESSAGE(!reader.broken().empty(), wrong);
  }
}

TEST_CASE("lsp: paths and addresses") {
  CHECK_EQ(uri_of("/a b/100%/é.py"), "file:///a%20b/100%25/%C3%A9.py");
  CHECK_EQ(path_of("file:///a%20b/100%25/%c3%a9.py"), "/a b/100%/é.py");
  CHECK_EQ(path_of("file:///a b/100%/x.py"), "/a b/100%/x.py");
  CHECK_EQ(path_of("file://localhost/a/../b"), "/b");
  for (const std::string_view none :
       {"untitled:1", "file:relative", "http://x/y", "", "file://host"})
    CHECK_EQ(path_of(none), "");
}

TEST_CASE("lsp: where the cursor stands, told from the words before it") {
  const auto kind = [](std::string_view text, bool python = true) {
    return context_at(text, text.size(), python).kind;
  };
  using Kind = Context::Kind;
  CHECK_EQ(kind("down_revision = \"ab"), Kind::revision_id);
  CHECK_EQ(kind("down_revision = (\"a\", 'b"), Kind::revision_id);
  CHECK_EQ(kind("def f():\n    op.add"), Kind::attribute);
  CHECK_EQ(kind("def f():\n    op.execute(\"\"\"\nSELECT '"), Kind::sql);
  CHECK_EQ(kind("def f():\n    op.execute(text(\"SELECT "), Kind::sql);
  CHECK_EQ(kind("def f():\n    op.drop_column(\"a\", \""), Kind::argument);
  CHECK_EQ(kind("def f():\n    x = \"open\n    op.drop_column(\"a\", \""), Kind::argument);
  CHECK_EQ(kind("def f():\n    # op.execute(\""), Kind::none);
  CHECK_EQ(kind("    # retort: allow(lock/"), Kind::allowance);
  CHECK_EQ(kind("    # retort: allow(lock/retype) why"), Kind::none);
  CHECK_EQ(kind("ALTER TABLE ", false), Kind::sql);
  const std::string_view call = "def f():\n    op.create_index('ix', 'orders', ['id', 'to";
  const Context context = context_at(call, call.size(), true);
  CHECK_EQ(context.call, "create_index");
  CHECK_EQ(context.argument, 2);
  CHECK_EQ(context.strings, std::vector<std::string_view>{"ix", "orders", "id"});
}

// --- the model ---

std::string revision_text(int number, int parent, std::string_view body) {
  return fmt::format("revision = \"r{}\"\ndown_revision = {}\n\n\ndef upgrade():\n{}\n\n\n"
                     "def downgrade():\n    pass\n",
                     number, parent < 0 ? "None" : fmt::format("\"r{}\"", parent), body);
}

constexpr std::string_view kBodies[] = {
    "    op.create_table(\"t\", sa.Column(\"id\", sa.Integer(), primary_key=True))",
    "    op.create_table(\"t\", sa.Column(\"kind\", sa.Enum(\"a\", \"b\", name=\"kind\")))",
    "    op.add_column(\"t\", sa.Column(\"kind\", sa.Enum(\"a\", \"b\", name=\"kind\")))",
    "    op.add_column(\"t\", sa.Column(\"n\", sa.Integer(), nullable=False))",
    "    op.create_index(\"ix\", \"t\", [\"n\"])",
    "    op.execute(\"UPDATE t SET n = 1\")",
    "    op.execute(\"ALTR TABLE t\")",
    "    op.drop_table(\"t\")",
    "    op.rename_table(\"t\", \"u\")",
    "    op.execute(\"ALTER TABLE t ADD CONSTRAINT c CHECK (n > 0)\")",
    "    op.execute(unknown())",
    "    pass",
};

std::string as_text(Model& model, const std::vector<std::string>& paths) {
  while (model.work()) {
  }
  std::string text;
  for (const std::string& path : paths)
    for (const Shown& finding : model.findings(path)) {
      text += fmt::format("{} {}-{} {} {}", path, finding.at.span.begin, finding.at.span.end,
                          finding.full_name, finding.message);
      for (const auto& [place, note] : finding.notes)
        text += fmt::format("\n  {}:{}-{} {}", place.path, place.span.begin, place.span.end, note);
      text += "\n  " + finding.fingerprint + "\n";
    }
  return text;
}

// After any edits the server says what it would say if it had just begun.
TEST_CASE("lsp: edits lead to what reading anew leads to") {
  std::mt19937 random(20261121);
  constexpr int kRevisions = 7;
  for (int round = 0; round < 12; ++round) {
    FakeDisk::Files files = {{"/p/retort.toml", "[chain]\nversion_locations = [\"v\"]\n"}};
    std::vector<std::string> paths;
    const auto text_of = [&](int i, int parent) {
      return "import sqlalchemy as sa\nfrom alembic import op\n" +
             revision_text(i, parent, kBodies[random() % std::size(kBodies)]);
    };
    for (int i = 0; i < kRevisions; ++i) {
      paths.push_back(fmt::format("/p/v/{}.py", i));
      files[paths.back()] = text_of(i, i - 1);
    }
    const auto open = [&](const Disk& disk) {
      ModelRequest request;
      request.config.start_folder = "/p";
      return std::make_unique<Model>(disk, request, 1);
    };
    const FakeDisk disk(files);
    const std::unique_ptr<Model> edited = open(disk);
    for (int step = 0; step < 12; ++step) {
      const int i = static_cast<int>(random() % kRevisions);
      // Sometimes the graph changes, too.
      const int parent = random() % 6 == 0 ? static_cast<int>(random() % kRevisions) - 1 : i - 1;
      std::string text = text_of(i, parent >= i ? i - 1 : parent);
      files[paths[static_cast<size_t>(i)]] = text;
      const std::optional<RevIndex> revision = edited->revision(paths[static_cast<size_t>(i)]);
      REQUIRE(revision);
      REQUIRE(edited->edit(*revision, std::move(text)));
      for (size_t work = random() % 4; work > 0; --work)
        edited->work();
      if (random() % 2 == 0)
        (void)edited->findings(paths[random() % paths.size()]);
    }
    const FakeDisk now(files);
    CHECK_EQ(unified_diff("findings", as_text(*open(now), paths), as_text(*edited, paths)), "");
  }
}

TEST_CASE("lsp: memory does not grow with every key") {
  const std::string path = "/p/v/0.py";
  const std::string text = "from alembic import op\n" +
                           revision_text(0, -1, "    op.execute(\"CREATE TABLE t (id int)\")");
  const FakeDisk disk({{"/p/retort.toml", "[chain]\nversion_locations = [\"v\"]\n"}, {path, text}});
  ModelRequest request;
  request.config.start_folder = "/p";
  Model model(disk, request, 1);
  (void)model.findings(path);
  const auto type = [&] {
    REQUIRE(model.edit(*model.revision(path), text));
    (void)model.findings(path);
    while (model.work()) {
    }
    return model.sources().count();
  };
  const uint32_t once = type();
  for (int i = 0; i < 50; ++i)
    CHECK_EQ(type(), once);
}

}  // namespace
}  // namespace retort::lsp
