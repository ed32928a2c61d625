#include "versions/lock_file.h"

#include "common/text.h"
#include "common/utf8.h"
#include "versions/lines.h"

#include <algorithm>
#include <fmt/core.h>
#include <utility>

namespace retort {
namespace {

constexpr std::string_view kRule = "integrity/damaged";
constexpr std::string_view kTitle = "retort-lock 1";
constexpr std::string_view kEnd = "end";

// Ids hold nearly anything in Alembic; what separates fields and ids here is written as `%XX`.
bool needs_escape(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte <= ' ' || byte == 0x7F || c == '%' || c == ',';
}

std::string escaped(std::string_view text) {
  std::string result;
  for (const char c : text)
    if (needs_escape(c))
      result += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    else
      result += c;
  return result == "-" ? "%2D" : result;
}

int hex_digit(char c) {
  return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

std::optional<std::string> unescaped(std::string_view text) {
  std::string result;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      result += text[i];
      continue;
    }
    const int high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
    const int low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
    if (high < 0 || low < 0)
      return std::nullopt;
    result += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return result;
}

std::string list_text(const std::vector<std::string>& ids) {
  std::vector<std::string> parts;
  for (const std::string& id : ids)
    parts.push_back(escaped(id));
  return parts.empty() ? "-" : join(parts, ",");
}

std::string fields_of(const RevisionState& state) {
  std::string text = fmt::format("src1:{}  up1:{}  down1:{}  parents:{}", state.source, state.up,
                                 state.down, list_text(state.parents));
  if (!state.depends.empty())
    text += "  depends:" + list_text(state.depends);
  return text;
}

bool is_hash(std::string_view text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == text.npos;
}

// A line as fields; `reason` takes the rest of it.
struct Words {
  std::string id;
  std::vector<std::pair<std::string_view, std::string_view>> fields;

  std::optional<std::string_view> get(std::string_view name) const {
    for (const auto& [key, value] : fields)
      if (key == name)
        return value;
    return std::nullopt;
  }
};

class Parser {
public:
  Parser(const Sources& sources, FileId file, Diagnostics& diagnostics)
      : text_(sources.text(file)), file_(file), diagnostics_(diagnostics) {}

  Result<LockFile> run() {
    if (const size_t nul = text_.find('\0'); nul != text_.npos)
      return fail("binary", {0, 0}, "this is no text: it has a zero byte")(
          "put back the file as git has it: git checkout -- FILE");
    uint32_t at = text_begin(text_);
    bool titled = false, ended = false;
    while (at < text_.size()) {
      const Line line = line_at(text_, at);
      at = line.next;
      const std::string_view words = trim(text_.substr(line.span.begin, line.span.size()));
      if (words.empty())
        continue;
      TRY(no_conflict(words, line.span));
      if (!titled) {
        TRY(title(words, line.span));
        titled = true;
        continue;
      }
      ended = words == kEnd;
      if (!ended && words != kTitle)
        TRY(entry(words, first_word(line.span)));
    }
    if (!titled)
      return fail("line", {0, 0}, "this file is empty: it should begin with `retort-lock 1`")(
          "put back the file as git has it, or delete it and record the revisions anew with "
          "`retort lock`: then nothing is released any more");
    if (!ended) {
      const auto size = static_cast<uint32_t>(text_.size());
      return fail("truncated", {size, size}, "the lock breaks off: its last line should be `end`")(
          "put back the file as git has it: what is missing here would not be checked any more");
    }
    for (const auto& [line, acceptance] : acceptances_) {
      LockEntry* const owner = lock_.find(line.id);
      if (!owner)
        return fail("line", acceptance.second,
                    fmt::format("`{}` is accepted here and has no line of its own", line.id))(
            "put back its line from git's history, or remove this one");
      if (owner->accepted.empty() || owner->accepted.back() != acceptance.first)
        owner->accepted.push_back(acceptance.first);
    }
    return std::move(lock_);
  }

private:
  // Reports; what is called with the way out is the failure.
  struct Failing {
    Diagnostics& diagnostics;
    Diagnostic diagnostic;
    Unexpected<Failed> operator()(std::string way_out) {
      diagnostic.note(std::move(way_out));
      return diagnostics.fail(std::move(diagnostic));
    }
  };
  Failing fail(std::string_view variant, Span at, std::string message) {
    return {diagnostics_, {kRule, variant, Level::error, {file_, at}, std::move(message), {}, {}}};
  }
  Failing bad(Span at, std::string why) {
    return fail("line", at, fmt::format("this is no line of a lock: {}", why));
  }
  static constexpr const char* kGitHasIt = "put back the line as git has it";

