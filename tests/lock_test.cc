// retort.lock as text, and the hashes in it.
#include "common/parallel.h"
#include "common/process.h"
#include "common/sha256.h"
#include "common/text.h"
#include "compiler/integrity/canonical.h"
#include "compiler/integrity/history.h"
#include "compiler/integrity/verdict.h"
#include "grammars/postgres/lexer.h"
#include "grammars/postgres/parse.h"
#include "tests/fake_disk.h"
#include "versions/lock_file.h"
#include "versions/read.h"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <doctest/doctest.h>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <random>

using namespace retort;

namespace {

using Random = std::mt19937;

size_t below(Random& random, size_t limit) { return random() % limit; }

std::string hash_of(int number) { return sha256(std::to_string(number)); }

std::string random_word(Random& random) {
  static constexpr std::string_view kParts[] = {"a1", "0042", "end", "-",           "é", " ",
                                                "%",  ",",    ":",   "retort-lock", "=="};
  std::string word;
  for (size_t i = 1 + below(random, 3); i-- > 0;)
    word += kParts[below(random, std::size(kParts))];
  return word;
}

RevisionState random_state(Random& random) {
  const auto hash = [&] { return hash_of(static_cast<int>(below(random, 100))); };
  RevisionState state{hash(), hash(), hash(), {}, {}};
  if (below(random, 5) == 0)
    state.up = kUnknownHash;
  if (below(random, 3) == 0)
    state.down = below(random, 2) == 0 ? kUnknownHash : kNoHash;
  for (size_t i = below(random, 3); i-- > 0;)
    state.parents.push_back(random_word(random));
  for (size_t i = below(random, 2); i-- > 0;)
    state.depends.push_back(random_word(random));
  return state;
}

LockFile random_lock(Random& random) {
  LockFile lock;
  for (size_t i = below(random, 8); i-- > 0;) {
    LockEntry entry;
    entry.id = random_word(random) + std::to_string(i);
    entry.state = random_state(random);
    if (below(random, 2) == 0)
      entry.release = "2026.0" + std::to_string(below(random, 10));
    for (size_t n = below(random, 3); n-- > 0;) {
      Acceptance& acceptance = entry.accepted.emplace_back();
      acceptance.verdict = below(random, 3) == 0 ? "removed" : "changed";
      if (acceptance.verdict != "removed")
        acceptance.state = random_state(random);
      acceptance.reason = fmt::format("why {}: {}  src1:no, 100 %", n, below(random, 1000));
    }
    lock.entries.push_back(std::move(entry));
  }
  std::sort(lock.entries.begin(), lock.entries.end(),
            [](const LockEntry& a, const LockEntry& b) { return a.id < b.id; });
  return lock;
}

LockFile parsed(const std::string& text) {
  Sources sources;
  Diagnostics diagnostics;
  Result<LockFile> lock = parse_lock(sources, sources.add("retort.lock", text), diagnostics);
  for (const Diagnostic& diagnostic : diagnostics.all())
    FAIL_CHECK(diagnostic.message);
  REQUIRE(lock);
  return std::move(*lock);
}

// `variant:line: message`, of a text that is none.
std::string damage_in(const std::string& text) {
  Sources sources;
  Diagnostics diagnostics;
  const FileId file = sources.add("retort.lock", text);
  const Result<LockFile> lock = parse_lock(sources, file, diagnostics);
  REQUIRE(!lock);
  REQUIRE(diagnostics.all().size() == 1);
  const Diagnostic& found = diagnostics.all().front();
  CHECK(found.rule == "integrity/damaged");
  CHECK_FALSE(found.notes.empty());
  return fmt::format("{}:{}: {}", found.variant, sources.position(file, found.at.span.begin).line,
                     found.message);
}

void check_same(const LockFile& a, const LockFile& b) {
  REQUIRE(a.entries.size() == b.entries.size());
  for (size_t i = 0; i < a.entries.size(); ++i) {
    CHECK(a.entries[i].id == b.entries[i].id);
    CHECK(a.entries[i].state == b.entries[i].state);
    CHECK(a.entries[i].release == b.entries[i].release);
    CHECK(a.entries[i].accepted == b.entries[i].accepted);
  }
}

LockEntry entry(std::string id, int state, std::string release = {}) {
  LockEntry made;
  made.id = std::move(id);
  made.state = {hash_of(state), hash_of(state + 1), hash_of(state + 2), {}, {}};
  made.release = std::move(release);
  return made;
}

std::string line(const LockEntry& of) {
  const std::string text = print_lock({{of}});
  const size_t begin = text.find('\n') + 1;
  return text.substr(begin, text.rfind("end\n") - begin);
}

Body body(const std::vector<std::string>& statements) {
  Body made;
  for (const std::string& sql : statements) {
    BodyItem& item = made.items.emplace_back();
    item.sql = sql;
    item.op = "execute";
  }
  return made;
}

BodyItem edge(BodyItem::Kind kind) {
  BodyItem item;
  item.kind = kind;
  return item;
}

std::string form(const std::string& sql) { return canonical(body({sql})); }

class Folder {
public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "retort-lock.XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { std::filesystem::remove_all(path_); }
  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(path_ / name, std::ios::binary) << text;
    return (path_ / name).string();
  }

private:
  std::filesystem::path path_;
};

