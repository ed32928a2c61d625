// PLAN.txt: what an operator reads at night. Plain ASCII words, short lines, commands to copy.
#include "bundle/rollback/rollback.h"

#include "common/text.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort::rollback {
namespace {

constexpr size_t kWidth = 78;

// Lines of at most this width, those behind the first with the same blanks as its text.
void wrap(std::string& out, std::string_view lead, std::string_view text) {
  const std::string blanks(lead.size(), ' ');
  std::string line(lead);
  bool empty = true;
  for (const std::string_view word : split(text, ' ')) {
    if (!empty && line.size() + 1 + word.size() > kWidth) {
      out += line + "\n";
      line = blanks;
      empty = true;
    }
    if (!empty)
      line += ' ';
    line += word;
    empty = false;
  }
  out += line + "\n";
}

void command(std::string& out, std::string_view text) { out += fmt::format("      {}\n", text); }

std::string psql(std::string_view file) {
  return fmt::format("psql -X -v ON_ERROR_STOP=1 -d \"$DB\" -f rollback/{}", file);
}

class Plan {
public:
  explicit Plan(std::span<const RevisionWayBack> ways) : ways_(ways) {}

  std::string run() {
    text_ = "HOW TO GO BACK\n==============\n\n";
    summary();
    before();
    decide();
    revisions();
    afterwards();
    return std::move(text_);
  }

private:
  std::string down(size_t i) const {
    return ways_[i].down_file.empty() ? fmt::format("down/{}.sql", step_name(ways_[i], i))
                                      : ways_[i].down_file;
  }
  bool any(bool (*wanted)(const RevisionWayBack&)) const {
    return std::any_of(ways_.begin(), ways_.end(), wanted);
  }
  static bool has_dump(const RevisionWayBack& way) { return way.dump.has_value(); }
  static bool needs_dump(const RevisionWayBack& way) {
    return way.dump && way.worst >= WayBackClass::backup_only;
  }
  static bool has_keep(const RevisionWayBack& way) { return !way.keep.empty(); }
  static bool destroys(const RevisionWayBack& way) {
    return has_dump(way) || has_keep(way) || way.whole_backup;
  }

  void summary() {
    for (size_t i = 0; i < ways_.size(); ++i)
      wrap(text_, fmt::format("  {}  ", step_name(ways_[i], i)),
           std::string(to_string(ways_[i].worst)));
    text_ += "\n";
    const size_t first = first_without_way_back(ways_);
    if (first == 0) {
      wrap(text_, "", "The database can be taken back from every step.");
    } else {
      const RevisionWayBack& way = ways_[first - 1];
      wrap(text_, "",
           fmt::format("Latest safe point: before {}. Once that step has run, there is no way "
                       "back behind it: {}.",
                       step_name(way, first - 1), way.reason));
    }
    text_ += "\nThe commands run in the folder of this bundle. DB is the name of the database:\n"
             "      DB=orders_prod\n\n";
  }

  void before() {
    const bool whole = any([](const RevisionWayBack& way) { return way.whole_backup; });
    if (!any(has_dump) && !any(has_keep) && !whole)
      return;
    text_ += "BEFORE THE UPGRADE\n------------------\n\n";
    if (whole) {
      wrap(text_, "",
           "These steps destroy what only a backup of the whole database has. Make sure that there "
           "is one, with its archived log, and note where it must be taken back to:");
      command(text_, "psql -X -At -d \"$DB\" -c 'SELECT pg_current_wal_lsn(), now()'");
      for (size_t i = 0; i < ways_.size(); ++i)
        if (ways_[i].whole_backup)
          text_ += fmt::format("      {}\n", step_name(ways_[i], i));
      text_ += "\n";
    }
    for (size_t i = 0; i < ways_.size(); ++i) {
      if (!ways_[i].dump)
        continue;
      const bool needed = needs_dump(ways_[i]);
      wrap(text_, "",
           fmt::format("{}: {} For {}.", step_name(ways_[i], i),
                       ways_[i].worst == WayBackClass::no_way_back
                           ? "the dump brings these tables back, and nothing else of the step."
                       : needed ? "the dump is needed; without it the rows are gone for good."
                                : "the dump is a second way; the upgrade keeps the rows itself.",
                       join(ways_[i].dump->tables, ", ")));
      command(text_, fmt::format("sh rollback/save/{}_dump.sh \"$DB\"", step_name(ways_[i], i)));
      if (ways_[i].dump->right_before && i > 0)
        wrap(text_, "  ",
             fmt::format("Earlier steps change these tables. Run the upgrade up to {}, then this, "
                         "then the rest: a dump from before all of it would not fit.",
                         step_name(ways_[i - 1], i - 1)));
      wrap(text_, "  ",
           "Stop the writers first. What they write after the dump is not in it. While it runs, an "
           "index that is built CONCURRENTLY on the table waits for it.");
      text_ += "\n";
    }
    if (any(has_keep)) {
      wrap(text_, "",
           "Old rows are copied into the schema retort_keep by the upgrade itself, in its own "
           "transaction: there is nothing to do for it. The role that runs it must be allowed to "
           "make that schema. It needs room for the copies, and writers of these tables wait until "
           "the step is done:");
      std::vector<std::string> said;
      for (const RevisionWayBack& way : ways_)
        for (const KeptTable& table : way.kept.tables)
          if (std::find(said.begin(), said.end(), table.table) == said.end()) {
            text_ += fmt::format("      {}{}{}\n", table.table, table.size.empty() ? "" : ": ",
                                 table.size);
            said.push_back(table.table);
          }
      text_ += "\n";
    }
  }

