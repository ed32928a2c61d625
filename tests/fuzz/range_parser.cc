// Any text as a range or identifier on a branched chain: no crash, findings that can be printed,
// and steps in an order that can be run.
#include "linter/report/json.h"
#include "linter/report/text.h"
#include "tests/fuzz/seeds.h"
#include "versions/range.h"

#include <algorithm>

using namespace retort;

namespace {

struct Planned {
  const char* id;
  std::vector<const char*> parents;
  std::vector<const char*> depends_on;
  std::vector<const char*> labels;
};

std::vector<Reference> references(const std::vector<const char*>& names) {
  std::vector<Reference> list;
  for (const char* const name : names)
    list.push_back({name, {}});
  return list;
}

// Two bases, two branches and their merge, dependencies both ways between the lines.
Chain make_chain(Run& run) {
  const std::vector<Planned> plan = {
      {"a1b2c3", {}, {}, {"shop"}},          {"a1b2d4", {"a1b2c3"}, {}, {}},
      {"left1", {"a1b2d4"}, {}, {"left"}},   {"left2", {"left1"}, {}, {}},
      {"right1", {"a1b2d4"}, {}, {"right"}}, {"m", {"left2", "right1"}, {}, {}},
      {"0001", {}, {}, {"other", "others"}}, {"0002", {"0001"}, {"left"}, {}},
      {"0003", {"0002"}, {"0001"}, {}},      {"top", {"m"}, {"0002"}, {}},
      {"side", {"right1"}, {}, {}},
  };
  std::vector<Revision> revisions;
  for (const Planned& planned : plan) {
    Revision& revision = revisions.emplace_back();
    revision.id = planned.id;
    revision.file = run.sources.add(revision.id + ".py", "revision = \"" + revision.id + "\"\n");
    revision.id_at = {11, 13 + static_cast<uint32_t>(revision.id.size())};
    revision.down_revisions = references(planned.parents);
    revision.depends_on = references(planned.depends_on);
    revision.branch_labels = references(planned.labels);
  }
  Chain chain = link(std::move(revisions), run.diagnostics);
  MUST(run.diagnostics.empty());
  return chain;
}

// Whoever comes first must not need one that comes later.
void check_order(const Chain& chain, const std::vector<RevIndex>& oldest_first) {
  RevisionSet later(chain.size());
  for (const RevIndex i : oldest_first)
    MUST(later.insert(i));
  for (const RevIndex i : oldest_first) {
    later.erase(i);
    for (const RevIndex parent : chain.normal_parents(i))
      MUST(!later.contains(parent));
  }
}

void check_steps(const Chain& chain, const Result<std::vector<Step>>& steps, bool down) {
  if (!steps)
    return;
  MUST(!steps->empty());
  std::vector<RevIndex> order;
  for (const Step& step : *steps) {
    MUST(step.down == down);
    order.push_back(step.revision);
  }
  if (down)
    std::reverse(order.begin(), order.end());
  check_order(chain, order);
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv) {
  fuzz::write_seeds(*argc, *argv,
                    {"a1b2c3:heads", "left@head:right@+2", "top:-3", "other@base:others@head",
                     "a1b2:m-2", "left2,right1:m", "head:base", ":", "git:v1.2:heads", "current:+1",
                     "0002+1", "0001:left@0002+1", "shop@-2:", "base+1:top", " left1 : m "});
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  Run run;
  const Chain chain = make_chain(run);
  Surroundings around;
  around.current = {{*chain.find("left1"), *chain.find("0001")}};
  around.heads_at = [](std::string_view, Loc) { return std::vector<std::string>{"m", "gone"}; };
  Ranges ranges(chain, run, around);
  auto failed_with_reason = [&, before = size_t{0}](bool worked) mutable {
    MUST(worked || run.diagnostics.all().size() > before);
    before = run.diagnostics.all().size();
  };
  const Result<std::vector<Step>> up = ranges.upgrade(text);
  failed_with_reason(up.has_value());
  check_steps(chain, up, false);
  const Result<std::vector<Step>> down = ranges.downgrade(text);
  failed_with_reason(down.has_value());
  check_steps(chain, down, true);
  const Result<std::vector<RevIndex>> listed = ranges.history(text);
  failed_with_reason(listed.has_value());
  if (listed)
    check_order(chain, {listed->rbegin(), listed->rend()});
  failed_with_reason(ranges.revisions(text).has_value());
  to_text(run.diagnostics.all(), run.sources, true);
  JsonWriter json;
  write_findings(json, run.diagnostics.all(), run.sources);
  return 0;
}