// What git makes of three versions of the lock, and whether without a conflict.
std::pair<std::string, bool> merged(const LockFile& ours, const LockFile& base,
                                    const LockFile& theirs, bool with_union) {
  const Folder folder;
  std::vector<std::string> arguments{"git", "merge-file", "-p"};
  if (with_union)
    arguments.emplace_back("--union");
  arguments.push_back(folder.write("ours", print_lock(ours)));
  arguments.push_back(folder.write("base", print_lock(base)));
  arguments.push_back(folder.write("theirs", print_lock(theirs)));
  const ProcessResult result = run_process(arguments);
  REQUIRE(result.exit_code >= 0);
  REQUIRE(result.exit_code < 127);
  return {result.output, result.exit_code == 0};
}

LockFile with(LockFile lock, LockEntry added) {
  const auto place = std::find_if(lock.entries.begin(), lock.entries.end(),
                                  [&](const LockEntry& each) { return each.id > added.id; });
  lock.entries.insert(place, std::move(added));
  return lock;
}

}  // namespace

TEST_CASE("lock: what is printed is read as it was") {
  for (unsigned seed = 0; seed < 500; ++seed) {
    Random random(seed);
    const LockFile lock = random_lock(random);
    const std::string text = print_lock(lock);
    CAPTURE(text);
    check_same(parsed(text), lock);
    std::string windows = "\xEF\xBB\xBF";
    for (const char c : text)
      windows += c == '\n' ? std::string("\r\n") : std::string(1, c);
    check_same(parsed(windows), lock);
  }
}

TEST_CASE("lock: no part of a lock is read as a whole one") {
  Random random(7);
  LockFile lock = random_lock(random);
  while (lock.entries.size() < 3)
    lock = random_lock(random);
  const std::string text = print_lock(lock);
  for (size_t size = 0; size + 1 < text.size(); ++size) {
    CAPTURE(size);
    CHECK_FALSE(damage_in(text.substr(0, size)).empty());
  }
}

TEST_CASE("lock: damage is told with its line") {
  const std::string a = line(entry("a", 1, "1.0"));
  const std::string b = line(entry("b", 4));
  const auto lock = [](const std::string& lines) { return "retort-lock 1\n" + lines + "end\n"; };
  CHECK(damage_in("") == "line:1: this file is empty: it should begin with `retort-lock 1`");
  CHECK(damage_in("retort-lock 2\nend\n") ==
        "scheme:1: `retort-lock 2`: this version of retort reads `retort-lock 1`");
  CHECK(damage_in("hello\n") == "line:1: a lock begins with the line `retort-lock 1`");
  CHECK(damage_in(lock("<<<<<<< HEAD\n" + a + "=======\n" + b + ">>>>>>> main\n")) ==
        "conflict:2: a merge has left a conflict here");
  CHECK(damage_in(lock(a + "=======\n" + b)) == "conflict:3: a merge has left a conflict here");
  CHECK(damage_in("retort-lock 1\n" + a + b) ==
        "truncated:4: the lock breaks off: its last line should be `end`");
  CHECK(damage_in(std::string("retort-lock 1\n\0", 15)) ==
        "binary:1: this is no text: it has a zero byte");
  CHECK(damage_in(lock(a + line(entry("a", 9, "1.1")))) ==
        "duplicate:3: `a` has two lines that were released and differ");
  CHECK(damage_in(lock("a  src2:00\n")) ==
        "scheme:2: `src2` is a field that this version of retort does not know");
  CHECK(damage_in(lock("a  src1:00\n")) ==
        "line:2: this is no line of a lock: `src1` should be 64 hexadecimal digits");
  CHECK(damage_in(lock(a + "a\n")) == "line:3: this is no line of a lock: it has an id and fields");
  CHECK(damage_in(lock("c  accepted:removed  reason:x\n")) ==
        "line:2: `c` is accepted here and has no line of its own");
  CHECK(damage_in(lock(a + "a  accepted:removed\n")) ==
        "line:3: this is no line of a lock: what is accepted has a reason");
}

