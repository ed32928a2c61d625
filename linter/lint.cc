#include "linter/lint.h"

#include "common/parallel.h"
#include "common/text.h"
#include "linter/comparison.h"
#include "linter/finish.h"
#include "linter/unmade.h"
#include "versions/sql_header.h"

#include <algorithm>
#include <fmt/format.h>
#include <iterator>

namespace retort {

using catalog::Catalog;
using catalog::Id;

namespace {

using StatementCheck = void (*)(const forms::Form*, Visit&);

// The checks of the rules that are on, by when they are called.
struct Subscriptions {
  template <class Function>
  using Calls = std::vector<std::pair<const Rule*, Function>>;
  std::vector<Calls<StatementCheck>> by_form{std::variant_size_v<forms::Form>};
  Calls<StatementCheck> every_statement;
  Calls<void (*)(TransactionVisit&)> transaction;
  Calls<void (*)(RevisionVisit&)> revision;
  Calls<void (*)(EndVisit&)> end;

  explicit Subscriptions(std::span<const Rule* const> rules) {
    for (const Rule* const rule : rules)
      for (const Subscription& check : rule->checks) {
        if (check.statement && check.form != Subscription::kEveryStatement)
          by_form[check.form].emplace_back(rule, check.statement);
        else if (check.statement)
          every_statement.emplace_back(rule, check.statement);
        if (check.transaction)
          transaction.emplace_back(rule, check.transaction);
        if (check.revision)
          revision.emplace_back(rule, check.revision);
        if (check.end)
          end.emplace_back(rule, check.end);
      }
  }
};

}  // namespace

class Linter {
public:
  Linter(const LintInput& input, const Unmade& unmade, std::span<const Rule* const> rules,
         const LintSettings& settings)
      : input_(input), unmade_(unmade), checks_(rules),
        settings_(settings), linting_{.sources = input.sources,
                                      .settings = settings,
                                      .chain = input.chain,
                                      .integrity = input.integrity,
                                      .findings = {},
                                      .makers = {},
                                      .production = {}} {
    linting_.production.statistics = input.statistics;
    for (const std::shared_ptr<const OwnRule>& own : settings.own_rules)
      if (is_selected(own->name, true, settings))
        own_rules_.emplace_back(Rule{.name = own->name, .level = own->level, .checks = {}},
                                own.get());
  }

  // Replays what the database holds before the first unit.
  void start() {
    transaction_.session = settings_.session;
    catalog().server = settings_.servers.front();
    for (const LintStatement& statement : input_.base)
      replay_.statement(statement.forms);
    catalog().search_path = Catalog().search_path;  // a dump empties it for itself
    expect_unmade();
    catalog().keep_changes(true);
  }

  // Goes through the next unit, and looks at it if it is reported and `looking`.
  void unit(size_t i, bool looking) {
    if (!input_.first_unreleased || i <= *input_.first_unreleased) {
      border_ = static_cast<Id>(catalog().size());
      linting_.production.release();
    }
    looking_ = looking && input_.units[i].reported;
    visit(input_.units[i]);
    catalog().sure_from = 0;
    catalog().keep_changes(false);
    catalog().forget();
    catalog().keep_changes(true);
  }

  void end() {
    EndVisit visit(linting_, catalog(), input_.units);
    for (const auto& [rule, check] : checks_.end) {
      visit.rule_ = rule;
      check(visit);
    }
  }

  // Findings of some units, as if all were looked at; those before them are replayed. What is to be
  // said of the end is said with the last ones.
  std::vector<Finding> run(size_t first, size_t behind) {
    start();
    for (size_t i = 0; i < behind; ++i)
      unit(i, i >= first);
    if (behind == input_.units.size())
      end();
    return std::move(linting_.findings);
  }

private:
  friend class LintPoint;

  // What the chain uses and does not make is there; schemas hold nothing that matters to know.
  void expect_unmade() {
    catalog().blurred.insert(unmade_.names);
    for (const std::string& name : unmade_.schemas) {
      catalog::Object schema;
      schema.kind = catalog::Kind::schema;
      schema.name = name;
      if (catalog().find(catalog::Space::schema, name, 0) == 0)
        catalog().add(std::move(schema));
    }
  }

