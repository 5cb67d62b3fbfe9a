#include "tests/server/pages/pages_under_test.hpp"

#include <libxml/HTMLparser.h>

#include <algorithm>
#include <array>
#include <filesystem>

namespace rapporteur::pages::test {
namespace {

namespace bhttp = http::bhttp;

std::string to_string(const xmlChar* s) {
  return s == nullptr ? std::string() : std::string(reinterpret_cast<const char*>(s));
}

std::string content_of(xmlNode* node) {
  xmlChar* s = xmlNodeGetContent(node);
  auto out = to_string(s);
  xmlFree(s);
  return out;
}

void walk(xmlNode* node, parsed_page& page) {
  for (; node != nullptr; node = node->next) {
    if (node->type != XML_ELEMENT_NODE) continue;
    page.elements.push_back(to_string(node->name));
    for (const auto* a = node->properties; a != nullptr; a = a->next) {
      page.attributes.emplace_back(to_string(a->name), content_of(a->children));
    }
    page.texts.emplace_back(to_string(node->name), content_of(node));
    walk(node->children, page);
  }
}

}  // namespace

pages_under_test::pages_under_test()
    : set(page_set::load(std::filesystem::path(RAPPORTEUR_SOURCE_DIR) / "web").value()),
      service_{.api = api.wiring(), .pages = [this] { return set; }} {
  add_routes(routes_, service_);
}

http::response pages_under_test::get(std::string_view target, std::string_view accept_language, std::string_view etag) {
  http::request q;
  const auto parts = http::split_target(target).value();
  q.query = parts.query;
  q.segments = http::split_path(parts.path).value();
  if (!accept_language.empty()) q.fields.set(bhttp::field::accept_language, accept_language);
  if (!etag.empty()) q.fields.set(bhttp::field::if_none_match, etag);
  q.from = api.from;
  return api::test::answer_of(routes_, q);
}

parsed_page::parsed_page(std::string_view html) {
  auto* document = htmlReadMemory(html.data(), static_cast<int>(html.size()), nullptr, "UTF-8",
                                  int{HTML_PARSE_NOERROR} | HTML_PARSE_NOWARNING | HTML_PARSE_NONET | XML_PARSE_HUGE);
  if (document == nullptr) return;
  auto* root = xmlDocGetRootElement(document);
  text = root == nullptr ? std::string() : content_of(root);
  walk(root, *this);
  xmlFreeDoc(document);
}

std::vector<std::string> parsed_page::values_of(std::string_view attribute) const {
  std::vector<std::string> out;
  for (const auto& [name, value] : attributes) {
    if (name == attribute) out.push_back(value);
  }
  return out;
}

std::vector<std::string> parsed_page::texts_of(std::string_view element) const {
  std::vector<std::string> out;
  for (const auto& [name, content] : texts) {
    if (name == element) out.push_back(content);
  }
  return out;
}

std::vector<std::string> parsed_page::dangers() const {
  constexpr std::array<std::string_view, 12> k_elements{"script", "style", "img",   "iframe", "object", "embed",
                                                        "base",   "video", "audio", "svg",    "math",   "template"};
  std::vector<std::string> out;
  for (const auto& e : elements) {
    if (std::ranges::find(k_elements, e) != k_elements.end()) out.push_back('<' + e + '>');
  }
  for (const auto& [name, value] : attributes) {
    const bool acts = name.starts_with("on") || name == "style" || name == "src" || name == "srcset" ||
                      name == "formaction" || name == "ping" || name == "http-equiv";
    const bool leads = (name == "href" || name == "action") && !value.starts_with('/') && !value.starts_with('#') &&
                       !value.starts_with("https://example.org/");
    if (acts || leads) out.push_back(name + '=' + value);
  }
  return out;
}

}  // namespace rapporteur::pages::test
