// The one unit that compiles toml++ itself; everybody else includes its declarations only.
#define TOML_IMPLEMENTATION
#include <toml++/toml.h>
