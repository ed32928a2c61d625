// Elements that the project defines by deriving from SQLAlchemy's classes, with their text from
// `@compiles`.
#pragma once

#include "compiler/python/natives.h"

namespace retort::sa {

std::span<const py::NativeRow> custom_functions();
py::Value custom_base(py::Interpreter& in, std::string_view name);  // nothing when it is none

bool has_compile_hook(const py::Class& cls);
// What the function that `@compiles` registered makes of the instance: text, an unknown or nothing.
py::Value compiled_text(py::Interpreter& in, py::Class& cls, py::Value instance);

}  // namespace retort::sa
