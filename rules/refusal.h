// What the rules about statements that fail share: one that the server would refuse.
#pragma once

#include "rules/rules.h"

#include <initializer_list>
#include <optional>
#include <string_view>

namespace retort::rules {

struct Refusal {
  catalog::Problem problem;
  std::vector<int> servers;  // empty: all
};

// The refusal of this statement, if its SQLSTATE is one of these.
std::optional<Refusal> refusal(Visit& visit, std::initializer_list<std::string_view> sqlstates);
// Any that no other rule speaks of.
std::optional<Refusal> other_refusal(Visit& visit);
Diagnostic& report_refusal(Visit& visit, const Refusal& refusal, std::string_view variant = {});

}  // namespace retort::rules
