// What an object of the catalog is, in the words in which queries.cc has the server say it. Nothing
// where the catalog does not know all of it.
#pragma once

#include "compiler/catalog/catalog.h"

#include <optional>
#include <string>

namespace retort::verification {

std::string relation_words(const catalog::Catalog& catalog, const catalog::Object& relation);
std::optional<std::string> constraint_words(const catalog::Catalog& catalog,
                                            const catalog::Object& constraint);
std::optional<std::string> index_words(const catalog::Catalog& catalog,
                                       const catalog::Object& index);
std::string sequence_words(const catalog::Catalog& catalog, const catalog::Object& sequence);
// Of a domain, a composite or a range; an enum is its labels.
std::optional<std::string> type_words(const catalog::Catalog& catalog, const catalog::Object& type);
std::string trigger_words(const catalog::Catalog& catalog, const catalog::Object& trigger);
// The input types of a function.
std::optional<std::vector<std::string>> input_words(const catalog::Catalog& catalog,
                                                    const catalog::Object& function);

}  // namespace retort::verification
