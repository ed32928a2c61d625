#include "compiler/script/guarded.h"

#include "common/path.h"
#include "compiler/ddl/names.h"
#include "compiler/script/guarded_file.h"
#include "versions/sql_header.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort {
namespace {

// Runs the files that are left to do. What is done is told by the rows; how far a revision in
// several files is, its files know.
std::string run_file(const Whole& whole, std::span<const Stage> stages,
                     const std::vector<size_t>& firsts, const std::vector<std::string>& names) {
  std::vector<std::string> states;
  for (const size_t first : firsts)
    states.push_back(literal(shown(whole.chain, stages[first].before)));
  const std::string target = shown(whole.chain, stages.back().after);
  states.push_back(literal(target));
  const GuardTables& tables = whole.tables;
  const std::string query = rows_query(tables);
  std::string text = fmt::format(
      "-- Runs the scripts beside it in their order, and goes on where the database is.\n"
      "\\set ON_ERROR_STOP on\n\\set ON_ERROR_ROLLBACK off\n\\set AUTOCOMMIT on\n"
      "\\set SINGLELINE off\n\\pset pager off\n"
      "SELECT to_regclass({}) IS NOT NULL AS retort_known \\gset\n"
      "SELECT to_regclass({}) IS NOT NULL AS retort_interrupted \\gset\n"
      "\\if :retort_known\n"
      "SELECT ({}) = {} AND NOT :'retort_interrupted'::boolean AS retort_there \\gset\n"
      "\\if :retort_there\n{}\n\\endif\n\\endif\n",
      literal(tables.version), literal(tables.progress), query, literal(target),
      stop_block(fmt::format("retort: the database is already at {{{}}}; nothing was done", target),
                 "There is nothing left to do.", "RT001"));
  for (size_t i = 0; i < names.size(); ++i) {
    const std::string ask =
        fmt::format("SELECT coalesce(array_position(ARRAY[{}], ({})), 1) <= {} AS retort_file "
                    "\\gset\n",
                    fmt::join(states, ", "), query, i + 1);
    if (i == 0)
      text += fmt::format("\\set retort_file true\n\\if :retort_known\n{}\\endif\n", ask);
    else
      text += ask;
    text += fmt::format("\\if :retort_file\n\\ir {}\n\\endif\n", names[i]);
  }
  return text;
}

}  // namespace

int least_server(const Chain& chain, std::span<const Step> steps) {
  int least = 0;
  for (const Step& step : steps)
    if (const auto& header = chain[step.revision].sql)
      least = std::max(least, header->min_server);
  return least;
}

GuardedScript::GuardedScript(const Chain& chain, std::span<const ScriptStep> steps,
                             const Rows& rows, const Config& config, const Sources& sources,
                             const GuardOptions& options)
    : chain_(chain), steps_(steps), config_(config), sources_(sources), options_(options),
      stages_(cut_into_stages(steps, rows, config, options.transactions)) {}

std::string GuardedScript::text() const {
  const Whole whole{chain_, steps_, config_, sources_, options_, GuardTables(config_)};
  return guarded_file(whole, stages(), 0, stages().size());
}

std::vector<NewFile> GuardedScript::files(Split split) const {
  const Whole whole{chain_, steps_, config_, sources_, options_, GuardTables(config_)};
  const std::span<const Stage> all = stages();
  std::vector<size_t> firsts;
  for (size_t i = 0; i < all.size(); ++i)
    if (firsts.empty() || split == Split::transaction ||
        (split == Split::revision && all[i].acts.front().step != all[i - 1].acts.back().step))
      firsts.push_back(i);
  const size_t width = std::max<size_t>(4, std::to_string(firsts.size() * 10).size());
  const auto side = [](const std::vector<std::string_view>& ids) {
    return ids.empty() ? std::string("base") : portable_name(ids[0], "-").substr(0, 40);
  };
  std::vector<NewFile> files;
  std::vector<std::string> names;
  for (size_t i = 0; i < firsts.size(); ++i) {
    // A revision's file is a script by itself: whoever stops behind it may go back. Parts of one
    // revision share their notes.
    const size_t end = i + 1 < firsts.size() ? firsts[i + 1] : all.size();
    const ScriptStep& from = steps_[all[firsts[i]].acts.front().step];
    const ScriptStep& to = steps_[all[end - 1].acts.back().step];
    names.push_back(
        fmt::format("{:0{}}_{}_to_{}.sql", (i + 1) * 10, width, side(from.from), side(to.to)));
    const std::span<const Stage> own = all.subspan(firsts[i], end - firsts[i]);
    files.push_back({names.back(), split == Split::transaction
                                       ? guarded_file(whole, all, firsts[i], own.size())
                                       : guarded_file(whole, own, 0, own.size())});
  }
  if (options_.client == Client::psql)
    files.insert(files.begin(), {"run.sql", run_file(whole, all, firsts, names)});
  return files;
}

}  // namespace retort