  Catalog& catalog() { return replay_.catalog(); }

  // What one way through a unit has shown.
  struct Walk {
    std::vector<RevisionVisit::Failure> failures;
    std::vector<std::pair<size_t, facts::Loss>> lost;
  };

  void visit(const Unit& unit) {
    RevisionVisit revision(linting_, unit);
    const bool hidden_up = hides_changes(unit.up);
    const bool hidden_down = hides_changes(unit.down);
    revision.has_hole = hidden_up || hidden_down;
    const bool known =
        !revision.has_hole && !may_do_anything(unit.up) && !may_do_anything(unit.down);
    catalog().sure_from = known ? static_cast<Id>(catalog().size()) : 0;
    const size_t start = catalog().mark();
    const Walk up = walk(unit, false);
    if (!looking_) {
      if (unit.reported)
        keep_settings(unit);
      return;
    }
    revision.up_fails = !up.failures.empty();
    revision.lost_up = up.lost;
    revision.opaque = catalog().opaque || hidden_up;
    const std::vector<Catalog::Change> changes = catalog().changes(start);
    revision.changes_schema = !std::all_of(changes.begin(), changes.end(), only_validates);

    replay_.try_out();
    const Id border = border_;
    border_ = static_cast<Id>(catalog().size());  // whoever goes down has lived with it
    const Production production = linting_.production;
    Walk down = walk(unit, true);
    border_ = border;
    linting_.production = production;
    revision.lost_down = std::move(down.lost);
    revision.failures = std::move(down.failures);
    revision.whole = known && up.failures.empty() && revision.failures.empty();
    revision.certain = revision.whole && !catalog().opaque;
    if (revision.failures.empty() && !checks_.revision.empty()) {
      const bool written = !unit.down.statements.empty();
      if (written)
        revision.leftovers = compare(catalog(), start);
      else if (unit.down.written)
        for (const Catalog::Change& change : changes)
          if (only_validates(change) && change.after->maybe<catalog::Constraint>())
            revision.validated.push_back(catalog::Apply(catalog()).describe(change.id));
      if ((written ? !revision.leftovers.empty() : revision.changes_schema) && unit.index &&
          !catalog().opaque && up.failures.empty() && !hidden_up &&
          (!hidden_down || !unit.down.written))
        revision.missing = way_back(replay_, start);
    }
    replay_.give_up();
    for (const auto& [rule, check] : checks_.revision) {
      revision.rule_ = rule;
      check(revision);
    }
  }

  static bool may_do_anything(const LintSide& side) {
    return std::any_of(
        side.statements.begin(), side.statements.end(),
        [](const LintStatement& statement) { return retort::may_do_anything(statement); });
  }

  // That rows are known to comply with a constraint is nothing to take back.
  static bool only_validates(const Catalog::Change& change) {
    if (!change.before || !change.after)
      return false;
    const auto* const table = change.before->maybe<catalog::Table>();
    const bool demands_later =
        table && std::any_of(table->columns.begin(), table->columns.end(),
                             [](const catalog::Column& column) { return !column.not_null_valid; });
    if (!demands_later && !change.before->maybe<catalog::Constraint>())
      return false;
    catalog::Object before = *change.before;
    if (demands_later) {
      for (catalog::Column& column : before.as<catalog::Table>().columns)
        if (const catalog::Column* const now = change.after->column_at(column.number))
          column.not_null_valid = now->not_null_valid;
    } else {
      before.as<catalog::Constraint>().valid = change.after->as<catalog::Constraint>().valid;
    }
    return catalog::same(before, *change.after);
  }

  // What a unit of another part has set for the session, on both of its ways.
  void keep_settings(const Unit& unit) {
    for (const LintSide* const side : {&unit.up, &unit.down})
      for (const LintStatement& statement : side->statements)
        for (const forms::Form& form : statement.forms)
          if (std::holds_alternative<forms::Set>(form))
            transaction_.add({form}, facts::Facts(), catalog());
  }

