#include "linter/comparison.h"

#include "common/text.h"
#include "compiler/catalog/apply.h"

#include <algorithm>
#include <utility>

namespace retort {
namespace {

using catalog::Catalog;
using catalog::Id;
struct Description {
  std::string text;
  Id id = 0;
  bool partial = false;  // there may be more to it
};
using Descriptions = std::vector<Description>;

Descriptions describe(Catalog& catalog, const std::vector<Id>& roots) {
  Descriptions all;
  for (const Id id : roots)
    if (const catalog::Object* const object = catalog.get(id);
        object && object->kind != catalog::Kind::column_default) {
      const catalog::Table* const table = object->maybe<catalog::Table>();
      const catalog::Sequence* const sequence = object->maybe<catalog::Sequence>();
      const catalog::Object* const owner = sequence ? catalog.get(sequence->table) : nullptr;
      // Of what the chain did not make it is not known how it was.
      const bool unknown = catalog.blurred.contains(object->name) ||
                           (owner && catalog.blurred.contains(owner->name));
      // A sequence that a column owns goes by another name when the column comes back.
      const bool owned = owner != nullptr;
      if (!unknown && !owned && (!table || !table->unmade))
        all.push_back({print(catalog, id), id, table && table->partial});
    }
  return all;
}

// A line without the casts of its expressions, and without the names of sequences: neither makes a
// difference that could be proved.
std::string plain(std::string_view line) {
  constexpr std::string_view kNumbered = "nextval('";
  std::string text;
  for (size_t i = 0; i < line.size(); ++i) {
    if (line.substr(i).starts_with(kNumbered)) {
      text += kNumbered;
      i = std::min(line.find('\'', i + kNumbered.size()), line.size() - 1);
    }
    if (!line.substr(i).starts_with("::")) {
      text += line[i];
      continue;
    }
    ++i;
    while (i + 1 < line.size() && (is_word(line[i + 1]) || line[i + 1] == '.' ||
                                   line[i + 1] == '"' || line[i + 1] == '[' || line[i + 1] == ']'))
      ++i;
    for (const std::string_view rest : {" varying", " precision"})
      if (line.substr(i + 1).starts_with(rest))
        i += rest.size();
  }
  return text;
}

// `default '0'` of a boolean is `default false`.
std::string with_boolean(std::string line) {
  constexpr std::string_view kDefault = " default '";
  const size_t begin = line.find(kDefault);
  if (begin == std::string::npos || line.find(" boolean") > begin)
    return line;
  const size_t text = begin + kDefault.size();
  const size_t end = line.find('\'', text);
  if (end == std::string::npos)
    return line;
  const std::string word = lower(std::string_view(line).substr(text, end - text));
  constexpr std::string_view kTrue[] = {"1", "t", "true", "y", "yes", "on"};
  constexpr std::string_view kFalse[] = {"0", "f", "false", "n", "no", "off"};
  for (const bool value : {true, false})
    if (const auto& words = value ? kTrue : kFalse;
        std::find(std::begin(words), std::end(words), word) != std::end(words))
      return line.replace(text - 1, end + 2 - text, value ? "true" : "false");
  return line;
}

// Without the columns that a foreign key refers to: where they are those of a primary key that is
// not known, none are listed.
std::string without_referenced(std::string line) {
  const size_t begin = line.find(" references ");
  const size_t open = begin == std::string::npos ? begin : line.find(" (", begin);
  const size_t close = open == std::string::npos ? open : line.find(')', open);
  return close == std::string::npos ? line : line.erase(open, close + 1 - open);
}

bool same_line(const std::string& a, const std::string& b) {
  if (a == b)
    return true;
  const std::string left = with_boolean(plain(a)), right = with_boolean(plain(b));
  if (left == right)
    return true;
  const auto lacks_columns = [](const std::string& line) {
    return line.find(" references ") != std::string::npos && line.find(" ()") != std::string::npos;
  };
  return (lacks_columns(left) || lacks_columns(right)) &&
         without_referenced(left) == without_referenced(right);
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = std::min(text.find('\n', begin), text.size());
    lines.emplace_back(trim(text.substr(begin, end - begin)));
    begin = end + 1;
  }
  return lines;
}
// An object is the same when its kind and its name are.
std::string_view title(std::string_view text) {
  size_t blanks = 0;
  for (size_t i = 0; i < text.size(); ++i)
    if (text[i] == '\n' || (text[i] == ' ' && ++blanks == 2))
      return text.substr(0, i);
  return text;
}
const Description* find_same(std::string_view text, const Descriptions& all) {
  for (const Description& other : all)
    if (title(other.text) == title(text))
      return &other;
  return nullptr;
}

void add_difference(const Description& then, const Descriptions& now,
                    std::vector<Leftover>& leftovers) {
  const Description* const other = find_same(then.text, now);
  if (other && (then.partial || other->partial))
    return;
  Leftover leftover{std::string(title(then.text)), then.id, !other, lines_of(then.text), {}};
  if (other) {
    leftover.left = lines_of(other->text);
    for (auto line = leftover.lost.begin(); line != leftover.lost.end();) {
      const auto same =
          std::find_if(leftover.left.begin(), leftover.left.end(),
                       [&](const std::string& now_line) { return same_line(now_line, *line); });
      if (same == leftover.left.end()) {
        ++line;
        continue;
      }
      leftover.left.erase(same);
      line = leftover.lost.erase(line);
    }
  }
  leftovers.push_back(std::move(leftover));
}

}  // namespace

std::vector<Leftover> compare(Catalog& catalog, size_t mark) {
  std::vector<Id> roots;
  const auto add_root = [&](const std::shared_ptr<const catalog::Object>& object) {
    if (!object)
      return;
    const Id root = object->table != 0 ? object->table : object->id;
    if (std::find(roots.begin(), roots.end(), root) == roots.end())
      roots.push_back(root);
  };
  std::vector<Catalog::Change> changed = catalog.changes(mark);
  std::erase_if(changed, [](const Catalog::Change& change) {
    return change.before && change.after && same(*change.before, *change.after);
  });
  for (const Catalog::Change& change : changed)
    add_root(change.after);
  for (const Catalog::Change& change : changed)
    add_root(change.before);
  if (changed.empty())
    return {};
  Descriptions now = describe(catalog, roots);
  catalog.back(mark);
  Descriptions then = describe(catalog, roots);
  std::vector<Leftover> leftovers;
  for (const Description& each : then)
    add_difference(each, now, leftovers);
  for (const Description& each : now)
    if (!find_same(each.text, then))
      leftovers.push_back({std::string(title(each.text)), each.id, true, {}, lines_of(each.text)});
  catalog.forth(mark);
  std::erase_if(leftovers,
                [](const Leftover& each) { return each.lost.empty() && each.left.empty(); });
  return leftovers;
}

}  // namespace retort