  // The lines are long: what is wrong is shown at their first word.
  Span first_word(Span line) const {
    const std::string_view words = text_.substr(line.begin, line.size());
    const auto begin = static_cast<uint32_t>(words.find_first_not_of(" \t"));
    const size_t end = std::min(words.find_first_of(" \t", begin), words.size());
    return {line.begin + begin, line.begin + static_cast<uint32_t>(end)};
  }

  Result<> no_conflict(std::string_view words, Span at) {
    for (const std::string_view mark : {"<<<<<<< ", "||||||| ", ">>>>>>> "})
      if (words.starts_with(mark))
        return conflict(at);
    if (words == "=======" || words == "<<<<<<<" || words == ">>>>>>>" || words == "|||||||")
      return conflict(at);
    return Nothing{};
  }
  Unexpected<Failed> conflict(Span at) {
    Failing failing = fail("conflict", at, "a merge has left a conflict here");
    failing.diagnostic.note(
        "keep the lines of both sides, remove the marks, and run `retort lock`");
    return failing("`retort.lock merge=union` in .gitattributes lets git do so");
  }

  Result<> title(std::string_view words, Span at) {
    if (words == kTitle)
      return Nothing{};
    if (words.starts_with("retort-lock "))
      return fail("scheme", at,
                  fmt::format("`{}`: this version of retort reads `{}`", words, kTitle))(
          "a newer retort has written it: use that one");
    return fail("line", at,
                "a lock begins with the line `retort-lock 1`")("put back the file as git has it");
  }

  Result<Words> split_line(std::string_view words, Span at) {
    Words line;
    size_t i = words.find_first_of(" \t");
    std::optional<std::string> id = unescaped(words.substr(0, i));
    if (!id || i == words.npos)
      return bad(at, "it has an id and fields")(kGitHasIt);
    line.id = std::move(*id);
    while ((i = words.find_first_not_of(" \t", i)) != words.npos) {
      size_t end = std::min(words.find_first_of(" \t", i), words.size());
      const size_t colon = words.substr(i, end - i).find(':');
      if (colon == words.npos)
        return bad(at, fmt::format("`{}` is no field", words.substr(i, end - i)))(kGitHasIt);
      const std::string_view name = words.substr(i, colon);
      if (name == "reason")
        end = words.size();
      constexpr std::string_view kNames[] = {"src1",    "up1",     "down1",    "parents",
                                             "depends", "release", "accepted", "reason"};
      if (std::find(std::begin(kNames), std::end(kNames), name) == std::end(kNames))
        return fail("scheme", at,
                    fmt::format("`{}` is a field that this version of retort does "
                                "not know",
                                name))("a newer retort has written it: use that one");
      if (line.get(name))
        return bad(at, fmt::format("it has `{}` twice", name))(kGitHasIt);
      line.fields.emplace_back(name, words.substr(i + colon + 1, end - i - colon - 1));
      i = end;
    }
    return line;
  }

  Result<std::vector<std::string>> ids(const Words& line, std::string_view name, Span at) {
    std::vector<std::string> result;
    const std::string_view text = line.get(name).value_or("-");
    if (text == "-")
      return result;
    for (const std::string_view part : split(text, ',')) {
      std::optional<std::string> id = unescaped(part);
      if (!id || id->empty())
        return bad(at, fmt::format("`{}:{}` is no list of revisions", name, text))(kGitHasIt);
      result.push_back(std::move(*id));
    }
    return result;
  }

