#include "compiler/verification/witness.h"

#include "compiler/forms/opaque.h"

namespace retort::verification {
namespace {

using forms::Form;

// The objects that a form names, whatever it is.
class NamesOf {
public:
  explicit NamesOf(std::set<std::string>& names) : names_(names) {}

  template <class... Values>
  void each(std::string_view, const Values&... values) {
    (add(values), ...);
  }

private:
  void add(const forms::Name& name) {
    if (!name.name.empty())
      names_.insert(name.name);
  }
  void add(const forms::Object& object) {
    add(object.name);
    add(object.table);
  }
  template <class T>
  void add(const std::vector<T>& values) {
    for (const T& value : values)
      add(value);
  }
  template <class T>
  void add(const T&) {}

  std::set<std::string>& names_;
};

}  // namespace

Witness::Witness(const Found& found) {
  catalog().blurred.insert(found.names);
  doubts_.unmade = found.names;
  doubts_.schemas = found.schemas;
  if (!found.search_path.empty())
    catalog().search_path = found.search_path;
  for (const std::string& name : found.schemas) {
    catalog::Object schema;
    schema.kind = catalog::Kind::schema;
    schema.name = name;
    if (catalog().find(catalog::Space::schema, name, 0) == 0)
      catalog().add(std::move(schema));
  }
}

void Witness::begin(bool complete) {
  replay_.end_transaction();
  complete_ = complete;
  if (!complete)
    doubt_all();
}

void Witness::end() {
  if (complete_)
    return;
  doubt_all();
  ++doubts_.unknown;
}

void Witness::mark() {
  catalog().forget();
  catalog().keep_changes(true);
  mark_ = catalog().mark();
}

void Witness::doubt_all() {
  opaque_ = true;
  doubts_.unknown_then = std::make_shared<const catalog::Catalog>(catalog());
  catalog().opaque = true;
}

void Witness::doubt(const Form& form) {
  const auto touched = [&](const forms::Opaque& opaque) {
    for (const forms::Name& name : opaque.touches)
      doubts_.names.insert(name.name);
  };
  if (const auto* const opaque = std::get_if<forms::Opaque>(&form))
    touched(*opaque);
  if (const auto* const function = std::get_if<forms::CreateFunction>(&form))
    touched(forms::opaque_body(function->body));  // some statement may call it
  if (const auto* const rename = std::get_if<forms::RenameEnumValue>(&form))
    doubts_.relabelled.insert(rename->type.name);
  // IF NOT EXISTS does not make what may have been there, IF EXISTS does nothing where it may not
  // be.
  const auto is_unsure = [&](const forms::Name& name) {
    return opaque_ || doubts_.unmade.contains(name.name) || doubts_.names.contains(name.name);
  };
  std::visit(
      [&](const auto& concrete) {
        bool conditional = false;
        if constexpr (requires { concrete.if_not_exists; })
          conditional |= concrete.if_not_exists;
        if constexpr (requires { concrete.if_exists; })
          conditional |= concrete.if_exists;
        if constexpr (requires { is_unsure(concrete.table); })
          if (conditional && is_unsure(concrete.table))
            concrete.fields(NamesOf(doubts_.names));
      },
      form);
}

void Witness::statement(const std::vector<Form>& forms) {
  for (const Form& form : forms)
    doubt(form);
  // Opaque is said once and stays; a chain whose beginning is not known is as careful, and lets
  // this statement say it again.
  const bool incomplete = catalog().incomplete;
  catalog().opaque = false;
  catalog().incomplete = incomplete || opaque_;
  std::optional<catalog::Problem> problem = replay_.statement(forms);
  if (problem && opaque_) {
    catalog().opaque = true;
    problem = replay_.statement(forms);
    catalog().opaque = false;
  }
  const bool unknown = catalog().opaque;
  catalog().incomplete = incomplete;
  catalog().opaque = opaque_;
  if (unknown) {
    doubt_all();
    ++doubts_.unknown;
  }
  if (!problem)
    return;
  // The server did it all the same, or the chain would stand still here: what it names is not what
  // the catalog thinks.
  ++doubts_.refused;
  std::set<std::string> names;
  for (const Form& form : forms)
    std::visit([&](const auto& concrete) { concrete.fields(NamesOf(names)); }, form);
  catalog().blurred.insert(names);
  doubts_.names.insert(names.begin(), names.end());
}

}  // namespace retort::verification