TEST_CASE("lock: of two lines for a revision the released one counts") {
  const std::string free = line(entry("a", 1));
  const std::string released = line(entry("a", 4, "1.0"));
  for (const std::string& lines : {free + released, released + free}) {
    const LockFile lock = parsed("retort-lock 1\n" + lines + "end\n");
    REQUIRE(lock.entries.size() == 1);
    CHECK(lock.entries[0].release == "1.0");
    CHECK(lock.entries[0].state == entry("a", 4).state);
  }
}

TEST_CASE("lock: branches that add revisions merge") {
  for (unsigned seed = 0; seed < 60; ++seed) {
    Random random(seed);
    LockFile base;
    for (int i = 0; i < 40; ++i)
      base.entries.push_back(entry(fmt::format("{:02}", i * 2 + 1), i * 10, i < 30 ? "1.0" : ""));
    const auto place = [&] { return fmt::format("{:02}", below(random, 41) * 2); };
    const std::string first = place();
    const std::string second = place();
    const LockFile ours = with(base, entry(first + "o", 1000));
    const LockFile theirs = with(base, entry(second + "t", 2000));
    const LockFile both = with(ours, entry(second + "t", 2000));
    CAPTURE(first);
    CAPTURE(second);
    const auto [text, clean] = merged(ours, base, theirs, false);
    CHECK(clean == (first != second));
    if (clean)
      check_same(parsed(text), both);
    else
      CHECK(damage_in(text).starts_with("conflict:"));
    const auto [united, no_conflict] = merged(ours, base, theirs, true);
    CHECK(no_conflict);
    check_same(parsed(united), both);
  }
}

TEST_CASE("lock: a release and an edit of the same line unite to the release") {
  const LockFile base{{entry("a", 1, "1.0"), entry("b", 10), entry("c", 20)}};
  LockFile ours = base, theirs = base;
  ours.entries[1].release = "1.1";
  theirs.entries[1].state = entry("b", 500).state;
  const auto [text, clean] = merged(ours, base, theirs, true);
  CHECK(clean);
  check_same(parsed(text), ours);
}

TEST_CASE("lock: the record of what was released is only added to") {
  const LockFile base{{entry("a", 1, "1.0"), entry("b", 10), entry("c", 20)}};
  const auto how = [&](LockFile ours, const LockFile& tip) {
    std::string text;
    for (const Rewritten& each : compare_history(base, tip, ours))
      text += each.entry->id + ": " + each.how + "\n";
    return text;
  };
  CHECK(how(base, base).empty());
  LockFile ours = base;
  ours.entries[1].state = entry("b", 500).state;  // was never released
  ours.entries.pop_back();
  CHECK(how(ours, base).empty());
  ours.entries[0].accepted.push_back({"changed", entry("a", 5).state, "so be it"});
  CHECK(how(ours, base).empty());
  ours.entries[0].state = entry("a", 5).state;
  CHECK(how(ours, base) == "a: its line has other hashes or parents now\n");
  ours.entries[0].release.clear();
  CHECK(how(ours, base) == "a: its line says that it was not\n");
  ours.entries[0].release = "0.9";
  CHECK(how(ours, base) == "a: its line says that it was as 0.9\n");
  ours.entries.erase(ours.entries.begin());
  CHECK(how(ours, base) == "a: its line is gone\n");

  // Released there, after this branch left.
  LockFile tip = base;
  tip.entries[1].release = "1.1";
  ours = base;
  ours.entries[1].state = entry("b", 500).state;
  CHECK(compare_history(base, tip, ours).empty());
  CHECK(ours.entries[1].release == "1.1");
  CHECK(ours.entries[1].state == base.entries[1].state);
}