  Result<RevisionState> state(const Words& line, Span at) {
    RevisionState state;
    for (const auto& [name, to] : {std::pair{"src1", &state.source}, std::pair{"up1", &state.up},
                                   std::pair{"down1", &state.down}}) {
      const std::optional<std::string_view> value = line.get(name);
      const bool word = value && ((*value == kUnknownHash && to != &state.source) ||
                                  (*value == kNoHash && to == &state.down));
      if (!value || (!is_hash(*value) && !word))
        return bad(at, fmt::format("`{}` should be 64 hexadecimal digits", name))(kGitHasIt);
      *to = *value;
    }
    if (!line.get("parents"))
      return bad(at, "`parents` is missing")(kGitHasIt);
    state.parents = TRY(ids(line, "parents", at));
    state.depends = TRY(ids(line, "depends", at));
    return state;
  }

  Result<> entry(std::string_view words, Span at) {
    const Words line = TRY(split_line(words, at));
    if (line.get("accepted")) {
      Acceptance acceptance;
      acceptance.verdict = *line.get("accepted");
      acceptance.reason = line.get("reason").value_or("");
      if (acceptance.verdict.empty() || acceptance.reason.empty())
        return bad(at, "what is accepted has a reason")(kGitHasIt);
      if (acceptance.verdict != "removed")
        acceptance.state = TRY(state(line, at));
      acceptances_.emplace_back(line, std::pair{std::move(acceptance), at});
      return Nothing{};
    }
    LockEntry made;
    made.id = line.id;
    made.at = {file_, at};
    made.state = TRY(state(line, at));
    const std::string_view release = line.get("release").value_or("");
    if (release.empty())
      return bad(at, "`release` is missing")(kGitHasIt);
    if (release != "-")
      made.release = release;
    return add(std::move(made));
  }

  Result<> add(LockEntry made) {
    std::vector<LockEntry>& all = lock_.entries;
    const auto place =
        std::lower_bound(all.begin(), all.end(), made.id,
                         [](const LockEntry& a, const std::string& id) { return a.id < id; });
    if (place == all.end() || place->id != made.id) {
      all.insert(place, std::move(made));
      return Nothing{};
    }
    if (place->released() && made.released() &&
        (place->state != made.state || place->release != made.release)) {
      Failing failing =
          fail("duplicate", made.at.span,
               fmt::format("`{}` has two lines that were released and differ", made.id));
      failing.diagnostic.note(place->at, "the other one");
      return failing("remove the line of what was never deployed");
    }
    if (!place->released())
      *place = std::move(made);
    return Nothing{};
  }

  std::string_view text_;
  FileId file_;
  Diagnostics& diagnostics_;
  LockFile lock_;
  std::vector<std::pair<Words, std::pair<Acceptance, Span>>> acceptances_;  // in the file's order
};

}  // namespace

const LockEntry* LockFile::find(std::string_view id) const {
  const auto place =
      std::lower_bound(entries.begin(), entries.end(), id,
                       [](const LockEntry& a, std::string_view wanted) { return a.id < wanted; });
  return place == entries.end() || place->id != id ? nullptr : &*place;
}

LockEntry* LockFile::find(std::string_view id) {
  return const_cast<LockEntry*>(std::as_const(*this).find(id));
}

bool LockFile::has_released() const {
  return std::any_of(entries.begin(), entries.end(),
                     [](const LockEntry& entry) { return entry.released(); });
}

Result<LockFile> parse_lock(const Sources& sources, FileId file, Diagnostics& diagnostics) {
  return Parser(sources, file, diagnostics).run();
}

std::string print_lock(const LockFile& lock) {
  std::string text = std::string(kTitle) + "\n";
  for (const LockEntry& entry : lock.entries) {
    text += fmt::format("{}  {}  release:{}\n", escaped(entry.id), fields_of(entry.state),
                        entry.released() ? entry.release : "-");
    for (const Acceptance& acceptance : entry.accepted)
      text += fmt::format("{}  accepted:{}{}  reason:{}\n", escaped(entry.id), acceptance.verdict,
                          acceptance.state ? "  " + fields_of(*acceptance.state) : "",
                          acceptance.reason);
  }
  return text + std::string(kEnd) + "\n";
}

std::string problem_of_release(std::string_view name) {
  if (name.empty() || name == "-")
    return "a release needs a name";
  if (std::any_of(name.begin(), name.end(), needs_escape))
    return fmt::format("`{}` is no name of a release: it may hold no blank, `%` or `,`", name);
  return {};
}

}  // namespace retort
