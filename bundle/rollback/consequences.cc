#include "bundle/rollback/consequences.h"

#include "bundle/rollback/affected.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort::rollback {
namespace {

using catalog::Id;
using catalog::Kind;
using catalog::Object;

class Finder {
public:
  Finder(catalog::Catalog& catalog, const Moments& moments,
         const statistics::Statistics* statistics)
      : catalog_(catalog), moments_(moments), statistics_(statistics) {}

  Consequences run(const Way& back) {
    for (const Ran& ran : back.ran) {
      for (const facts::Touched& touched : ran.facts.touched)
        add_slow(touched);
      for (const std::string_view state : ran.facts.may_fail)
        add_doubt(ran, state);
      for (const facts::Loss& loss : ran.facts.lost)
        add_loss(loss);
    }
    return std::move(found_);
  }

private:
  bool was_there(Id id) { return rollback::was_there(catalog_, moments_, id); }

  void add_slow(const facts::Touched& touched) {
    const Id table = touched.id;
    if (touched.kind == Kind::index)
      return;  // its table is there as well
    const bool works = touched.scanned != facts::Answer::no ||
                       touched.rewritten != facts::Answer::no ||
                       touched.built != facts::Answer::no || touched.changed;
    if (!works || touched.made || !was_there(table))
      return;
    add_time(touched);
    found_.slow.push_back({table, fmt::format("the way back works through {}{}{}", touched.name,
                                              touched.reason.empty() ? "" : ": ", touched.reason)});
  }

  void add_time(const facts::Touched& touched) {
    const statistics::Table* const table = statistics_ ? statistics_->table(touched.name) : nullptr;
    if (!table)
      return;
    const auto work = touched.rewritten != facts::Answer::no ? statistics::Work::rewrite
                      : touched.built != facts::Answer::no   ? statistics::Work::build
                      : touched.changed                      ? statistics::Work::update
                                                             : statistics::Work::scan;
    if (const auto seconds = statistics::duration(work, *table, *statistics_)) {
      found_.time = found_.time.value_or(statistics::Seconds{});
      *found_.time += *seconds;
    }
  }

  // Rows that were written after the upgrade may not comply with what was before it.
  void add_doubt(const Ran& ran, std::string_view state) {
    const std::string_view why = state == "23502"   ? "a NULL"
                                 : state == "23505" ? "a value that is there twice"
                                 : state == "23514" ? "a row that breaks the check"
                                 : state == "23503" ? "a row whose target is gone"
                                 : state == "22001" ? "a value that is too long"
                                 : state == "22003" ? "a number that is too large"
                                 : state == "22P02" ? "a value that the old type does not know"
                                                    : std::string_view();
    const bool old =
        std::any_of(ran.roots.begin(), ran.roots.end(), [&](Id root) { return was_there(root); });
    if (!why.empty() && old)
      found_.notes.push_back(fmt::format("it fails over {} that was written after the upgrade "
                                         "({}), and then changes nothing",
                                         why, state));
  }

  void add_loss(const facts::Loss& loss) {
    if (loss.kind == facts::Loss::Kind::column)
      found_.lost.push_back("values written after the upgrade: " + loss.what);
    else if (loss.kind == facts::Loss::Kind::table && was_there(loss.id))
      found_.dropped.push_back(loss.what);
    else if (loss.kind == facts::Loss::Kind::table)
      found_.lost.push_back("rows written after the upgrade: " + loss.what);
  }

  catalog::Catalog& catalog_;
  const Moments& moments_;
  const statistics::Statistics* statistics_;
  Consequences found_;
};

}  // namespace

Consequences consequences(catalog::Catalog& catalog, const Moments& moments, const Way& back,
                          const statistics::Statistics* statistics) {
  return Finder(catalog, moments, statistics).run(back);
}

}  // namespace retort::rollback
