// Tables of natives: how a row becomes a callable, and the tables that this folder brings along.
#pragma once

#include "compiler/python/interpreter.h"

#include <array>

namespace retort::py {

// A signature as written in a NativeRow. Defaults that are text are made by `in`.
std::vector<Parameter> parse_signature(Interpreter& in, std::string_view signature);

const NativeRow* find_row(std::span<const NativeRow> rows, std::string_view name);

Value scope_globals(Interpreter& in, const Args& args);
Value scope_locals(Interpreter& in, const Args& args);

// The built-in types that code here asks for.
extern const NativeTypeInfo kObjectType, kTypeType, kBoolType, kIntType, kFloatType, kStrType,
    kBytesType, kListType, kTupleType, kSetType, kFrozenSetType, kDictType, kRangeType, kSliceType,
    kPropertyType, kStaticMethodType, kClassMethodType;
const NativeTypeInfo* type_info(Value value);  // null when it is of no built-in type

// --- parts of the language that several natives need ------------------------------------------

// `format(value, spec)` of numbers and text.
Value format_value(Interpreter& in, Value value, std::string_view spec);
Value percent_format(Interpreter& in, const Str& pattern, Value values);
Value format_method(Interpreter& in, const Args& args);  // "…".format(…)

// Whether objects of this type have such an attribute in Python.
bool python_has(std::string_view type, std::string_view name);

// Slices: the offsets that a slice of something with `size` items takes.
bool slice_offsets(Interpreter& in, const Slice& slice, size_t size, std::vector<int64_t>& offsets,
                   Value& problem);
// Cuts text by characters.
Value substring(Interpreter& in, const Str& string, size_t begin_byte, size_t end_byte);

// int("…"): nothing with a ValueError, or an unknown beyond 64 bits.
Value parse_integer(Interpreter& in, std::string_view text, int64_t base, bool literal);
std::optional<double> parse_float(std::string_view text);

// The modules of the standard library, by name; null when there is none.
std::unique_ptr<NativeModule> standard_module(std::string_view dotted);

// A module that is a table: functions, types and constants made on demand.
struct ConstantRow {
  std::string_view name;
  Value (*make)(Interpreter&);
};
struct TypeRow {
  std::string_view name;
  const NativeTypeInfo* type;
};
class TableModule : public NativeModule {
public:
  struct Content {
    std::string_view name;
    std::span<const NativeRow> functions;
    std::span<const TypeRow> types;
    std::span<const ConstantRow> constants;
  };
  explicit TableModule(const Content& content) : content_(content) {}
  Value get(Interpreter& in, std::string_view name) override;

private:
  const Content& content_;
};

// A function that stands for a class: `Column`. It is one for isinstance() and `Column[int]`.
inline bool names_class(const Native& native) {
  const std::string_view name = native.row->name;
  return !name.empty() && name[0] >= 'A' && name[0] <= 'Z';
}

// Text of an argument; with `problem` to return when it is none.
bool text_of(Interpreter& in, Value value, const Str*& string, Value& problem);

}  // namespace retort::py