TEST_CASE("lock: comparisons") {
  const RevisionState then{"s", "u", "d", {"p"}, {}};
  const auto verdict = [&](const RevisionState& old, const RevisionState& now) {
    const Comparison result = compare(old, now);
    return fmt::format("{} {}", to_string(result.verdict), to_string(result.level));
  };
  CHECK(verdict(then, then) == "same info");
  // Another text, or another retort: with the same text its hashes say nothing.
  CHECK(verdict(then, {"s", "other", "other", {"p"}, {}}) == "same info");
  CHECK(verdict(then, {"t", "u", "d", {"p"}, {}}) == "cosmetic info");
  CHECK(verdict(then, {"t", "u", "e", {"p"}, {}}) == "way-back-changed warning");
  CHECK(verdict(then, {"t", "u", "none", {"p"}, {}}) == "way-back-changed warning");
  CHECK(verdict(then, {"t", "v", "d", {"p"}, {}}) == "changed error");
  CHECK(verdict(then, {"t", "v", "d", {"q"}, {}}) == "changed error");
  CHECK(verdict(then, {"t", "u", "e", {"q"}, {}}) == "parents-changed error");
  CHECK(verdict(then, {"s", "u", "d", {"p"}, {"x"}}) == "parents-changed error");
  CHECK(verdict(then, {"t", "unknown", "d", {"p"}, {}}) == "undecidable error");
  CHECK(verdict({"s", "unknown", "d", {"p"}, {}}, {"t", "u", "d", {"p"}, {}}) ==
        "undecidable error");
  CHECK(verdict({"s", "unknown", "d", {"p"}, {}}, {"t", "unknown", "d", {"p"}, {}}) ==
        "undecidable error");
  CHECK(verdict(then, {"t", "u", "unknown", {"p"}, {}}) == "undecidable warning");
  CHECK(verdict(then, {"t", "v", "unknown", {"p"}, {}}) == "changed error");
}

