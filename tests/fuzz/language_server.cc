// Any bytes as what a client sends, and as the text that it has open: the same messages however
// they arrive; every question has an answer that is JSON, before an edit and after; and behind the
// edit the same findings as for who opens the text as it is then.
#include "editors/server/diagnostics.h"
#include "editors/server/frames.h"
#include "editors/server/requests/requests.h"
#include "editors/server/uri.h"
#include "tests/fake_disk.h"
#include "tests/fuzz/seeds.h"

#include <fmt/format.h>

using namespace retort;

namespace {

constexpr std::string_view kFirst = R"(revision = "a1"
down_revision = None


def upgrade():
    op.create_table("t", sa.Column("id", sa.Integer(), primary_key=True))
)";
constexpr std::string_view kSecond = R"(revision = "b2"
down_revision = "a1"


def upgrade():
    op.add_column("t", sa.Column("n", sa.Integer(), nullable=False))
    op.execute("UPDATE t SET n = 1 " 'WHERE "id" > 0')


def downgrade():
    op.drop_column("t", "n")
)";
constexpr std::string_view kSql = R"(-- /// retort
-- revision = "b2"
-- down_revision = "a1"
-- ///
CREATE INDEX ix ON t (id);
-- retort: down
DROP INDEX ix;
)";

std::vector<std::string> messages(std::string_view bytes, size_t step) {
  lsp::FrameReader reader;
  std::vector<std::string> all;
  for (size_t at = 0; at < bytes.size(); at += step) {
    reader.add(bytes.substr(at, step));
    while (std::optional<std::string> message = reader.next())
      all.push_back(*std::move(message));
  }
  return all;
}

class Client {
public:
  Client(const Disk& disk, std::string path, const std::string& text, lsp::Encoding encoding)
      : session_(disk, 1), path_(std::move(path)), encoding_(encoding) {
    session_.client.encoding = encoding;
    for (bool lsp::Client::*const able :
         {&lsp::Client::announced_pull, &lsp::Client::markdown, &lsp::Client::related,
          &lsp::Client::tags, &lsp::Client::code_description, &lsp::Client::document_changes,
          &lsp::Client::creates_files, &lsp::Client::renames_files,
          &lsp::Client::hierarchical_symbols, &lsp::Client::reads_content})
      session_.client.*able = true;
    session_.settings.hints = lsp::Hints::all;
    session_.send = [](std::string_view, const std::string& params, bool) {
      MUST(JsonDocument(params).valid());
    };
    lsp::Document document;
    document.uri = lsp::uri_of(path_);
    document.path = path_;
    document.text = text;
    session_.workspace.opened(std::move(document));
  }

  std::string& text() { return session_.workspace.documents().find(path_)->text; }

  void edit(size_t begin, size_t removed, std::string_view added) {
    lsp::Document* const document = session_.workspace.documents().find(path_);
    const lsp::LinePosition from =
        document->lines.position(document->text, static_cast<uint32_t>(begin), encoding_);
    const lsp::LinePosition to =
        document->lines.position(document->text, static_cast<uint32_t>(begin + removed), encoding_);
    JsonWriter json;
    json.begin_object().key("range").begin_object();
    write(json.key("start"), from);
    write(json.key("end"), to);
    json.end_object().text("text", added).end_object();
    document->change(JsonDocument(json.take()).root(), encoding_);
    session_.workspace.edited(path_);
  }

  void ask(uint32_t offset) {
    const lsp::Document& document = *session_.workspace.documents().find(path_);
    const lsp::LinePosition at = document.lines.position(document.text, offset, encoding_);
    JsonWriter json;
    json.begin_object().key("textDocument").begin_object().text("uri", document.uri).end_object();
    write(json.key("position"), at);
    write(json.key("positions").begin_array(), at);
    json.end_array().key("range").begin_object();
    write(json.key("start"), {});
    write(json.key("end"), at);
    json.end_object().key("context").begin_object().end_object();
    json.text("query", "t").text("newName", "c3").text("command", "retort.status");
    json.text("uri", "retort-sql:/b2/schema-after.sql").end_object();
    const JsonDocument params(json.take());
    for (const lsp::Method& method : lsp::methods()) {
      session_.forget_texts();
      JsonWriter answer;
      if (const lsp::Answered refused = method.answer(session_, params.root(), answer))
        MUST(!refused->message.empty());
      else
        MUST(JsonDocument(answer.take()).valid());
    }
  }

  bool has_revision() {
    lsp::Model* const model = session_.workspace.model_of(path_);
    return model && model->usable() && model->revision(path_);
  }

  std::string findings() {
    session_.forget_texts();
    JsonWriter json;
    lsp::write_diagnostics(session_, json, path_, lsp::diagnostics_of(session_, path_));
    return json.take();
  }

private:
  static void write(JsonWriter& json, lsp::LinePosition at) {
    json.begin_object().number("line", at.line).number("character", at.column).end_object();
  }

  lsp::Session session_;
  std::string path_;
  lsp::Encoding encoding_;
};

}  // namespace

extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv) {
  static const std::string python = "\x01\x20\x03" + std::string(kSecond);
  static const std::string sql = "\x02\x30\x05" + std::string(kSql);
  static const std::string frame = lsp::framed("{\"method\":\"initialize\"}");
  fuzz::write_seeds(*argc, *argv, {python, sql, frame});
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  MUST(messages(bytes, 1) == messages(bytes, std::max<size_t>(size, 1)));
  if (size < 3)
    return 0;
  const std::string text(bytes.substr(3));
  const bool alone = (data[0] & 4) != 0;
  const std::string path =
      fmt::format("/p/{}/2.{}", alone ? "loose" : "versions", (data[0] & 2) != 0 ? "sql" : "py");
  const auto encoding = static_cast<lsp::Encoding>(data[0] % 3);
  const FakeDisk disk({{"/p/retort.toml", "[chain]\nversion_locations = [\"versions\"]\n"},
                       {"/p/versions/1.py", std::string(kFirst)},
                       {path, text}});
  Client client(disk, path, text, encoding);
  (void)client.findings();
  client.ask(static_cast<uint32_t>(std::min<size_t>(data[1], text.size())));
  const bool was_revision = client.has_revision();  // others join the chain when they are whole
  const size_t begin = text.empty() ? 0 : data[1] % text.size();
  client.edit(begin, std::min<size_t>(data[2] % 16, text.size() - begin),
              (data[2] & 64) ? "\"" : "");
  client.ask(static_cast<uint32_t>(begin));
  Client fresh(disk, path, client.text(), encoding);
  // While its header cannot be read, a revision stays what it was.
  MUST(!was_revision || !fresh.has_revision() || client.findings() == fresh.findings());
  return 0;
}
