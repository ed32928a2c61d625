// Python values as SQL literals, the way the type of their column writes them.
#pragma once

#include "compiler/types/types.h"

namespace retort {

// Values whose type SQLAlchemy has no literal for (JSON, ranges, INET, …) are quoted text, the way
// drivers send them. Expressions are printed as they are.
Answer<std::string> literal_of(const Datum& value, const Type& type);

// Without a column: the type follows from the value.
Answer<std::string> literal_of(const Datum& value);

}  // namespace retort
