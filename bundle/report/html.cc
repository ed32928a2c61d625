#include "bundle/report/html.h"

#include "bundle/report/words.h"
#include "common/text.h"
#include "common/utf8.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort::bundle {
namespace html {
namespace {

std::string escape(std::string_view text, bool elements) {
  std::string result;
  result.reserve(text.size() + text.size() / 8);
  for (size_t i = 0; i < text.size();) {
    const utf8::Char c = utf8::decode(text, i);
    const char32_t code = c.valid ? c.code : 0xFFFD;
    switch (code) {
    case '&': result += "&amp;"; break;
    case '<': result += "&lt;"; break;
    case '>': result += "&gt;"; break;
    case '"': result += "&quot;"; break;
    case '\'': result += "&#39;"; break;
    case '\n':
    case '\t': result += static_cast<char>(code); break;
    case '\r':
      // The end of a line like the other one; alone it is a mark.
      if (i + 1 < text.size() && text[i + 1] == '\n')
        break;
      [[fallthrough]];
    default:
      if (!is_hidden(code))
        utf8::append(result, code);
      else if (elements)
        result += fmt::format("<span class=\"mark\">{}</span>", mark_name(code));
      else
        result += fmt::format("[{}]", mark_name(code));
    }
    i += c.size;
  }
  return result;
}

// A string of CSS: everything but letters and digits by its number.
std::string css_text(std::string_view text) {
  std::string result;
  for (size_t i = 0; i < text.size();) {
    const utf8::Char c = utf8::decode(text, i);
    const char32_t code = c.valid && !is_hidden(c.code) ? c.code : 0xFFFD;
    if (code < 0x80 && (is_word(static_cast<char>(code)) || code == ' '))
      result += static_cast<char>(code);
    else
      result += fmt::format("\\{:X} ", static_cast<uint32_t>(code));  // the blank ends it
    i += c.size;
  }
  return result;
}

}  // namespace

std::string escaped(std::string_view text) { return escape(text, true); }
std::string plain(std::string_view text) { return escape(text, false); }

// Sizes in points: the page is made for paper as much as for a screen. Nothing depends on colours;
// what is grave has words and a thick line. The paper decides between A4 and Letter.
std::string style(std::string_view footer) {
  constexpr std::string_view kStyle = R"(
@page { size: landscape; margin: 10mm 10mm 12mm;
  @bottom-left { content: "FOOTER"; font: 8pt sans-serif; }
  @bottom-right { content: "Page " counter(page) " of " counter(pages); font: 8pt sans-serif; } }
* { box-sizing: border-box; }
html { font: 10pt/1.35 system-ui, -apple-system, "Segoe UI", "DejaVu Sans", Arial, sans-serif;
  color: #000; background: #fff; }
body { max-width: 320mm; margin: 0 auto; padding: 6mm; }
h1 { font-size: 17pt; line-height: 1.2; margin: 0 0 1mm; }
h2, h3 { break-after: avoid; }
h2 { font-size: 13pt; margin: 8mm 0 1.5mm; }
h3 { font-size: 10pt; margin: 0 0 .5mm; }
p { margin: 0 0 1.5mm; }
h1, h2, h3, p, li, td, th, dd { overflow-wrap: anywhere; }
ul { margin: 0 0 1mm; padding-left: 4.5mm; }
a { color: inherit; text-decoration-thickness: .5px; text-underline-offset: 2px; }
.small, .note { font-size: 8.5pt; }
.verdict { font-size: 12.5pt; font-weight: 600; border: 1.2pt solid #000; padding: 2mm 3mm;
  margin: 2.5mm 0; }
.warnings { border: 1.2pt dashed #000; padding: 1mm 3mm; margin: 0 0 2.5mm; }
.warnings p { margin: 0; }
.bottom { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(110mm, 100%), 1fr));
  gap: 2.5mm 5mm; }
.answers { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(110mm, 100%), 1fr));
  gap: 2.5mm; margin: 0 0 2.5mm; }
