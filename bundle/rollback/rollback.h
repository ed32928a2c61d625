// The way back of each revision of a range, worked out before the way forward is taken: what the
// author's way down really restores, what is lost for good, which statements keep the old rows and
// put them back, and which dumps are needed where only those help.
//
// Nothing is believed because it is written. A way down counts as far as its replay leaves the
// catalog as it was (linter/comparison.h) and, of what the catalog does not hold, as far as the
// same statement is said again (ledger.h).
#pragma once

#include "bundle/rollback/dump_plan.h"
#include "bundle/rollback/keep.h"
#include "bundle/rollback/past.h"
#include "bundle/rollback/way_back_class.h"
#include "compiler/statistics/duration.h"
#include "versions/range.h"

#include <span>
#include <string>
#include <vector>

namespace retort::rollback {

// What becomes of one statement of the way up.
struct StatementWayBack {
  Loc at;
  std::string sql;
  WayBackClass kind = WayBackClass::exact;
  std::string reason;  // "column public.orders.note: its values are saved first"; may be empty
};

struct RevisionWayBack {
  RevIndex revision = 0;
  std::string id;
  WayBackClass worst = WayBackClass::exact;
  std::string reason;  // of the worst
  std::vector<StatementWayBack> statements;
  // What does not come back, or goes on the way back, whatever is done: in words.
  std::vector<std::string> lost;
  // What the operator should know: the way down may fail over rows, columns change their order.
  std::vector<std::string> notes;
  // What the verdict rests on beyond the chain.
  std::vector<std::string> assumptions;

  // The author's way down runs, and these lists go around it. It is replaced by `proposed` where
  // `replaces` says so, and else followed by them: statements that retort wrote.
  bool replaces = false;
  std::vector<std::string> proposed;

  // Statements without their `;`, each for one place:
  std::vector<std::string> keep;      // first in the transaction of the way up
  std::vector<std::string> seal;      // last in it
  std::vector<std::string> look;      // first in the transaction of the way down
  std::vector<std::string> put_back;  // last in it, behind `proposed`
  std::vector<std::string> clean_up;  // when nobody will want to go back any more

  // The same as data, for the way through CSV files.
  Kept kept;
  // The script of the way down, as PLAN.txt names it; whoever writes it says where it is.
  std::string down_file;  // "down/0010_41f0a6c2d853.sql"

  // Where files that pg_dump wrote are needed, or are the other way.
  std::optional<DumpPlan> dump;
  // Dumps of tables do not help, or not with everything: a backup of the whole database does.
  bool whole_backup = false;
  // Of the statements of the way back that do more than to change the catalog; with statistics.
  std::optional<statistics::Seconds> time;
};

struct BackOptions {
  int server = 15;
  const statistics::Statistics* statistics = nullptr;
};

// `up` are the steps of an upgrade; `down_bodies[i]` is the way down of `up[i]`. `past` is what
// came before the first of them, and is changed to what comes behind the last. Call it on a large
// stack (common/parallel.h), as the grammar demands.
std::vector<RevisionWayBack> ways_back(Run& run, const Chain& chain, std::span<const Step> up,
                                       std::span<const Body> up_bodies,
                                       std::span<const Body> down_bodies, Past& past,
                                       const BackOptions& options);

// The first way back, from the newest, that does not lead through: the database can be taken back
// from the newest down to this place in `ways`. `ways.size()`: from everywhere.
size_t first_without_way_back(std::span<const RevisionWayBack> ways);

// PLAN.txt, and the scripts for psql and the shell that it names. The scripts of the way down are
// not among them: they are the guarded ones, with the lists above at their places.
std::vector<File> files(std::span<const RevisionWayBack> ways);
std::string plan_text(std::span<const RevisionWayBack> ways);
std::string step_name(const RevisionWayBack& way, size_t place);  // "0010_41f0a6c2d853"

// For `debug --print way-back`.
// `verbose`: with the statements of the keeps.
std::string to_text(const RevisionWayBack& way, const Sources& sources, bool verbose);

}  // namespace retort::rollback
