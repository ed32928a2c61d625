// `"…" % values` and `"…".format(…)`.
#include "common/utf8.h"
#include "compiler/python/natives.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace retort::py {
namespace {

// Where a part of the pattern was written; the whole of it when that is not known.
Loc part_of(const Str& pattern, size_t begin, size_t end) {
  Text part;
  part.append(pattern, begin, end);
  if (!part.exact || part.pieces.empty())
    return pattern.at;
  return {part.file, {part.pieces.front().origin.begin, part.pieces.back().origin.end}};
}

class PercentFormat {
public:
  PercentFormat(Interpreter& in, const Str& pattern, Value values)
      : in_(in), pattern_(pattern), text_(pattern.text), values_(values) {
    out_.at = pattern.at;
    single_ = values;
    if (const Tuple* const tuple = in.plain(values).as<Tuple>())
      items_ = &tuple->items;
  }

  Value run() {
    size_t at = 0;
    while (at < text_.size()) {
      const size_t percent = std::min(text_.find('%', at), text_.size());
      out_.append(pattern_, at, percent);
      at = percent;
      if (at == text_.size())
        break;
      if (!field(at))
        return problem_;
    }
    const Value rest = in_.plain(values_);
    const bool used_up = items_ ? next_ == items_->size()
                                : next_ > 0 || rest.is(Type::dict) || mapping_ ||
                                      rest.is(Type::list) || rest.is(Type::foreign) ||
                                      rest.is_unknown();
    if (!used_up)
      return in_.raise("TypeError", "not all arguments converted during string formatting");
    if (values_.is_unknown())
      out_.gap = values_;
    return in_.text(std::move(out_));
  }

private:
  bool fail(Value problem) {
    problem_ = problem;
    return false;
  }
  bool raise(std::string_view type, std::string message) {
    return fail(in_.raise(type, std::move(message)));
  }

  bool argument(Value& value) {
    if (items_) {
      if (next_ >= items_->size())
        return raise("TypeError", "not enough arguments for format string");
      value = (*items_)[next_++];
    } else if (next_++ == 0 || single_.is_unknown()) {  // that may be a tuple
      value = single_;
    } else {
      return raise("TypeError", "not enough arguments for format string");
    }
    return true;
  }

  bool field(size_t& at) {
    const size_t begin = at++;
    const auto ended = [&] {
      return at >= text_.size() ? !raise("ValueError", "incomplete format") : false;
    };
    Value value;
    if (ended())
      return false;
    if (text_[at] == '(') {
      size_t depth = 1;
      const size_t from = ++at;
      for (; at < text_.size() && depth > 0; ++at)
        depth += text_[at] == '(' ? 1 : text_[at] == ')' ? -1 : 0;
      if (depth > 0)
        return raise("ValueError", "incomplete format key");
      mapping_ = true;
      value = single_.is_unknown()
                  ? single_
                  : in_.get_item(single_, in_.text(text_.substr(from, at - 1 - from)));
      if (!value)
        return fail(value);
    }
    std::string flags;
    while (at < text_.size() && std::string_view("#0- +").find(text_[at]) != std::string_view::npos)
      flags += text_[at++];
    int64_t width = 0;
    int64_t precision = -1;
    if (!number(at, width))
      return false;
    if (at < text_.size() && text_[at] == '.') {
      ++at;
      precision = 0;
      if (!number(at, precision))
        return false;
    }
    while (at < text_.size() && (text_[at] == 'l' || text_[at] == 'h' || text_[at] == 'L'))
      ++at;
    if (ended())
      return false;
    const char type = text_[at++];
    const Loc origin = part_of(pattern_, begin, at);
    if (type == '%') {
      out_.append("%", origin);
      return true;
    }
    if (!mapping_ || !value)
      if (!argument(value))
        return false;
    return convert(value, flags, width, precision, type, origin);
  }

  bool number(size_t& at, int64_t& result) {
    if (at < text_.size() && text_[at] == '*') {
      ++at;
      Value value;
      if (!argument(value))
        return false;
      if (value.is_unknown())
        return fail(in_.poison(value));
      if (!value.is_integral())
        return raise("TypeError", "* wants int");
      result = value.integer();
      if (result < 0)
        return fail(in_.unknown(Cause::Kind::unsupported, "this format is not interpreted"));
      return true;
    }
    for (; at < text_.size() && text_[at] >= '0' && text_[at] <= '9' && result < 1'000'000'000;
         ++at)
      result = result * 10 + (text_[at] - '0');
    return true;
  }

