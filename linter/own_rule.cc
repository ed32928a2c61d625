#include "linter/own_rule.h"

#include "common/text.h"
#include "linter/visit.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort {
namespace {

using facts::Answer;
using facts::Touched;
using facts::Work;

// A relation that the rule means, on one target.
struct Match {
  const Touched* touched = nullptr;
  Work work = Work::catalog;
  bool certain = true;
};

bool is_table(const Touched& touched) {
  return touched.kind != catalog::Kind::index && touched.kind != catalog::Kind::sequence;
}

bool names_table(const std::string& pattern, const Touched& touched, const Visit& visit) {
  std::string schema, name;
  if (const catalog::Object* const object = visit.object(touched.id)) {
    const catalog::Object* const owner = visit.object(object->schema);
    schema = owner ? owner->name : "";
    name = object->name;
  } else {
    const std::string whole = without_quotes(touched.name);
    const size_t dot = std::min(whole.find('.'), whole.size());
    schema = whole.substr(0, dot);
    name = dot == whole.size() ? whole : whole.substr(dot + 1);
  }
  const size_t dot = pattern.find('.');
  if (dot == std::string::npos)
    return matches_path(pattern, name);
  return matches_path(pattern.substr(0, dot), schema) &&
         matches_path(pattern.substr(dot + 1), name);
}

// What is done to the relation itself, as far as the rule asks for it.
bool does_work(const OwnRule& rule, const Touched& touched, const facts::Facts& facts,
               Match& match) {
  const auto answer = [&](Work work) {
    switch (work) {
    case Work::rewrite: return touched.rewritten;
    case Work::build: return touched.built;
    case Work::scan: return touched.scanned;
    case Work::rows: return touched.changed ? Answer::yes : Answer::no;
    case Work::unknown: return facts.work == Work::unknown ? Answer::yes : Answer::no;
    case Work::catalog:
      return touched.rewritten == Answer::no && touched.built == Answer::no &&
                     touched.scanned == Answer::no && !touched.changed
                 ? Answer::yes
                 : Answer::no;
    }
    return Answer::no;
  };
  Answer best = Answer::no;
  for (const Work work : rule.work.empty() ? std::vector{Work::rewrite, Work::build, Work::scan,
                                                         Work::rows, Work::catalog}
                                           : rule.work)
    if (const Answer here = answer(work); here > best) {
      best = here;
      match.work = work;
    }
  match.certain = rule.work.empty() || best == Answer::yes;
  return rule.work.empty() || best != Answer::no;
}

bool means(const OwnRule& rule, const Touched& touched, const facts::Facts& facts,
           const Visit& visit, Match& match) {
  if (!is_table(touched) || touched.lock < rule.lock)
    return false;
  if (!rule.tables.empty() &&
      std::none_of(rule.tables.begin(), rule.tables.end(), [&](const std::string& pattern) {
        return names_table(pattern, touched, visit);
      }))
    return false;
  const bool exists = !touched.made && visit.released(touched.id);
  if (rule.existing && *rule.existing != exists)
    return false;
  if (rule.rows) {
    const statistics::Table* const table = exists ? visit.production(touched) : nullptr;
    if (!table || table->rows.value_or(-1) < *rule.rows)
      return false;
  }
  match.touched = &touched;
  return does_work(rule, touched, facts, match);
}

std::vector<Match> matches(const OwnRule& rule, const facts::Facts& facts, const Visit& visit) {
  std::vector<Match> found;
  for (const Touched& touched : facts.touched)
    if (Match match; means(rule, touched, facts, visit, match))
      found.push_back(match);
  return found;
}

const StatementKind* kind_of(const OwnRule& rule, const Visit& visit) {
  const auto is = [&](const StatementKind& kind) {
    return std::any_of(visit.statement().forms.begin(), visit.statement().forms.end(), kind.is);
  };
  if (rule.statements.empty()) {
    for (const StatementKind& kind : statement_kinds())
      if (is(kind))
        return &kind;
    return nullptr;
  }
  for (const StatementKind* const kind : rule.statements)
    if (is(*kind))
      return kind;
  return nullptr;
}

bool is_in(const std::vector<std::string>& patterns, std::string_view path) {
  return std::any_of(patterns.begin(), patterns.end(), [&](const std::string& pattern) {
    return matches_path(pattern, path) || matches_path("**/" + pattern, path);
  });
}

std::string filled(const OwnRule& rule, const Visit& visit, const std::vector<Match>& found,
                   const StatementKind* kind) {
  std::vector<std::string> tables;
  facts::LockMode lock = facts::LockMode::none;
  Work work = Work::catalog;
  const statistics::Table* largest = nullptr;
  for (const Match& match : found) {
    tables.push_back(match.touched->name);
    lock = std::max(lock, match.touched->lock);
    work = std::max(work, match.work);
    const statistics::Table* const table = visit.production(*match.touched);
    if (table && table->rows && (!largest || *table->rows > *largest->rows))
      largest = table;
  }
  const std::pair<std::string_view, std::string> values[] = {
      {"{table}", tables.empty() ? "no table" : join(tables, ", ")},
      {"{lock}", std::string(facts::sql_name(lock))},
      {"{work}", std::string(facts::to_string(work))},
      {"{rows}", largest ? fmt::format("about {} rows", statistics::count_text(*largest->rows))
                         : "an unknown number of rows"},
      {"{statement}", std::string(kind ? kind->words : "statement")},
      {"{revision}", visit.unit().revision.empty() ? "this file" : visit.unit().revision}};
  std::string text;
  for (size_t at = 0; at < rule.message.size();) {
    const std::string_view rest = std::string_view(rule.message).substr(at);
    const auto* const value =
        std::find_if(std::begin(values), std::end(values),
                     [&](const auto& each) { return rest.starts_with(each.first); });
    if (value == std::end(values)) {
      text += rest.front();
      ++at;
    } else {
      text += value->second;
      at += value->first.size();
    }
  }
  return text;
}

}  // namespace

void check(const OwnRule& rule, Visit& visit) {
  if ((rule.down && *rule.down != visit.down()) ||
      (!rule.files.empty() && !is_in(rule.files, visit.sources().path(visit.unit().file))))
    return;
  const StatementKind* const kind = kind_of(rule, visit);
  if (!rule.statements.empty() && !kind)
    return;
  Saying how;
  std::vector<Match> found;
  for (const ServerFacts& each : visit.by_server()) {
    std::vector<Match> here = matches(rule, each.facts, visit);
    if (here.empty() && rule.asks_of_tables())
      continue;
    how.servers.push_back(each.server);
    if (found.empty())
      found = std::move(here);
  }
  if (how.servers.empty())
    return;
  how.unknown = std::any_of(found.begin(), found.end(), [](const Match& m) { return !m.certain; });
  Diagnostic& finding = visit.report({}, filled(rule, visit, found, kind), how);
  if (!rule.help.empty())
    finding.note(rule.help);
}

}  // namespace retort
