// The rows of the type table, by file.
#pragma once

#include "compiler/types/types.h"

namespace retort {

std::span<const TypeRow> text_types();
std::span<const TypeRow> numeric_types();
std::span<const TypeRow> time_types();
std::span<const TypeRow> enum_types();
std::span<const TypeRow> postgres_types();
std::span<const TypeRow> postgres_time_types();
std::span<const TypeRow> postgres_enum_types();
std::span<const TypeLibrary> third_party_types();

}  // namespace retort