  bool convert(Value value, const std::string& flags, int64_t width, int64_t precision, char type,
               Loc origin) {
    const auto has = [&](char flag) { return flags.find(flag) != flags.npos; };
    std::string spec;
    Value shown = value;
    if (shown.is_unknown()) {
      out_.append_unknown(shown);
      return true;
    }
    switch (type) {
    case 's':
    case 'r':
      shown = type == 's' ? in_.str(value) : in_.repr(value);
      if (!shown.is(Type::string))
        return fail(shown);
      spec += has('-') ? "<" : ">";
      break;
    case 'c':
      if (value.is_integral()) {
        shown = format_value(in_, value, "c");
        if (!shown.is(Type::string))
          return fail(shown);
      } else if (!value.is(Type::string) || char_count(*value.as<Str>()) != 1) {
        return raise("TypeError", "%c requires int or char");
      }
      spec += has('-') ? "<" : ">";
      precision = -1;
      break;
    case 'd':
    case 'i':
    case 'u':
    case 'x':
    case 'X':
    case 'o': {
      shown = in_.plain(value);
      const bool decimal = type == 'd' || type == 'i' || type == 'u';
      if (shown.is(Type::floating) && decimal) {
        if (!(std::fabs(shown.floating()) < 9e18))
          return fail(in_.unknown(Cause::Kind::number, "this integer is beyond 64 bits"));
        shown = Value::of(static_cast<int64_t>(shown.floating()));
      }
      if (shown.is_unknown() || shown.is(Type::foreign))
        return fail(in_.unknown(Cause::Kind::unsupported, "this number is not interpreted"));
      if (!shown.is_integral())
        return raise("TypeError", decimal
                                      ? fmt::format("%{} format: a real number is required, not {}",
                                                    type, in_.type_name(value))
                                      : fmt::format("%{} format: an integer is required, not {}",
                                                    type, in_.type_name(value)));
      if (precision >= 0)
        return fail(in_.unknown(Cause::Kind::unsupported, "this format is not interpreted"));
      spec = number_spec(has);
      type = decimal ? 'd' : type;
      break;
    }
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G':
      shown = in_.plain(value);
      if (shown.is_unknown() || shown.is(Type::foreign))
        return fail(in_.unknown(Cause::Kind::unsupported, "this number is not interpreted"));
      if (!shown.is_number())
        return raise("TypeError", fmt::format("must be real number, not {}", in_.type_name(value)));
      spec = number_spec(has);
      break;
    default: return raise("ValueError", fmt::format("unsupported format character '{}'", type));
    }
    const bool words = shown.is(Type::string);
    if (width > 0)
      spec += fmt::format("{}", width);
    if (precision >= 0)
      spec += fmt::format(".{}", precision);
    if (!words)
      spec += type;
    const Value text = format_value(in_, shown, spec);
    const Str* const string = text.as<Str>();
    if (!string)
      return fail(text);
    if (!in_.charge(out_.text.size() + string->text.size()))
      return fail({});
    const Str* const own = shown.as<Str>();
    if (own && own->text == string->text && value.is(Type::string) && !own->pieces.empty() &&
        type == 's' && own->at.file == pattern_.at.file)
      out_.append(*own);
    else
      out_.append(string->text, origin);
    return true;
  }

  template <class Has>
  static std::string number_spec(const Has& has) {
    std::string spec;
    if (has('-'))
      spec += "<";
    if (has('+'))
      spec += "+";
    else if (has(' '))
      spec += " ";
    if (has('#'))
      spec += "#";
    if (has('0') && !has('-'))
      spec += "0";
    return spec;
  }

  Interpreter& in_;
  const Str& pattern_;
  const std::string& text_;
  Value values_;
  Value single_;
  const std::vector<Value>* items_ = nullptr;
  size_t next_ = 0;
  bool mapping_ = false;
  Text out_;
  Value problem_;
};

class BraceFormat {
public:
  BraceFormat(Interpreter& in, const Args& args) : in_(in), args_(args) {}

  Value run(const Str& pattern) {
    Text out;
    out.at = pattern.at;
    if (!expand(pattern, pattern.text, 0, out, 2))
      return problem_;
    return in_.text(std::move(out));
  }

private:
  bool fail(Value problem) {
    problem_ = problem;
    return false;
  }
  bool error(std::string message) { return fail(in_.raise("ValueError", std::move(message))); }

  // `text` is part of the pattern from `base` on; nested fields end at depth 0.
  bool expand(const Str& pattern, std::string_view text, size_t base, Text& out, int depth) {
    if (depth < 0)
      return error("Max string recursion exceeded");
    size_t at = 0;
    while (at < text.size()) {
      const size_t brace = std::min(text.find_first_of("{}", at), text.size());
      out.append(pattern, base + at, base + brace);
      at = brace;
      if (at == text.size())
        break;
      if (at + 1 < text.size() && text[at + 1] == text[at]) {
        out.append(pattern, base + at, base + at + 1);
        at += 2;
        continue;
      }
      if (text[at] == '}')
        return error("Single '}' encountered in format string");
      size_t end = at + 1;
      bool bracket = false;
      for (int open = 1; end < text.size(); ++end) {
        if (text[end] == '[')
          bracket = true;
        else if (text[end] == ']')
          bracket = false;
        else if (text[end] == '{' && !bracket)
          ++open;
        else if (text[end] == '}' && !bracket && --open == 0)
          break;
      }
      if (end >= text.size())
        return error(at + 1 == text.size() ? "Single '{' encountered in format string"
                                           : "expected '}' before end of string");
      if (!field(pattern, text.substr(at + 1, end - at - 1), base + at + 1, out, depth))
        return false;
      at = end + 1;
    }
    return true;
  }