.answer { border: .6pt solid #777; padding: 1.5mm 3mm; break-inside: avoid; }
.answer h2 { font-size: 10.5pt; margin: 0 0 .5mm; }
.answer.grave { border-left: 3pt solid #000; }
.answer > p:first-of-type { font-weight: 600; }
.answer .note { color: #333; margin: 0; }
dl.facts { display: grid; grid-template-columns: max-content 1fr; gap: .4mm 4mm; margin: 0 0 2.5mm;
  align-content: start; break-inside: avoid; }
.head { break-inside: avoid; break-after: avoid; }
dl.facts dt { font-weight: 600; }
dl.facts dd { margin: 0; }
dl.facts ul { margin: 0; }
table { border-collapse: collapse; width: 100%; table-layout: fixed; }
caption { text-align: left; font-weight: 600; margin: 0 0 1mm; }
th, td { border: .5pt solid #888; padding: 1mm 1.5mm; vertical-align: top; text-align: left; }
thead th { background: #eee; font-size: 8.5pt; }
thead { display: table-header-group; }
tr { break-inside: avoid; }
.rows td, .rows tbody th { font-size: 8pt; line-height: 1.3; }
.rows tr.stop > :first-child { border-left: 3pt solid #000; }
.rows p { margin: 0 0 .8mm; }
.rows pre { margin: 0 0 .8mm; }
.rows thead th { overflow-wrap: normal; }
.rows .number { font-weight: 600; overflow-wrap: normal; white-space: nowrap; }
.sub, .rows td .sub { color: #333; font-size: 7.5pt; }
pre, code { font-family: ui-monospace, "DejaVu Sans Mono", Consolas, Menlo, monospace; }
pre { margin: 0; font-size: 7.5pt; line-height: 1.3; white-space: pre-wrap; overflow-wrap: anywhere;
  tab-size: 4; unicode-bidi: isolate; }
.appendix pre { border: .5pt solid #888; padding: 1.5mm; margin: 0 0 4mm;
  -webkit-box-decoration-break: clone; box-decoration-break: clone; }
.mark { border: .5pt solid #000; padding: 0 .5mm; font-size: 6.5pt; font-weight: 600;
  unicode-bidi: isolate; }
.signatures td { height: 7mm; }
.signatures th { font-size: 8.5pt; }
.signatures { break-inside: avoid; }
@media screen { :target > :first-child { outline: 2pt solid #000; }
  .rows td, .rows tbody th { font-size: 9pt; } .rows td .sub, pre { font-size: 8.5pt; } }
@media print { body { max-width: none; padding: 0; } a { text-decoration: none; }
  html { font-size: 9pt; } h1 { font-size: 15pt; } .verdict { font-size: 11pt; }
  .first { break-after: page; } .first + section > h2 { margin-top: 0; }
  .answers, .bottom { grid-template-columns: 1fr 1fr; } .bottom { font-size: 8.5pt; }
  .columns { columns: 2; column-gap: 6mm; } }
)";
  std::string text(kStyle);
  constexpr std::string_view kFooter = "FOOTER";
  text.replace(text.find(kFooter), kFooter.size(), css_text(footer));
  return text;
}

std::string anchor(std::string_view step) {
  std::string result(step.find('.') == std::string_view::npos ? "r" : "s");
  result += step;
  std::replace(result.begin(), result.end(), '.', '-');
  return result;
}

std::string reference(std::string_view step) {
  return fmt::format("<a href=\"#{}\">{}</a>", anchor(step), step);
}

}  // namespace html

std::string report_html(const Account& account, const ReportInfo& info) {
  const Summary summary = summarise(account, info);
  std::string text =
      "<!DOCTYPE html>\n<html xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"en\">\n<head>\n"
      "<meta charset=\"utf-8\"/>\n"
      "<meta http-equiv=\"Content-Security-Policy\" "
      "content=\"default-src 'none'; style-src 'unsafe-inline'\"/>\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n";
  text += fmt::format("<title>{}</title>\n<style>{}</style>\n</head>\n<body>\n<main>\n",
                      html::plain(summary.heading), html::style(summary.heading));
  text += html::first_page(summary, info);
  text += html::step_list(account);
  text += html::step_sections(account);
  text += html::appendix(account);
  text += "</main>\n</body>\n</html>\n";
  return text;
}

}  // namespace retort::bundle
