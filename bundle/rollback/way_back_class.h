// What going back gives back, from everything to nothing. The worst statement names the revision.
#pragma once

#include <cstdint>
#include <string_view>

namespace retort::rollback {

enum class WayBackClass : uint8_t {
  exact,        // the way down restores the schema, and no row was touched
  exact_slow,   // … and reads or writes whole tables for it
  data_kept,    // old values are saved by the way up, and put back
  lossy,        // the schema comes back, what was in it does not
  backup_only,  // only files that were written before get it back
  no_way_back,
};

std::string_view to_string(WayBackClass kind);    // "data kept"
std::string_view explanation(WayBackClass kind);  // for people: one line

}  // namespace retort::rollback
