// What one statement does to a running server: whom it locks, what work it makes, what it brings
// and takes. Rules, reports and editors read this and none of them works it out again.
#pragma once

#include "compiler/catalog/replay.h"
#include "compiler/facts/transaction.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace retort::facts {

// Yes, no, and what the chain does not tell: the table was not made in it, or something opaque went
// before. Unknown is neither silence nor certainty.
enum class Answer : uint8_t { no, unknown, yes };

// In the order of their strength.
enum class LockMode : uint8_t {
  none,
  access_share,
  row_share,
  row_exclusive,
  share_update_exclusive,
  share,
  share_row_exclusive,
  exclusive,
  access_exclusive
};
std::string_view server_name(LockMode mode);    // "AccessExclusiveLock"
std::string_view sql_name(LockMode mode);       // "ACCESS EXCLUSIVE"
std::string_view blocked_words(LockMode mode);  // "reads and writes wait"
LockMode lock_mode(std::string_view sql_name);  // of LOCK TABLE
bool conflicts(LockMode held, LockMode wanted);
inline bool blocks_writes(LockMode mode) { return mode >= LockMode::share; }
inline bool blocks_reads(LockMode mode) { return mode == LockMode::access_exclusive; }

// From nothing to the dearest; `rows` is an INSERT, UPDATE, DELETE or COPY.
enum class Work : uint8_t { catalog, rows, scan, build, rewrite, unknown };
std::string_view to_string(Work work);

// One relation that the statement touches, whether it names it or not.
struct Touched {
  catalog::Id id = 0;  // 0: the chain does not know it
  std::string name;    // qualified by its schema: `public.orders`
  catalog::Kind kind = catalog::Kind::table;
  LockMode lock = LockMode::none;
  Answer scanned = Answer::no;    // every row is read
  Answer rewritten = Answer::no;  // every row is written anew, with all indexes
  Answer built = Answer::no;      // an index is built on it, or it is an index that is built anew
  bool changed = false;           // rows are inserted, updated or deleted
  bool new_file = false;  // gets an empty file, or a new one of no size: TRUNCATE, a sequence
  bool replaced = false;  // an index whose entry is made again; its file stays unless it is built
  bool made = false;      // by this statement
  bool dropped = false;
  bool named = false;  // stands in the statement
  std::string reason;  // why this much: "the new default is volatile", "referenced by orders_fk"
};

// What cannot be put back from the catalog alone.
struct Loss {
  enum class Kind : uint8_t { table, column, rows, values, type, other };
  Kind kind = Kind::other;
  catalog::Id id = 0;
  std::string what;  // "column public.orders.note"
};

struct Facts {
  std::vector<Touched> touched;
  Work work = Work::catalog;     // the dearest
  Answer certain = Answer::yes;  // unknown: `missing` says what the answers would depend on
  std::string missing;           // "the type of public.orders.total is not known"
  std::vector<Loss> lost;
  // The server refuses the statement inside a transaction block, and calls it so.
  std::string_view outside_only;  // "CREATE INDEX CONCURRENTLY"; static text
  // It certainly fails, and so.
  std::optional<catalog::Problem> fails;
  // It fails as soon as the table holds one row.
  std::optional<catalog::Problem> fails_with_rows;
  // It fails if the rows, or what the statement finds, are such: SQLSTATEs.
  std::vector<std::string_view> may_fail;
  // What it made, changed and took in the catalog.
  std::vector<catalog::Catalog::Change> changes;

  const Touched* find(catalog::Id id) const;
  LockMode lock_on(catalog::Id id) const;
};

// For `debug --print locks`: a line per relation, indented, and one for each verdict.
std::string to_text(const Facts& facts);

// `forms` are those of one statement; `before` is the catalog as it is before it; `transaction` is
// what its transaction has done so far; `server` is a major version from 12 to 18.
//
// This copies the catalog: who goes through a chain takes `Walk`, which does not.
Facts facts_of(const std::vector<forms::Form>& forms, const catalog::Catalog& before,
               const Transaction& transaction, int server);

// The same of a statement that `replay` has just looked at.
Facts facts_of(const std::vector<forms::Form>& forms, catalog::Replay& replay,
               catalog::Replay::Look look, const Transaction& transaction, int server);

// Goes through statements in their order and knows, for each, the catalog before it, its facts, and
// what its transaction has done.
class Walk {
public:
  explicit Walk(int server) : server_(server) { replay_.catalog().server = server; }
  Walk(catalog::Catalog start, int server) : replay_(std::move(start)), server_(server) {
    replay_.catalog().server = server;
  }

  // The facts of the next statement. Until `take`, `catalog` is as it is before it.
  const Facts& look(const std::vector<forms::Form>& forms);
  // Does it: `catalog` and `transaction` are as they are after it.
  void take();
  // A new transaction begins.
  void begin();
  // What follows until `give_up` leaves nothing behind.
  void try_out();
  void give_up();

  const catalog::Catalog& catalog() const { return replay_.catalog(); }
  catalog::Catalog& catalog() { return replay_.catalog(); }
  const Transaction& transaction() const { return transaction_; }
  int server() const { return server_; }

private:
  catalog::Replay replay_;
  Transaction transaction_;
  Transaction tried_from_;
  std::vector<forms::Form> forms_;
  Facts facts_;
  bool looked_ = false;
  int server_;
};

}  // namespace retort::facts
