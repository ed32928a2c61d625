// How cells compare, in SQL's logic and beyond: what cannot be known is a fourth answer.
#pragma once

#include "compiler/alembic/questions/questions.h"

namespace retort::alembic {

enum class Answer4 : uint8_t { no, yes, null, unknown };
inline Answer4 answer_of(bool value) { return value ? Answer4::yes : Answer4::no; }

Answer4 equal(const Cell& a, const Cell& b);
Answer4 like(const Cell& value, const Cell& pattern, bool fold);
Answer4 less(const Cell& a, const Cell& b);
Answer4 negate(Answer4 answer);
Answer4 both(Answer4 a, Answer4 b);
Answer4 either(Answer4 a, Answer4 b);
Cell cell_of(Answer4 answer);
Answer4 truth_of(const Cell& cell);

}  // namespace retort::alembic
