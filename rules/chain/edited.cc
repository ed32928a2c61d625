// A released revision is another one than it was. What it was is in retort.lock; what differs, and
// whether that matters, is decided where the lock is read (compiler/integrity/verdict.h).
#include "rules/rules.h"

namespace retort::rules {
namespace {

const Unit* unit_of(const EndVisit& visit, std::optional<RevIndex> revision) {
  for (const Unit& unit : visit.units())
    if (revision && unit.index == revision)
      return &unit;
  return nullptr;
}

void check(EndVisit& visit) {
  if (!visit.integrity() || !visit.chain())
    return;
  for (const Judgement& judgement : visit.integrity()->judgements) {
    if (!judgement.level)
      continue;
    Explanation explanation = explain(judgement);
    const Unit* const unit = unit_of(visit, judgement.revision);
    const Loc at =
        unit ? Loc{unit->file, (*visit.chain())[*judgement.revision].id_at} : judgement.entry->at;
    Diagnostic& finding = visit.report(at, unit, std::move(explanation.message),
                                       {.variant = explanation.variant, .level = judgement.level});
    for (std::string& note : explanation.notes)
      finding.note(std::move(note));
  }
}

}  // namespace

const Rule chain_edited{.name = "chain/edited", .level = Level::error, .checks = {on<check>}};

}  // namespace retort::rules