  Walk walk(const Unit& unit, bool down) {
    Walk walk;
    const LintSide& side = down ? unit.down : unit.up;
    if (hides_tables(side) && side.written)
      catalog().opaque = true;  // what the hole does, and where in between, is not known
    begin_transaction(unit);
    for (size_t i = 0; i < side.statements.size(); ++i) {
      const bool inside = side.statements[i].transaction;
      if (!inside)
        end_transaction(unit, down, true);
      visit_statement(unit, down, i, walk);
      if (!inside || ends_transaction(side.statements[i]))
        end_transaction(unit, down, false);
    }
    end_transaction(unit, down, true);
    return walk;
  }

  static bool ends_transaction(const LintStatement& statement) {
    using Action = forms::Transaction::Action;
    return std::any_of(statement.forms.begin(), statement.forms.end(), [](const forms::Form& form) {
      const auto* const control = std::get_if<forms::Transaction>(&form);
      return control && (control->action == Action::commit || control->action == Action::rollback);
    });
  }

  void begin_transaction(const Unit& unit) {
    replay_.end_transaction();
    transaction_.start(static_cast<Id>(catalog().size()));
    if (unit.index && input_.chain)
      if (const auto& header = (*input_.chain)[*unit.index].sql) {
        take_limit("lock_timeout", header->lock_timeout.text);
        take_limit("statement_timeout", header->statement_timeout.text);
      }
    ran_.clear();
  }
  void take_limit(const char* setting, const std::string& limit) {
    if (!limit.empty())
      transaction_.settings[setting] = limit;
  }

  void end_transaction(const Unit& unit, bool down, bool block) {
    if (!ran_.empty() && looking_) {
      TransactionVisit visit(linting_, unit, down, ran_, transaction_, catalog(), border_, block);
      for (const auto& [rule, check] : checks_.transaction) {
        visit.rule_ = rule;
        check(visit);
      }
    }
    begin_transaction(unit);
  }

  void visit_statement(const Unit& unit, bool down, size_t number, Walk& walk) {
    const LintStatement& statement = (down ? unit.down : unit.up).statements[number];
    if (!looking_) {
      const auto first_new = static_cast<Id>(catalog().size());
      const size_t mark = catalog().mark();
      replay_.statement(statement.forms);
      if (linting_.production.statistics)
        linting_.production.follow(catalog().changes(mark), {}, catalog());
      for (auto id = first_new; id < catalog().size(); ++id)
        linting_.makers[id] = {&unit, &statement};
      return;
    }
    const catalog::Replay::Look look = replay_.look(statement.forms);
    if (!down)
      for (const Catalog::Change& change : look.changes)
        if (!change.before)
          linting_.makers[change.id] = {&unit, &statement};
    Ran& ran = ran_.emplace_back();
    ran.number = number;
    for (const int server : settings_.servers)
      ran.facts.push_back(
          {server, facts::facts_of(statement.forms, replay_, look, transaction_, server)});
    const facts::Facts& facts = ran.facts.front().facts;
    for (const facts::Touched& touched : facts.touched)
      if (touched.id != 0)
        touches_.push_back({touched.id, number, down});
    for (const facts::Loss& loss : facts.lost)
      walk.lost.emplace_back(number, loss);
    Visit visit(linting_, unit, down, number, catalog(), transaction_, ran.facts, look.problem,
                border_);
    if (!statement.unwritten())
      call(visit, statement);
    transaction_.add(statement.forms, facts, catalog());
    if (linting_.production.statistics)
      linting_.production.follow(look.changes, facts, catalog());
    replay_.take();
    if ((look.problem || facts.fails) && !statement.unwritten())
      walk.failures.push_back({number, look.problem ? *look.problem : *facts.fails});
  }

