// One kind of message for the whole product: what is wrong, where, and what to do about it.
#pragma once

#include "common/result.h"
#include "common/source.h"

#include <string>
#include <string_view>
#include <vector>

namespace retort {

enum class Level : uint8_t { info, warning, error };
std::string_view to_string(Level level);

// A further sentence, with or without a place of its own.
struct Note {
  Loc at;
  std::string text;
};

struct Edit {
  Loc at;
  std::string replacement;
};

// `safe` keeps the meaning for sure; `review` wants a reader first.
enum class Safety : uint8_t { safe, review };

// One of several changes that cannot stand in one transaction: each is committed before the next.
struct FixStep {
  std::string sql;
  bool outside = false;  // of every transaction block
};

// Edits of the source; or steps, to be written by hand, where more than one revision is needed.
struct Fix {
  Safety safety = Safety::review;
  std::string title;
  std::vector<Edit> edits;
  std::vector<FixStep> steps = {};
};

struct Diagnostic {
  std::string_view rule;     // `group/problem`; static text
  std::string_view variant;  // static text, may be empty
  Level level = Level::error;
  Loc at;
  std::string message;  // lower case, no final period
  std::vector<Note> notes;
  std::vector<Fix> fixes;

  Diagnostic& note(std::string text) { return note({}, std::move(text)); }
  Diagnostic& note(Loc where, std::string text) {
    notes.push_back({where, std::move(text)});
    return *this;
  }
  Diagnostic& fix(Fix offered) {
    fixes.push_back(std::move(offered));
    return *this;
  }
};

// Collects diagnostics. Parallel tasks have one each, merged afterwards in a fixed order.
class Diagnostics {
public:
  Diagnostic& report(Level level, std::string_view rule, std::string_view variant, Loc at,
                     std::string message);

  // Reports an error and yields the failure to return.
  Unexpected<Failed> fail(std::string_view rule, std::string_view variant, Loc at,
                          std::string message);
  Unexpected<Failed> fail(Diagnostic diagnostic);
  Unexpected<Failed> failed() const;  // after errors were reported one by one

  void append(Diagnostics&& other);
  void note_all(const std::string& text);  // what all of them have in common
  void sort(const Sources& sources);       // by file, place, rule; never by thread or hash

  const std::vector<Diagnostic>& all() const { return all_; }
  bool empty() const { return all_.empty(); }
  bool has_errors() const;

private:
  std::vector<Diagnostic> all_;
};

}  // namespace retort
