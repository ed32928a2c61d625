#include "compiler/python/stdlib/enum.h"

#include "compiler/python/natives.h"
#include "compiler/python/stdlib/modules.h"

namespace retort::py {
namespace {

struct Auto : Foreign {
  std::string_view type_name() const override { return "auto"; }
};

Value make_auto(Interpreter& in, const Args&) { return in.make<Auto>(); }
Value unique(Interpreter&, const Args& args) { return args[0]; }

template <size_t kIndex>
Value library_class(Interpreter& in) {
  constexpr std::string_view kNames[] = {"Enum", "IntEnum", "StrEnum",
                                         "Flag", "IntFlag", "ReprEnum"};
  return in.exception_class(kNames[kIndex]);
}

constexpr NativeRow kFunctions[] = {{"auto", "", make_auto}, {"unique", "enumeration", unique}};
constexpr ConstantRow kConstants[] = {
    {"Enum", library_class<0>}, {"IntEnum", library_class<1>}, {"StrEnum", library_class<2>},
    {"Flag", library_class<3>}, {"IntFlag", library_class<4>}, {"ReprEnum", library_class<5>},
};

}  // namespace

bool is_auto(Value value) {
  return value.as<Foreign>() && dynamic_cast<const Auto*>(value.object()) != nullptr;
}

const TableModule::Content kEnumModule = {"enum", kFunctions, {}, kConstants};

}  // namespace retort::py
