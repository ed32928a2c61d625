// What a rule is: constant data and a function for each occasion on which it speaks.
#pragma once

#include "compiler/forms/forms.h"
#include "versions/chain.h"

#include <initializer_list>
#include <type_traits>

namespace retort {

// When a rule about the graph speaks: at every reading, or only when somebody asks for a verdict.
enum class Occasion : uint8_t { reading, checking };

// A rule about the graph as a whole.
struct ChainRule {
  std::string_view name;  // group/problem
  Level level;
  Occasion occasion;
  void (*check)(const Chain& chain, Diagnostics& findings);
};

class Visit;
class TransactionVisit;
class RevisionVisit;
class EndVisit;

// A function of a rule, told apart by what it asks for. For a form it is the form's type that says
// when it is called: `check(const forms::AddColumn&, Visit&)`.
struct Subscription {
  static constexpr size_t kEveryStatement = SIZE_MAX;
  size_t form = kEveryStatement;
  void (*statement)(const forms::Form* form, Visit& visit) = nullptr;
  void (*transaction)(TransactionVisit& visit) = nullptr;
  void (*revision)(RevisionVisit& visit) = nullptr;
  void (*end)(EndVisit& visit) = nullptr;
};

namespace checks {
template <class Wanted, class Variant>
struct IndexOf;
template <class Wanted, class... Forms>
struct IndexOf<Wanted, std::variant<Forms...>> {
  static constexpr size_t value = [] {
    size_t index = 0;
    const bool found = ((std::is_same_v<Wanted, Forms> || (++index, false)) || ...);
    return found ? index : SIZE_MAX;
  }();
};

template <auto function>
struct Made;
template <class Form, void (*function)(const Form&, Visit&)>
struct Made<function> {
  static constexpr Subscription check{.form = IndexOf<Form, forms::Form>::value,
                                      .statement = [](const forms::Form* form, Visit& visit) {
                                        function(*std::get_if<Form>(form), visit);
                                      }};
};
template <void (*function)(Visit&)>
struct Made<function> {
  static constexpr Subscription check{
      .statement = [](const forms::Form*, Visit& visit) { function(visit); }};
};
template <void (*function)(TransactionVisit&)>
struct Made<function> {
  static constexpr Subscription check{.transaction = function};
};
template <void (*function)(RevisionVisit&)>
struct Made<function> {
  static constexpr Subscription check{.revision = function};
};
template <void (*function)(EndVisit&)>
struct Made<function> {
  static constexpr Subscription check{.end = function};
};
}  // namespace checks

// `on<check>` reads from the function's parameters when it is to be called.
template <auto function>
inline constexpr Subscription on = checks::Made<function>::check;

// Rules that are off speak only when they are selected by name, or given a level.
enum class Default : uint8_t { on, off };

struct Rule {
  std::string_view name;  // group/problem
  Level level;
  std::initializer_list<Subscription> checks;
  Default state = Default::on;
  // Variants that speak only when they are selected by their full name, or given a level.
  std::initializer_list<std::string_view> off = {};

  std::string_view group() const { return name.substr(0, name.find('/')); }
};

}  // namespace retort
