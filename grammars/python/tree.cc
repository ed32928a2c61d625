#include "grammars/python/tree.h"

#include "grammars/python/plain.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <memory>
#include <span>
#include <tree_sitter/api.h>

extern "C" const TSLanguage* tree_sitter_python(void);

namespace retort::py {
namespace {

constexpr std::array kKindNames = {
    std::string_view("other"),
    std::string_view("error"),
    std::string_view("token"),
#define KIND(name) std::string_view(#name),
#define FIELD(name)
#include "grammars/python/kinds.def"
};

constexpr std::array kFieldNames = {
    std::string_view(""),
#define KIND(name)
#define FIELD(name) std::string_view(#name),
#include "grammars/python/kinds.def"
};

// Index of the grammar's name in a list of ours, where `true` is spelled `true_`; 0 when absent.
uint8_t index_of(std::string_view name, std::span<const std::string_view> names) {
  for (size_t i = 1; i < names.size(); ++i) {
    std::string_view own = names[i];
    if (own.ends_with('_'))
      own.remove_suffix(1);
    if (own == name)
      return static_cast<uint8_t>(i);
  }
  return 0;
}

struct Names {
  std::vector<Kind> kinds;
  std::vector<Field> fields;

  Names() {
    const TSLanguage* const language = tree_sitter_python();
    for (uint32_t i = 0; i < ts_language_symbol_count(language); ++i) {
      const auto symbol = static_cast<TSSymbol>(i);
      const bool named = ts_language_symbol_type(language, symbol) == TSSymbolTypeRegular;
      kinds.push_back(
          named ? static_cast<Kind>(index_of(ts_language_symbol_name(language, symbol), kKindNames))
                : Kind::token);
    }
    fields.push_back(Field::none);
    for (uint32_t i = 1; i <= ts_language_field_count(language); ++i)
      fields.push_back(static_cast<Field>(index_of(
          ts_language_field_name_for_id(language, static_cast<TSFieldId>(i)), kFieldNames)));
  }
};

const Names& names() {
  static const Names all;
  return all;
}

}  // namespace

Tree parse(std::string_view source) {
  std::optional<Tree> plain = parse_plain(source);
  return plain ? std::move(*plain) : parse_by_grammar(source);
}

Tree parse_by_grammar(std::string_view source) {
  struct FreeParser {
    void operator()(TSParser* parser) const { ts_parser_delete(parser); }
  };
  struct FreeTree {
    void operator()(TSTree* tree) const { ts_tree_delete(tree); }
  };
  Tree tree;
  tree.source_ = source;
  const std::unique_ptr<TSParser, FreeParser> parser(ts_parser_new());
  ts_parser_set_language(parser.get(), tree_sitter_python());
  const std::unique_ptr<TSTree, FreeTree> parsed(ts_parser_parse_string(
      parser.get(), nullptr, source.data(), static_cast<uint32_t>(source.size())));
  if (!parsed) {
    tree.rows_.emplace_back();
    tree.errors_.emplace_back();
    return tree;
  }

  const Names& table = names();
  TSTreeCursor cursor = ts_tree_cursor_new(ts_tree_root_node(parsed.get()));
  // Per open node: its row, and the row of its child that was added last. An explicit stack,
  // since nesting is the file's choice.
  struct Open {
    uint32_t row;
    uint32_t last_child;
  };
  std::vector<Open> open;
  bool descending = true;
  while (true) {
    const TSNode node = ts_tree_cursor_current_node(&cursor);
    if (descending) {
      const Field field = table.fields[ts_tree_cursor_current_field_id(&cursor)];
      const bool error = ts_node_is_error(node);
      const bool missing = ts_node_is_missing(node);
      const Kind kind = error ? Kind::error : table.kinds[ts_node_symbol(node)];
      const Span span{ts_node_start_byte(node), ts_node_end_byte(node)};
      if (error || missing)
        tree.errors_.push_back(span);
      const bool kept = (kind != Kind::token || field != Field::none) && !ts_node_is_extra(node);
      if (kept || error) {
        const auto row = static_cast<uint32_t>(tree.rows_.size());
        tree.rows_.push_back({span, 0, 0, kind, field});
        if (!open.empty()) {
          Open& parent = open.back();
          if (parent.last_child == 0)
            tree.rows_[parent.row].first_child = row;
          else
            tree.rows_[parent.last_child].next = row;
          parent.last_child = row;
        }
        if (ts_tree_cursor_goto_first_child(&cursor)) {
          open.push_back({row, 0});
          continue;
        }
      }
    }
    if (ts_tree_cursor_goto_next_sibling(&cursor)) {
      descending = true;
      continue;
    }
    if (!ts_tree_cursor_goto_parent(&cursor))
      break;
    open.pop_back();
    descending = false;
  }
  ts_tree_cursor_delete(&cursor);
  return tree;
}

Node Node::child(Field field) const {
  for (const Node node : children())
    if (node.field() == field)
      return node;
  return {};
}

std::string to_text(const Tree& tree) {
  std::string text;
  std::vector<std::pair<Node, size_t>> todo = {{tree.root(), 0}};
  while (!todo.empty()) {
    const auto [node, depth] = todo.back();
    todo.pop_back();
    // Deeper levels stay at one column: the text must not grow with the square of the nesting.
    text.append(2 * std::min<size_t>(depth, 40), ' ');
    if (node.field() != Field::none)
      text += fmt::format("{}: ", kFieldNames[static_cast<size_t>(node.field())]);
    text += fmt::format("{} {}..{}", kKindNames[static_cast<size_t>(node.kind())],
                        node.span().begin, node.span().end);
    if (!node.first_child() && node.span().size() <= 60)
      text += fmt::format(" {}", node.text());
    text += '\n';
    const size_t below = todo.size();
    for (const Node child : node.children())
      todo.emplace_back(child, depth + 1);
    std::reverse(todo.begin() + static_cast<ptrdiff_t>(below), todo.end());
  }
  return text;
}

}  // namespace retort::py