  void decide() {
    text_ += "WHAT TO DO\n----------\n\n";
    wrap(
        text_, "A  ",
        "The upgrade stopped with an error. The step that failed left nothing behind, unless it is "
        "noted below that parts of it run outside of a transaction; the steps before it are done. "
        "Either put right what the message names and run the upgrade again, "
        "or go back with B from the last step that is done.");
    text_ += "\n";
    wrap(text_, "B  ",
         "The upgrade is done, wholly or in part, and the application must go back. Stop the new "
         "application. Then run these, from the newest step that is done, one after the other, and "
         "stop at the first error: it has changed nothing.");
    for (size_t i = ways_.size(); i-- > 0;) {
      if (ways_[i].worst == WayBackClass::no_way_back) {
        wrap(text_, "      ",
             fmt::format("-- {}: no way back. Stop here, and see below.", step_name(ways_[i], i)));
        continue;
      }
      if (needs_dump(ways_[i])) {
        command(text_, psql(down(i)));
        command(text_,
                fmt::format("sh rollback/restore/{}_tables.sh \"$DB\"", step_name(ways_[i], i)));
        continue;
      }
      command(text_, psql(down(i)));
      if (ways_[i].whole_backup)
        wrap(text_, "      -- ", "This does not bring back what the step has destroyed: see D.");
    }
    text_ += "\n";
    wrap(text_, "C  ",
         "A command of B stopped. Nothing of it was done. The message says which rows are in its "
         "way. Put them right, and run the same command again.");
    text_ += "\n";
    if (any([](const RevisionWayBack& way) {
          return way.worst == WayBackClass::no_way_back || way.whole_backup;
        })) {
      wrap(text_, "D  ",
           "The step has no way back, or not all of it. Either leave what it has done: the older "
           "application may run with it; ask who wrote it. Or put the whole database back from its "
           "backup, to the place that was noted before the upgrade: everything that was written "
           "since is lost.");
      text_ += "\n";
    }
    if (any(destroys)) {
      wrap(text_, "!  ",
           "Never `pg_restore -t TABLE`, from whatever dump: it brings back no key, no index, no "
           "trigger and no privilege, nothing that refers to the table, and of its rows none that "
           "is younger than the dump.");
      text_ += "\n";
    }
  }

  void revisions() {
    text_ += "THE STEPS, NEWEST FIRST\n-----------------------\n\n";
    for (size_t i = ways_.size(); i-- > 0;) {
      const RevisionWayBack& way = ways_[i];
      text_ += fmt::format("{}: {}\n", step_name(way, i), to_string(way.worst));
      wrap(text_, "    ", fmt::format("In short: {}.", explanation(way.worst)));
      if (!way.reason.empty() && way.worst > WayBackClass::exact)
        wrap(text_, "    ", fmt::format("Why: {}.", way.reason));
      for (const std::string& lost : way.lost)
        wrap(text_, "    - lost: ", lost);
      for (const std::string& note : way.notes)
        wrap(text_, "    - note: ", note);
      for (const std::string& assumption : way.assumptions)
        wrap(text_, "    - assumed: ", assumption);
      if (!way.proposed.empty())
        wrap(text_, "    - ",
             way.replaces
                 ? "the statements of the way back were written by retort, not by the author"
                 : "retort added statements behind the author's downgrade");
      if (way.time)
        wrap(text_, "    - ",
             fmt::format("going back works for {}, by the statistics of production",
                         statistics::text_of(*way.time)));
      if (needs_dump(way))
        wrap(
            text_, "    - lost: ",
            fmt::format("all that was written to {} after the dump", join(way.dump->tables, ", ")));
      if (way.dump && way.worst == WayBackClass::no_way_back)
        wrap(text_, "    - ",
             fmt::format("the tables alone come back by `sh rollback/restore/{}_tables.sh \"$DB\"`",
                         step_name(way, i)));
      if (way.dump && !needs_dump(way))
        wrap(text_, "    - ",
             fmt::format("the second way, behind the downgrade: `sh rollback/restore/{}_tables.sh "
                         "\"$DB\"` brings {} back as dumped, without what was written since",
                         step_name(way, i), join(way.dump->tables, ", ")));
      if (!way.kept.empty())
        wrap(text_, "    - ",
             fmt::format("where no copy may stay in the database: save/{0}_csv.sql before the "
                         "upgrade, restore/{0}_csv.sql before the downgrade",
                         step_name(way, i)));
      text_ += "\n";
    }
  }

  void afterwards() {
    if (!any(has_keep))
      return;
    text_ += "WHEN NOBODY WILL GO BACK ANY MORE\n---------------------------------\n\n";
    wrap(text_, "",
         "The copies hold old rows, and the upgrade does not run a second time while they are "
         "there. Drop them when the ticket is closed, or before the upgrade is tried again:");
    for (size_t i = 0; i < ways_.size(); ++i)
      if (has_keep(ways_[i]))
        command(text_, psql(fmt::format("clean_up/{}.sql", step_name(ways_[i], i))));
  }

  std::span<const RevisionWayBack> ways_;
  std::string text_;
};

}  // namespace

std::string plan_text(std::span<const RevisionWayBack> ways) { return Plan(ways).run(); }

}  // namespace retort::rollback
