// JSON Lines in the keys of indexer/fields, so that what is exported can be indexed again.
#include "server/api/export_format.hpp"
#include "server/http/json_string.hpp"

namespace rapporteur::api {
namespace {

class jsonl_writer final : public export_writer {
 public:
  explicit jsonl_writer(const export_options& o) : with_text_(o.with_text) {}

  void begin(std::string& out) override { (void)out; }

  void add(std::string& out, const article& a) override {
    out += R"({"id":)";
    http::append_json_string(out, a.id);
    const auto put = [&out](std::string_view key, std::string_view value) {
      if (value.empty()) return;
      out.append(",\"").append(key).append("\":");
      http::append_json_string(out, value);
    };
    // What was derived from the text is derived from it again; given, it would pass for the article's own.
    if (!with_text_ || !a.title_derived) put("title", a.title);
    if (a.published) put("date", a.published->to_string());
    if (a.updated) put("updated", a.updated->to_string());
    put("source", a.source);
    if (!a.authors.empty()) {
      out += ",\"authors\":";
      put_all(out, a.authors);
    }
    if (!with_text_ || !a.language_detected) put("lang", a.language);
    put("collection", a.collection);
    put("url", a.url);
    if (!a.tags.empty()) {
      out += ",\"tags\":{";
      for (std::size_t i = 0; i < a.tags.size(); ++i) {
        if (i > 0) out += ',';
        http::append_json_string(out, a.tags[i].name);
        out += ':';
        put_all(out, a.tags[i].values);
      }
      out += '}';
    }
    if (with_text_) put("text", a.text);
    out += "}\n";
  }

  void end(std::string& out) override { (void)out; }

 private:
  static void put_all(std::string& out, const std::vector<std::string>& values) {
    out += '[';
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (i > 0) out += ',';
      http::append_json_string(out, values[i]);
    }
    out += ']';
  }
  bool with_text_;
};

}  // namespace

std::unique_ptr<export_writer> open_jsonl(const export_options& o) {
  return std::make_unique<jsonl_writer>(o);
}

}  // namespace rapporteur::api
