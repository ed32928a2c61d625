// Parts of the page. What goes through `escaped` is also good XML.
#pragma once

#include "bundle/report/report.h"
#include "bundle/report/summary.h"

#include <string>
#include <string_view>

namespace retort::bundle::html {

// Marks that nobody sees stand there with their names.
std::string escaped(std::string_view text);
std::string plain(std::string_view text);  // where no elements may stand: in a title
std::string style(std::string_view footer);

std::string anchor(std::string_view step);     // "s2-1" of "2.1"
std::string reference(std::string_view step);  // the step, and a link to it

std::string first_page(const Summary& summary, const ReportInfo& info);
std::string step_list(const Account& account);
std::string step_sections(const Account& account);
std::string appendix(const Account& account);  // of what is folded; empty: nothing is

}  // namespace retort::bundle::html