  bool field(const Str& pattern, std::string_view text, size_t base, Text& out, int depth) {
    size_t name_end = 0;
    for (bool bracket = false; name_end < text.size(); ++name_end) {
      const char c = text[name_end];
      if (c == '[')
        bracket = true;
      else if (c == ']')
        bracket = false;
      else if (!bracket && (c == ':' || c == '!'))
        break;
    }
    std::string_view rest = text.substr(name_end);
    char conversion = 0;
    if (rest.starts_with('!')) {
      if (rest.size() < 2 || (rest.size() > 2 && rest[2] != ':'))
        return error("expected ':' after conversion specifier");
      conversion = rest[1];
      rest.remove_prefix(2);
    }
    Value value;
    if (!lookup(text.substr(0, name_end), value))
      return false;
    Text spec;
    if (rest.starts_with(':') &&
        !expand(pattern, rest.substr(1), base + (text.size() - rest.size()) + 1, spec, depth - 1))
      return false;
    Value shown = value;
    if (conversion == 'r')
      shown = in_.repr(value);
    else if (conversion == 's')
      shown = in_.str(value);
    else if (conversion == 'a')
      return fail(in_.unknown(Cause::Kind::unsupported, "`!a` is not interpreted"));
    else if (conversion)
      return error(fmt::format("Unknown conversion specifier {}", conversion));
    if (spec.gap)
      shown = spec.gap;
    const Value words = !shown || shown.is_unknown() ? shown : in_.format(shown, spec.text);
    if (words.is_unknown()) {
      out.append_unknown(words);
      return true;
    }
    const Str* const string = words.as<Str>();
    if (!string)
      return fail(words);
    if (!in_.charge(out.text.size() + string->text.size()))
      return fail({});
    if (value.is(Type::string) && spec.text.empty() && !conversion && !string->pieces.empty() &&
        string->at.file == pattern.at.file)
      out.append(*string);
    else
      out.append(string->text, part_of(pattern, base - 1, base + text.size() + 1));
    return true;
  }

  bool lookup(std::string_view name, Value& value) {
    const size_t end = std::min(name.find_first_of(".["), name.size());
    const std::string_view first = name.substr(0, end);
    const bool numbered = !first.empty() && std::all_of(first.begin(), first.end(), [](char c) {
      return c >= '0' && c <= '9';
    });
    if (first.empty() || numbered) {
      size_t index = 0;
      if (first.empty()) {
        if (manual_)
          return error(
              "cannot switch from manual field specification to automatic field numbering");
        automatic_ = true;
        index = next_++;
      } else {
        if (automatic_)
          return error(
              "cannot switch from automatic field numbering to manual field specification");
        manual_ = true;
        for (const char c : first.substr(0, 6))
          index = index * 10 + static_cast<size_t>(c - '0');
      }
      if (index >= args_.positional.size())
        return fail(in_.raise("IndexError", fmt::format("Replacement index {} out of range for "
                                                        "positional args tuple",
                                                        index)));
      value = args_.positional[index];
    } else {
      for (const Keyword& keyword : args_.keywords)
        if (keyword.name == first)
          value = keyword.value;
      if (!value)
        return fail(in_.raise("KeyError", in_.text(first)));
    }
    std::string_view path = name.substr(end);
    while (!path.empty()) {
      if (path[0] == '.') {
        const size_t stop = std::min(path.find_first_of(".[", 1), path.size());
        value = in_.get_attribute(value, in_.heap().intern(path.substr(1, stop - 1)));
        path.remove_prefix(stop);
      } else {
        const size_t close = path.find(']');
        if (close == path.npos || path[0] != '[')
          return error("Missing ']' in format string");
        const std::string_view key = path.substr(1, close - 1);
        const bool index = !key.empty() && std::all_of(key.begin(), key.end(),
                                                       [](char c) { return c >= '0' && c <= '9'; });
        value = in_.get_item(value, index ? parse_integer(in_, key, 10, true) : in_.text(key));
        path.remove_prefix(close + 1);
      }
      if (!value)
        return fail({});
    }
    return true;
  }

  Interpreter& in_;
  const Args& args_;
  size_t next_ = 0;
  bool automatic_ = false;
  bool manual_ = false;
  Value problem_;
};

}  // namespace

Value percent_format(Interpreter& in, const Str& pattern, Value values) {
  return PercentFormat(in, pattern, values).run();
}

Value format_method(Interpreter& in, const Args& args) {
  Args given;
  given.positional = args[0].as<Tuple>()->items;
  for (const Table::Entry& entry : args[1].as<Dict>()->table.entries())
    given.keywords.push_back({entry.key.as<Str>()->text, entry.value});
  return BraceFormat(in, given).run(*args.self.as<Str>());
}

}  // namespace retort::py