  void call(Visit& visit, const LintStatement& statement) {
    for (const forms::Form& form : statement.forms)
      for (const auto& [rule, check] : checks_.by_form[form.index()]) {
        visit.rule_ = rule;
        visit.form_ = &form;
        check(&form, visit);
      }
    visit.form_ = nullptr;
    for (const auto& [rule, check] : checks_.every_statement) {
      visit.rule_ = rule;
      check(nullptr, visit);
    }
    for (const auto& [rule, own] : own_rules_) {
      visit.rule_ = &rule;
      retort::check(*own, visit);
    }
  }

  const LintInput& input_;
  const Unmade& unmade_;
  Subscriptions checks_;
  std::vector<std::pair<Rule, const OwnRule*>> own_rules_;
  const LintSettings& settings_;
  Linting linting_;
  catalog::Replay replay_;
  facts::Transaction transaction_;
  std::vector<Ran> ran_;
  std::vector<LintPoint::Touch> touches_;
  Id border_ = 0;
  bool looking_ = true;  // at the unit; else it is replayed
};

LintPoint::LintPoint(const LintInput& input, const Unmade& unmade,
                     std::span<const Rule* const> rules, const LintSettings& settings)
    : linter_(std::make_unique<Linter>(input, unmade, rules, settings)) {
  linter_->start();
}
LintPoint::LintPoint(const LintPoint& other)
    : linter_(std::make_unique<Linter>(*other.linter_)), place_(other.place_) {}
LintPoint::LintPoint(LintPoint&& other) noexcept = default;
LintPoint& LintPoint::operator=(LintPoint&& other) noexcept = default;
LintPoint::~LintPoint() = default;

const Catalog& LintPoint::catalog() const { return linter_->replay_.catalog(); }
const Maker* LintPoint::maker(Id id) const { return linter_->linting_.maker(id); }

void LintPoint::pass() { linter_->unit(place_++, false); }

LintPoint::Seen LintPoint::look() {
  linter_->touches_.clear();
  linter_->unit(place_++, true);
  return {std::exchange(linter_->linting_.findings, {}), std::exchange(linter_->touches_, {})};
}

std::vector<Finding> LintPoint::end() {
  linter_->end();
  return std::exchange(linter_->linting_.findings, {});
}

namespace {

// Replaying a statement costs this share of looking at it.
constexpr double kReplayShare = 0.3;

// Where to cut the units so that all threads are done at the same time, each with the replay of
// what is before its part.
std::vector<size_t> cuts(std::span<const Unit> units, size_t least_part, unsigned threads) {
  std::vector<size_t> weights;
  size_t all = 0;
  for (const Unit& unit : units) {
    const size_t up = unit.up.statements.size();
    all += unit.reported ? up + unit.down.statements.size() + 1 : up / 3;
    weights.push_back(all);
  }
  threads = static_cast<unsigned>(std::clamp<size_t>(all / least_part, 1, std::max(threads, 1U)));
  std::vector<double> shares;
  double sum = 0;
  for (double share = 1; shares.size() < threads; share *= 1 - kReplayShare) {
    sum += share;
    shares.push_back(sum);
  }
  std::vector<size_t> cuts;
  for (const double share : shares)
    cuts.push_back(static_cast<size_t>(
        std::lower_bound(weights.begin(), weights.end(),
                         static_cast<size_t>(static_cast<double>(all) * share / sum)) -
        weights.begin()));
  cuts.back() = units.size();
  return cuts;
}

}  // namespace

std::vector<Finding> lint(const LintInput& input, std::span<const Rule* const> rules,
                          const LintSettings& settings, unsigned threads) {
  const std::vector<size_t> ends = cuts(input.units, input.least_part, threads);
  const Unmade found = input.base_is_whole ? Unmade{} : unmade(input.base, input.units);
  std::vector<std::vector<Finding>> parts(ends.size());
  parallel_for(ends.size(), threads, [&](size_t i) {
    parts[i] = Linter(input, found, rules, settings).run(i == 0 ? 0 : ends[i - 1], ends[i]);
  });
  std::vector<Finding> findings = std::move(parts.front());
  for (size_t i = 1; i < parts.size(); ++i)
    findings.insert(findings.end(), std::make_move_iterator(parts[i].begin()),
                    std::make_move_iterator(parts[i].end()));
  return findings;
}

}  // namespace retort
