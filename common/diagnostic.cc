#include "common/diagnostic.h"

#include "common/check.h"

#include <algorithm>
#include <iterator>
#include <tuple>

namespace retort {

std::string_view to_string(Level level) {
  switch (level) {
  case Level::info: return "info";
  case Level::warning: return "warning";
  case Level::error: return "error";
  }
  return "";
}

Diagnostic& Diagnostics::report(Level level, std::string_view rule, std::string_view variant,
                                Loc at, std::string message) {
  return all_.emplace_back(Diagnostic{rule, variant, level, at, std::move(message), {}, {}});
}

Unexpected<Failed> Diagnostics::fail(std::string_view rule, std::string_view variant, Loc at,
                                     std::string message) {
  report(Level::error, rule, variant, at, std::move(message));
  return Unexpected{Failed{}};
}

Unexpected<Failed> Diagnostics::fail(Diagnostic diagnostic) {
  all_.push_back(std::move(diagnostic));
  return Unexpected{Failed{}};
}

Unexpected<Failed> Diagnostics::failed() const {
  ENSURE(has_errors(), "a failure without a diagnostic");
  return Unexpected{Failed{}};
}

void Diagnostics::append(Diagnostics&& other) {
  all_.insert(all_.end(), std::make_move_iterator(other.all_.begin()),
              std::make_move_iterator(other.all_.end()));
  other.all_.clear();
}

void Diagnostics::note_all(const std::string& text) {
  for (Diagnostic& diagnostic : all_)
    diagnostic.note(text);
}

void Diagnostics::sort(const Sources& sources) {
  const auto key = [&](const Diagnostic& diagnostic) {
    const Loc at = sources.origin(diagnostic.at);
    const std::string_view path =
        at.file == FileId::none ? std::string_view{} : sources.path(at.file);
    return std::make_tuple(path, at.span.begin, diagnostic.rule,
                           std::string_view(diagnostic.message));
  };
  std::stable_sort(all_.begin(), all_.end(),
                   [&](const auto& a, const auto& b) { return key(a) < key(b); });
}

bool Diagnostics::has_errors() const {
  return std::any_of(all_.begin(), all_.end(),
                     [](const Diagnostic& d) { return d.level == Level::error; });
}

}  // namespace retort
