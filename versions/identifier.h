// Names of revisions, resolved one by one. Every failure points into the argument it stands in.
#pragma once

#include "versions/range.h"

namespace retort {

// A place to walk from or to: a revision, or below all bases.
using Point = std::optional<RevIndex>;

struct Relative {
  std::string_view label;   // before the `@`, may be empty
  std::string_view symbol;  // what it counts from; empty: from where the range starts
  int steps = 0;
};

class Identifiers {
public:
  Identifiers(const Chain& chain, Run& run, const Surroundings& surroundings, FileId argument)
      : chain_(chain), run_(run), surroundings_(surroundings), argument_(argument) {}

  std::string_view text(Span at) const;

  // `symbol` or `label@symbol`, absolute; empty for base. Several only for `heads`, `current` and
  // git references.
  Result<std::vector<RevIndex>> resolve(Span at);
  // The same where only one will do.
  Result<Point> resolve_one(Span at);
  Result<RevIndex> resolve_label(Span at);

  std::optional<Relative> as_relative(Span at) const;
  Span span_of(std::string_view part) const;  // of a part of the argument's text

  // Members that share lineage with the label.
  std::vector<RevIndex> on_branch(std::span<const RevIndex> members, RevIndex label) const;

  // `steps` up or down; nothing when the walk leaves the chain and `stop_at_end` is not set.
  struct Walk {
    bool too_far = false;
    Point to;
  };
  Result<Walk> walk(Point from, int steps, std::optional<RevIndex> label, bool stop_at_end,
                    Span at);

  Unexpected<Failed> fail(std::string_view variant, Span at, std::string message);

private:
  Result<RevIndex> find(Span at, std::optional<RevIndex> label);
  Result<std::vector<RevIndex>> walk_from_heads(Span at, int steps, std::optional<RevIndex> label);
  Unexpected<Failed> fail_heads(std::string_view variant, Span at, std::string message,
                                std::span<const RevIndex> candidates);

  const Chain& chain_;
  Run& run_;
  const Surroundings& surroundings_;
  FileId argument_;
};

}  // namespace retort
