// The model of durations against what a server took, and the words for ranges.
#include "compiler/statistics/duration.h"
#include "linter/own_rule.h"

#include <doctest/doctest.h>

using namespace retort;
using namespace retort::statistics;

namespace {

Table measured() {
  Table table;
  table.rows = 3e6;
  table.heap = 451'000'000;
  return table;
}

}  // namespace

TEST_CASE("durations: what a server took lies within the range") {
  const Table table = measured();
  const Statistics statistics;
  struct Row {
    Work work;
    double seconds;
  };
  for (const Row& row :
       {Row{Work::scan, 0.8}, Row{Work::check, 1.3}, Row{Work::foreign_key, 4.5},
        Row{Work::build_narrow, 6.5}, Row{Work::build_narrow, 4.3}, Row{Work::build_wide, 22.7},
        Row{Work::build, 22.7}, Row{Work::rewrite, 57}, Row{Work::rewrite, 36},
        Row{Work::rewrite, 69}, Row{Work::update, 241}}) {
    const std::optional<Seconds> range = duration(row.work, table, statistics);
    REQUIRE(range);
    CHECK(range->low <= row.seconds);
    CHECK(range->high >= row.seconds);
  }
  const Seconds build = concurrently(*duration(Work::build_narrow, table, statistics));
  CHECK(build.low <= 11.0);
  CHECK(build.high >= 11.0);
}

TEST_CASE("durations: of what is not known nothing is said, and old figures are doubted") {
  Table table = measured();
  Statistics statistics;
  const Seconds fresh = *duration(Work::scan, table, statistics);
  statistics.now = kOld;
  CHECK(duration(Work::scan, table, statistics)->high == fresh.high);
  statistics.now = kOld + 1;
  CHECK(duration(Work::scan, table, statistics)->high == 2 * fresh.high);
  CHECK(duration(Work::scan, table, statistics)->low == fresh.low / 2);
  table.rows.reset();
  CHECK(!duration(Work::scan, table, statistics));
  table = measured();
  table.heap.reset();
  CHECK(!duration(Work::scan, table, statistics));
}

TEST_CASE("durations: in words") {
  CHECK(text_of(Seconds{0, 0}) == "under 0.1 s");
  CHECK(text_of(Seconds{0.01, 3}) == "up to 3 s");
  CHECK(text_of(Seconds{0.5, 4}) == "0.5 to 4 s");
  CHECK(text_of(Seconds{3, 22.6}) == "3 to 23 s");
  CHECK(text_of(Seconds{15, 125}) == "15 s to 2.1 min");
  CHECK(text_of(Seconds{600, 5000}) == "10 to 83 min");
  CHECK(text_of(Seconds{7200, 86400.0 * 3}) == "2 h to 3 days");
  CHECK(text_of(Seconds{3, 3}) == "about 3 s");
  CHECK(count_text(0) == "0");
  CHECK(count_text(999) == "999");
  CHECK(count_text(44'600) == "45,000");
  CHECK(count_text(999'999) == "1.0 M");
  CHECK(count_text(3'000'000) == "3.0 M");
  CHECK(count_text(12'345'678'901) == "12 G");
  CHECK(bytes_text(999) == "999 bytes");
  CHECK(bytes_text(451'000'000) == "451 MB");
  CHECK(bytes_text(1'234'000'000'000) == "1.2 TB");
  CHECK(statistics::text_of(Day{0}) == "1970-01-01");
  CHECK(statistics::text_of(Day{20759}) == "2026-11-02");
}

TEST_CASE("own rules: there is a word for every form but transactions and what leaves no trace") {
  size_t index = 0;
  const auto visit = [&]<class... Forms>(std::variant<Forms...>*) {
    const auto named = [&](const forms::Form& form) {
      for (const StatementKind& kind : statement_kinds())
        if (kind.is(form))
          return true;
      return false;
    };
    (
        [&] {
          ++index;
          if (std::is_same_v<Forms, forms::Transaction> || std::is_same_v<Forms, forms::Harmless> ||
              std::is_same_v<Forms, forms::Opaque> || std::is_same_v<Forms, forms::CreateOther>)
            return;
          forms::Form form = Forms{};
          if (auto* const function = std::get_if<forms::CreateFunction>(&form))
            function->kind = forms::ObjectKind::function;
          CHECK_MESSAGE(named(form), Forms::kName);
        }(),
        ...);
  };
  visit(static_cast<forms::Form*>(nullptr));
  CHECK(index == std::variant_size_v<forms::Form>);
}
