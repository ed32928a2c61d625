#include "bundle/rollback/way_back_class.h"

namespace retort::rollback {

std::string_view to_string(WayBackClass kind) {
  switch (kind) {
  case WayBackClass::exact: return "exact";
  case WayBackClass::exact_slow: return "exact, slow";
  case WayBackClass::data_kept: return "data kept";
  case WayBackClass::lossy: return "lossy";
  case WayBackClass::backup_only: return "backup only";
  case WayBackClass::no_way_back: return "no way back";
  }
  return "";
}

std::string_view explanation(WayBackClass kind) {
  switch (kind) {
  case WayBackClass::exact: return "the downgrade restores everything";
  case WayBackClass::exact_slow:
    return "the downgrade restores everything, and works through whole tables for it";
  case WayBackClass::data_kept:
    return "the upgrade saves the old values first, and the downgrade puts them back";
  case WayBackClass::lossy: return "the downgrade restores the tables, but not what is listed";
  case WayBackClass::backup_only:
    return "only a dump that was taken before the upgrade gets it back";
  case WayBackClass::no_way_back: return "there is no way back";
  }
  return "";
}

}  // namespace retort::rollback
