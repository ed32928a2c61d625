// What things without a name are called: `count_1`, `anon_2`, `id_1`.
#include "common/text.h"
#include "compiler/ddl/names.h"
#include "compiler/expressions/renderer.h"

#include <fmt/format.h>

namespace retort::expr {
namespace {

constexpr char kOpen = '\x01';
constexpr char kClose = '\x02';
// SQLAlchemy leaves room for what it appends to a name of 63 bytes.
constexpr size_t kLongest = 57;

const void* identity_of(const Expression& e) {
  if (e.origin)
    return e.origin.get();
  return &e;
}

// A column is the same wherever it is made from the same FROM.
std::string identity_text(const Expression& e) {
  if (e.kind != Kind::column || !e.from)
    return fmt::format("{}", identity_of(e));
  std::string text =
      fmt::format("{}.{}.{}", static_cast<const void*>(e.from.get()), e.name.text, e.text);
  for (char& c : text)
    c = c == ' ' || c == kOpen || c == kClose ? '.' : c;
  return text;
}

Label numbered(std::string_view identity, std::string_view seed) {
  std::string body;
  for (const char c : seed) {
    const bool odd = c == '%' || c == '(' || c == ')' || c == ' ' || c == '$';
    if (odd && !body.empty() && body.back() == '_')
      continue;
    body += odd ? '_' : c;
  }
  Label label;
  label.text = fmt::format("{}{} {}{}", kOpen, identity, body, kClose);
  label.truncates = true;
  return label;
}

// An anonymous name goes on as itself: `anon_1_1`.
Label numbered_after(const std::string& identity, const Label& seed, std::string_view suffix = "") {
  if (seed.text.find(kOpen) == std::string::npos)
    return numbered(identity, (seed.empty() ? "anon" : seed.text) + std::string(suffix));
  Label label = numbered(identity, "");
  label.text = seed.text + std::string(suffix) + label.text;
  return label;
}

}  // namespace

Label label_of(const Identifier& name) {
  return {name.text, name.quote, name.text.find(kOpen) != std::string::npos};
}

Label anonymous(const void* identity, const Label& seed) {
  return numbered_after(fmt::format("{}", identity), seed);
}

Label from_name(const From& from) {
  if (!from.name.empty())
    return label_of(from.name);
  const From* const first = from.restates ? from.restates.get() : &from;
  return numbered(fmt::format("{}", static_cast<const void*>(first)),
                  from.seed.empty() ? "anon" : from.seed);
}

Label name_of(const Expression& e) {
  switch (e.kind) {
  case Kind::column: return label_of(e.name);
  case Kind::verbatim: return {e.text, Quote::automatic, false};
  case Kind::label:
    if (!e.name.empty())
      return label_of(e.name);
    return numbered_after(fmt::format("{}", identity_of(e)), name_of(*e.left));
  case Kind::function: return label_of(e.name);
  case Kind::grouping: return name_of(*e.left);
  case Kind::whole_from: return from_name(*e.from);
  default: return {};
  }
}

Label plain_label_of(const Expression& e) {
  switch (e.kind) {
  case Kind::function:
  case Kind::cast:
  case Kind::coerce:
  case Kind::as_boolean: return {};
  default: return name_of(e);
  }
}

Label anonymous_label_of(const Expression& e) {
  if ((e.kind == Kind::cast || e.kind == Kind::coerce || e.kind == Kind::as_boolean) &&
      e.left->kind != Kind::text) {
    Label plain = plain_label_of(*e.left);
    return plain.empty() ? anonymous_label_of(*e.left) : plain;
  }
  return numbered_after(identity_text(e), name_of(e));
}

Label key_of(const Expression& e) {
  if ((e.kind == Kind::cast || e.kind == Kind::coerce || e.kind == Kind::as_boolean) &&
      e.left->kind != Kind::text)
    return key_of(*e.left);
  Label label = plain_label_of(e);
  if (label.text.find(kOpen) != std::string::npos)
    return {};
  return label;
}

Label table_label_of(const Expression& e) {
  switch (e.kind) {
  case Kind::column: {
    const Label name = name_of(e);
    if (!e.from)
      return name;
    Label label = from_name(*e.from);
    label.text += "_" + name.text;
    if (!e.from->schema.empty()) {
      std::string schema = e.from->schema.text;
      for (char& c : schema)
        c = c == '.' ? '_' : c;
      label.text = schema + "_" + label.text;
    }
    label.quote = name.quote;
    label.truncates = true;
    return label;
  }
  case Kind::label: return name_of(e);
  case Kind::cast:
  case Kind::coerce:
  case Kind::as_boolean: return table_label_of(*e.left);
  default: return {};
  }
}

std::vector<NamedItem> named_items(const List& columns, LabelStyle style, bool again) {
  std::vector<NamedItem> result;
  std::vector<std::pair<std::string, Ptr>> names;
  const auto find = [&](const std::string& name) -> const Ptr* {
    for (const auto& [known, column] : names)
      if (known == name)
        return &column;
    return nullptr;
  };
  int repetition = 1;
  const auto repeated = [&](const Expression& e) {
    const bool wraps = e.kind == Kind::cast || e.kind == Kind::coerce || e.kind == Kind::as_boolean;
    if (const Label inner = wraps ? plain_label_of(*e.left) : Label(); !inner.empty())
      return numbered(identity_text(e), inner.text + "_");
    const Label label = style == LabelStyle::table_and_column ? table_label_of(e) : name_of(e);
    return numbered_after(fmt::format("{}-{}", identity_text(e), repetition++), label, "_");
  };
  for (const Ptr& column : columns) {
    const Expression& e = *column;
    NamedItem item{{}, {}, column};
    const bool nameless =
        e.kind == Kind::text || ((e.kind == Kind::column || e.kind == Kind::verbatim) && !e.from);
    Label effective;
    if (nameless) {
    } else if (style == LabelStyle::plain) {
      item.fallback = plain_label_of(e);
      if (item.fallback.empty())
        item.fallback = anonymous_label_of(e);
    } else {
      if (style == LabelStyle::table_and_column)
        item.required = effective = item.fallback = table_label_of(e);
      else
        effective = item.fallback = plain_label_of(e);
      if (effective.empty()) {
        const Label own = anonymous_label_of(e);
        item.fallback = find(own.text) ? repeated(e) : own;
        names.emplace_back(own.text, column);
      }
    }
    if (!effective.empty()) {
      const Ptr* const known = find(effective.text);
      if (!known) {
        names.emplace_back(effective.text, column);
      } else if (!same(*known, column)) {
        const Label own = style == LabelStyle::table_and_column
                              ? numbered_after(identity_text(e), table_label_of(e))
                              : anonymous_label_of(e);
        item.required = item.fallback = find(own.text) ? repeated(e) : own;
        names.emplace_back(own.text, column);
      } else if (again) {
        item.required = item.fallback = repeated(e);
      }
    }
    result.push_back(std::move(item));
  }
  return result;
}

std::string Renderer::name(const Label& label) {
  if (!label.truncates)
    return label.text;
  if (const auto known = shortened_.find(label.text); known != shortened_.end())
    return known->second;
  std::string text;
  for (size_t i = 0; i < label.text.size(); ++i) {
    if (label.text[i] != kOpen) {
      text += label.text[i];
      continue;
    }
    const size_t end = label.text.find(kClose, i);
    const std::string key = label.text.substr(i + 1, end - i - 1);
    std::string& number = numbered_[key];
    if (number.empty()) {
      const std::string seed = key.substr(key.find(' ') + 1);
      number = fmt::format("{}_{}", seed, ++counters_[seed]);
    }
    text += number;
    i = end;
  }
  if (text.size() > kLongest)
    text = fmt::format("{}_{:x}", text.substr(0, kLongest), ++shortenings_);
  shortened_[label.text] = text;
  return text;
}

std::string Renderer::written(const Label& label) {
  return retort::written(Identifier(name(label), label.quote));
}

}  // namespace retort::expr