// These must never change: files of users hold them.
TEST_CASE("lock: the forms and hashes of scheme 1 are frozen") {
  CHECK(source_hash("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(source_hash("revision = 1\n") == sha256("revision = 1\n"));
  CHECK(source_hash("\xEF\xBB\xBFrevision = 1\r\n") == source_hash("revision = 1\n"));
  CHECK(source_hash("a\rb\r\r\n") == sha256("a\rb\r\n"));
  CHECK(source_hash({{"file", "a"}}) == sha256("a"));
  CHECK(source_hash({{"file", "a\r\n"}, {"down", "b"}}) ==
        sha256("file " + sha256("a\n") + "\ndown " + sha256("b") + "\n"));

  CHECK(form("SET lock_timeout = '3s'") == "tw3:setw12:lock_timeoutr1:=s2:3s;");
  CHECK(form("SELECT 'it''s', $x$it's$x$, $$$$, ''") ==
        "tw6:selects4:it'sr1:,s4:it'sr1:,s0:r1:,s0:;");
  CHECK(form("SELECT E'a\\'' \n 'b\\''") == "tw6:selectr6:E'a\\''r5:'b\\'';");
  CHECK(form("SELECT \"Id\", B'01', U&'x', 1E5, $1 FROM Ünicode /* x */ -- y") ==
        "tw6:selectr4:\"Id\"r1:,r5:B'01'r1:,r5:U&'x'r1:,w3:1e5r1:,r2:$1w4:fromw8:Ünicode;");
  CHECK(canonical(body({})).empty());

  Body both = body({"CREATE TABLE t (id int)", "CREATE INDEX CONCURRENTLY i ON t (id)", "VACUUM t",
                    "COPY t FROM stdin"});
  both.items[1].transaction = false;
  both.items[3].data = "1\n2\n";
  both.items.insert(both.items.begin() + 2, edge(BodyItem::Kind::autocommit_begin));
  both.items.insert(both.items.begin() + 4, edge(BodyItem::Kind::autocommit_end));
  CHECK(canonical(both) == "tw6:createw5:tablew1:tr1:(w2:idw3:intr1:);"
                           "ow6:createw5:indexw12:concurrentlyw1:iw2:onw1:tr1:(w2:idr1:);"
                           "ow6:vacuumw1:t;"
                           "tw4:copyw1:tw4:fromw5:stdind4:1\n2\n;");
  CHECK(body_hash(both) == "ebe294b3991bcb7322b10312d8c8d68b4e8f31661e3ffa18adc522fb5521606c");
  // Statements of one text are hashed as that text, which had one item once.
  Body parts = body({"-- both\nSELECT 1", "SELECT 2;"});
  parts.items[0].followed = true;
  parts.items[1].joint = "; -- one\n";
  CHECK(body_hash(parts) == body_hash(body({"-- both\nSELECT 1; -- one\nSELECT 2;"})));
  CHECK(body_hash(body({})) == sha256(""));
}

TEST_CASE("lock: line ends count in what Python says, and not in files of SQL") {
  Body unix_file = body({"SELECT 'a\nb'"});
  Body windows_file = body({"SELECT\r\n'a\r\nb'"});
  CHECK(body_hash(unix_file) != body_hash(windows_file));
  unix_file.items[0].op = windows_file.items[0].op = "sql";
  CHECK(body_hash(unix_file) == body_hash(windows_file));
}

// Whatever the grammar takes for the same tree is not always the same form; but what has the same
// form must be the same to the grammar: nothing that was changed may be called cosmetic.
TEST_CASE("lock: another layout keeps the form, another word does not") {
  static constexpr std::string_view kStatements[] = {
      "CREATE TABLE orders (id bigint PRIMARY KEY, note varchar(20) DEFAULT 'it''s', n int[])",
      "ALTER TABLE a.b ADD CONSTRAINT \"Ck\" CHECK (x <> 3 AND y LIKE E'%\\\\_' OR z ? 'k')",
      "INSERT INTO t VALUES (1.5e3, -2, 'x', NULL, '{\"a\": 1}'::jsonb, B'10', U&'\\0041')",
      "CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS $body$ SELECT a /* keep */ $body$",
      "UPDATE t SET a = b -- why\n WHERE c @> '[1,2]' AND d IS NOT DISTINCT FROM $$ x $$"};
  for (unsigned seed = 0; seed < 300; ++seed) {
    Random random(seed);
    const std::string sql(kStatements[below(random, std::size(kStatements))]);
    pg::Lexer lexer(sql, {0, static_cast<uint32_t>(sql.size())});
    std::vector<pg::Token> tokens;
    for (pg::Token token = lexer.next(); token.kind != pg::TokenKind::end; token = lexer.next())
      if (token.kind != pg::TokenKind::comment)
        tokens.push_back(token);
    std::string relaid, changed;
    const size_t victim = below(random, tokens.size());
    for (size_t i = 0; i < tokens.size(); ++i) {
      static constexpr std::string_view kBlanks[] = {" ", "\n\t", " /* a 'b */ ", " -- c\n", "  "};
      std::string text(lexer.text(tokens[i]));
      changed += i == victim ? " other" : " " + text;
      if (tokens[i].kind == pg::TokenKind::word && below(random, 2) == 0)
        for (char& c : text)
          c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
      relaid += std::string(kBlanks[below(random, std::size(kBlanks))]) + text;
    }
    CAPTURE(relaid);
    CHECK(form(relaid) == form(sql));
    CHECK(form(changed) != form(sql));
    bool accepted = false;
    on_large_stack([&] { accepted = !pg::check(relaid); });
    CHECK(accepted);
  }
}

TEST_CASE("lock: a revision is hashed behind its ancestors alone") {
  const auto python = [](std::string_view id, std::string_view parent, std::string_view up) {
    return fmt::format("from alembic import op\nimport sqlalchemy as sa\nrevision = \"{}\"\n"
                       "down_revision = {}\ndef upgrade():\n{}\ndef downgrade():\n    pass\n",
                       id, parent, up);
  };
  const std::string asking = "    if not sa.inspect(op.get_bind()).has_table(\"u\"):\n"
                             "        op.execute(\"CREATE TABLE u (id int)\")\n";
  FakeDisk::Files files{
      {"/v/1.py", python("a1", "None", "    op.execute('CREATE TABLE t (id int)')\n")},
      {"/v/2.py", python("b2", "\"a1\"", asking)}};
  const auto up_of_b2 = [&] {
    const FakeDisk disk(files);
    Run run{.disk = disk, .threads = 2, .sources = {}, .diagnostics = {}};
    VersionFolders folders;
    folders.folders.push_back({"/v", {}});
    const Chain chain = link(read_revisions(run, folders), run.diagnostics);
    std::vector<RevIndex> all;
    for (RevIndex i = 0; i < chain.size(); ++i)
      all.push_back(i);
    const std::vector<RevisionState> states = states_of(run, chain, {}, all);
    CHECK(run.diagnostics.empty());
    return states[*chain.find_id("b2")].up;
  };
  const std::string alone = up_of_b2();
  CHECK(alone == body_hash(body({"CREATE TABLE u (id int)"})));
  // Another branch makes the table, and is read and applied first.
  files["/v/0.py"] = python("0c", "\"a1\"", "    op.execute('CREATE TABLE u (id int)')\n");
  CHECK(up_of_b2() == alone);
  // An ancestor does.
  files["/v/1.py"] = python("a1", "None", "    op.execute('CREATE TABLE u (id int)')\n");
  CHECK(up_of_b2() == body_hash(body({})));
}
