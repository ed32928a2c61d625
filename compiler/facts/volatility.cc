#include "compiler/facts/volatility.h"

#include "common/parallel.h"
#include "compiler/facts/study.h"
#include "compiler/forms/read.h"
#include "grammars/postgres/tree.h"

#include <algorithm>
#include <iterator>

namespace retort::facts {
namespace {

constexpr Builtin kBuiltins[] = {
#include "compiler/facts/builtins.inc"
};

// Of the extensions that come with the server, which the catalog does not look into.
constexpr Builtin kOfExtensions[] = {
    {"crypt", "iiiiiii", true},
    {"digest", "iiiiiii", true},
    {"encrypt", "iiiiiii", true},
    {"gen_random_bytes", "vvvvvvv", true},
    {"gen_random_uuid", "vvvvvvv", true},
    {"gen_salt", "vvvvvvv", true},
    {"hmac", "iiiiiii", true},
    {"pgp_pub_encrypt", "vvvvvvv", true},
    {"pgp_pub_encrypt_bytea", "vvvvvvv", true},
    {"pgp_sym_encrypt", "vvvvvvv", true},
    {"pgp_sym_encrypt_bytea", "vvvvvvv", true},
    {"unaccent", "sssssss", true},
    {"uuid_generate_v1", "vvvvvvv", true},
    {"uuid_generate_v1mc", "vvvvvvv", true},
    {"uuid_generate_v3", "iiiiiii", true},
    {"uuid_generate_v4", "vvvvvvv", true},
    {"uuid_generate_v5", "iiiiiii", true},
    {"uuid_nil", "iiiiiii", true},
};

template <size_t N>
const Builtin* row(const Builtin (&rows)[N], std::string_view name) {
  const auto found = std::lower_bound(
      std::begin(rows), std::end(rows), name,
      [](const Builtin& builtin, std::string_view wanted) { return builtin.name < wanted; });
  return found != std::end(rows) && found->name == name ? found : nullptr;
}

void worse(Verdict& verdict, Volatility volatility, bool every, const std::string& function) {
  if (volatility < verdict.worst || (volatility == verdict.worst && verdict.every_overload))
    return;
  verdict = {volatility, function + "()", every};
}

Volatility declared(std::string_view word) {
  return word == "immutable" ? Volatility::immutable
         : word == "stable"  ? Volatility::stable
                             : Volatility::volatile_;
}

// What `SELECT body` mentions, when that is all that it is.
std::optional<forms::Mentions> mentions_of(std::string_view statement) {
  std::optional<forms::Mentions> result;
  on_large_stack([&] {
    const auto tree = pg::parse(statement);
    if (!tree)
      return;
    const std::vector<forms::Form> forms = forms::read_forms(*tree);
    const auto* select = forms.size() == 1 ? std::get_if<forms::Select>(&forms[0]) : nullptr;
    if (select && select->query.from.empty() && select->query.branches.empty() &&
        select->query.with.empty() && select->query.targets.size() == 1)
      result = select->query.mentions;
  });
  return result;
}

// A function in SQL is put in the place of its call where that can be done, and its body decides;
// where it cannot, its word is believed (inline_function in clauses.c).
Verdict of_function(const Study& s, const Object& object, int depth) {
  const auto& function = object.as<catalog::Function>();
  Verdict verdict;
  verdict.worst = declared(function.volatility);
  verdict.function = object.name + "()";
  if (function.language != "sql" || verdict.worst != Volatility::volatile_ ||
      function.returns_set || depth > 4)
    return verdict;
  const std::optional<forms::Mentions> body = mentions_of(function.body);
  if (!body || !body->queries.empty())
    return verdict;
  Verdict inner = volatility_of(s, *body);
  if (inner.worst == Volatility::volatile_)
    inner.function = verdict.function;
  return inner;
}

}  // namespace

const Builtin* builtin(std::string_view name) { return row(kBuiltins, name); }

Verdict volatility_of(const Study& s, const forms::Mentions& mentions) {
  thread_local int depth = 0;
  Verdict verdict;
  for (const forms::FunctionUse& use : mentions.functions) {
    bool own = false;
    const bool system = use.name.schema == "pg_catalog";
    if (!system)
      for (const Id id : s.look.functions(use.name)) {
        const Object& object = *s.get(id);
        if (object.as<catalog::Function>().inputs.size() < use.arguments)
          continue;
        own = true;
        ++depth;
        const Verdict of = of_function(s, object, depth);
        --depth;
        worse(verdict, of.worst, of.every_overload, object.name);
      }
    if (own)
      continue;
    if (const Builtin* known = builtin(use.name.name);
        known && (system || use.name.schema.empty()) && known->has(s.server))
      worse(verdict, known->volatility(s.server), known->every_overload, use.name.name);
    else if (const Builtin* extension = row(kOfExtensions, use.name.name))
      worse(verdict, extension->volatility(s.server), true, use.name.name);
    else if (!system && (!s.look.certain({"", use.name.name, {}}) || s.before.extended()))
      worse(verdict, Volatility::unknown, true, use.name.name);
    else if (use.name.name.starts_with("pg_") || use.name.name.starts_with("has_"))
      worse(verdict, Volatility::unknown, true, use.name.name);
  }
  return verdict;
}

Verdict volatility_of(const Study& s, std::string_view expression) {
  if (expression.find('(') == std::string_view::npos)
    return {};
  if (const auto mentions = mentions_of("SELECT " + std::string(expression)))
    return volatility_of(s, *mentions);
  Verdict verdict;
  verdict.worst = Volatility::unknown;
  return verdict;
}

}  // namespace retort::facts
