#include "compiler/settle.h"

#include "common/text.h"
#include "compiler/python_body.h"
#include "compiler/statement_forms.h"
#include "compiler/step.h"
#include "versions/order.h"

#include <algorithm>
#include <fmt/format.h>
#include <functional>
#include <set>

namespace retort {
namespace {

bool is_conditional(const BodyItem& item) { return item.creates || item.drops; }

// Whether the statement may change which types there are. Directives that do are marked.
bool may_change_types(const BodyItem& item) {
  if (is_conditional(item))
    return true;
  if (item.op != "execute" && item.op != "sql")
    return false;
  const std::string text = lower(item.sql);
  for (const std::string_view word : {"type", "domain", "schema", "extension", "do ", "owned"})
    if (text.find(word) != std::string::npos)
      return true;
  return false;
}

class Settling {
public:
  Settling(Compilation& compilation, std::span<const Step> steps, Order order,
           std::vector<Body>& bodies)
      : compilation_(compilation), steps_(steps), order_(order), bodies_(bodies),
        made_(compilation.chain.size()) {
    replay_.catalog().server = compilation.options.wanted().server;
    for (const Body& body : bodies)
      whole_ |= body.asks;
    if (!whole_)
      replay_.catalog().incomplete = true;  // types are followed, nothing else
  }

  void run(const catalog::Catalog& before) {
    whole_ = true;
    replay_ = catalog::Replay(before);
    for (size_t i = 0; i < steps_.size(); ++i)
      take(steps_[i], bodies_[i]);
  }

  void run(std::span<const RevIndex> start) {
    const Chain& chain = compilation_.chain;
    RevisionSet before =
        chain.ancestors(order_ == Order::script ? std::vector<RevIndex>(start.begin(), start.end())
                                                : all_revisions(),
                        Edges::all);
    if (order_ != Order::script)
      for (const Step& step : steps_)
        before.erase(step.revision);
    apply_before(before);
    for (size_t i = 0; i < steps_.size(); ++i)
      take(steps_[i], bodies_[i]);
  }

private:
  std::vector<RevIndex> all_revisions() const {
    std::vector<RevIndex> revisions;
    for (const Step& step : steps_)
      revisions.push_back(step.revision);
    return revisions;
  }

  void apply_before(const RevisionSet& before) {
    std::vector<RevIndex> order =
        newest_first(compilation_.chain, before, compilation_.chain.heads_of(before));
    std::reverse(order.begin(), order.end());
    std::vector<Step> steps;
    for (const RevIndex revision : order)
      steps.push_back({revision, false});
    std::vector<Body> bodies = compile_apart(compilation_, steps);
    for (const Body& body : bodies)
      if (body.asks && !whole_) {
        whole_ = true;
        replay_.catalog().incomplete = false;
      }
    for (size_t i = 0; i < steps.size(); ++i)
      take(steps[i], bodies[i]);
  }

  // The body as it is behind everything that was applied so far, and then applied as well.
  void take(Step step, Body& body) {
    const Revision& revision = compilation_.chain[step.revision];
    if (body.asks && revision.format == Format::python) {
      Before before{&replay_.catalog(), {}};
      if (step.down)
        before.own = made_[step.revision];
      body = python_body(compilation_, revision, step.down, before);
    }
    if (order_ != Order::script && step.down) {  // what follows stands on the way up
      if (std::any_of(body.items.begin(), body.items.end(), is_conditional)) {
        replay_.try_out();
        run(body, false, step.down);
        replay_.give_up();
      }
      return;
    }
    const auto begin = static_cast<catalog::Id>(replay_.catalog().size());
    run(body, whole_, step.down);
    if (!body.complete())
      replay_.catalog().opaque = true;  // what the hole would have done is not known
    if (!step.down)
      made_[step.revision] =
          alembic::Made{begin, static_cast<catalog::Id>(replay_.catalog().size())};
  }

  // Applies the statements, or only those that may change types. A type that is there already is
  // not made again. A row of `compile` stands for itself: there only what the body itself has done
  // counts, and the rest is noted.
  void run(Body& body, bool everything, bool down) {
    std::set<std::pair<std::string, std::string>> own;
    std::erase_if(body.items, [&](const BodyItem& item) {
      if (item.kind != BodyItem::Kind::statement || !item.transaction)
        replay_.end_transaction();
      if (item.kind != BodyItem::Kind::statement)
        return false;
      if (is_conditional(item)) {
        const NamedType& named = item.creates ? *item.creates : *item.drops;
        const bool exists = has_type(named);
        const bool needless =
            item.creates ? exists
                         : !exists && !replay_.catalog().opaque && !replay_.catalog().incomplete;
        const bool by_itself = !own.emplace(named.schema.text, named.name.text).second;
        // Alembic would make it again, and fail: that is to be told.
        const bool refused = order_ == Order::replay && down && exists && item.op == "create_table";
        const bool left_out = needless && !refused && (order_ != Order::apart || by_itself);
        if (needless)
          body.assumptions.push_back(
              {item.at,
               fmt::format("type `{}` is {} at this place{}", named.name.text,
                           exists ? "there already" : "gone already",
                           left_out ? ": the statement is left out"
                                    : ", by the revisions before: a script leaves the statement "
                                      "out")});
        if (left_out)
          return true;
      }
      if (everything || may_change_types(item))
        (void)replay_.statement(item.forms ? *item.forms : forms_of(item.sql));
      if (!item.transaction)
        replay_.end_transaction();
      return false;
    });
    replay_.end_transaction();
  }

  bool has_type(const NamedType& named) {
    forms::Name wanted;
    wanted.schema = named.schema.text;
    wanted.name = named.name.text;
    return replay_.catalog().get(catalog::Apply(replay_.catalog()).type_named(wanted)) != nullptr;
  }

  Compilation& compilation_;
  std::span<const Step> steps_;
  Order order_;
  std::vector<Body>& bodies_;
  std::vector<std::optional<alembic::Made>> made_;
  catalog::Replay replay_;
  bool whole_ = false;
};

}  // namespace

namespace {

// Runs it if any of the bodies needs it, and marks those.
void settle_with(std::vector<Body>& bodies, const std::function<void()>& run) {
  std::vector<bool> needed;
  for (const Body& body : bodies)
    needed.push_back(body.asks ||
                     std::any_of(body.items.begin(), body.items.end(), is_conditional));
  if (std::find(needed.begin(), needed.end(), true) == needed.end())
    return;
  on_large_stack(run);
  for (size_t i = 0; i < bodies.size(); ++i)
    bodies[i].settled = needed[i];
}

}  // namespace

void settle(Compilation& compilation, std::span<const Step> steps, Order order,
            std::span<const RevIndex> start, std::vector<Body>& bodies) {
  settle_with(bodies, [&] { Settling(compilation, steps, order, bodies).run(start); });
}

void settle(Compilation& compilation, std::span<const Step> steps, const catalog::Catalog& before,
            std::vector<Body>& bodies) {
  settle_with(bodies, [&] { Settling(compilation, steps, Order::replay, bodies).run(before); });
}

}  // namespace retort
