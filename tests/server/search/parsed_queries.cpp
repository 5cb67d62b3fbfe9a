#include "tests/server/search/parsed_queries.hpp"

namespace rapporteur::search {
namespace {

std::string kind_name(node_kind k) {
  static const char* const k_names[] = {"everything", "nothing", "word", "wildcard", "phrase", "exact",
                                        "filter",     "date",    "near", "all",      "any",    "none"};
  return k_names[static_cast<std::size_t>(k)];
}

}  // namespace

std::string codes(const parsed_query& p) {
  std::string out;
  for (const warning& w : p.warnings) out += (out.empty() ? "" : " ") + w.code + "@" + std::to_string(w.column);
  return out;
}

std::string shape(const query_node& n) {
  std::string out = kind_name(n.kind);
  if (n.kind == node_kind::near) out += std::to_string(n.distance);
  if (is_leaf(n.kind) && n.scope != query_field::text) out += ":" + std::string(to_string(n.scope));
  if (!n.tag_name.empty()) out += "." + n.tag_name;
  if (is_leaf(n.kind) && n.kind != node_kind::date) out += "<" + n.text + ">";
  if (n.kind == node_kind::date) {
    out += "<" + (n.from ? n.from->to_string() : "") + "|" + (n.to ? n.to->to_string() : "") + ">";
  }
  if (!n.children.empty()) {
    out += "[";
    for (const query_node& c : n.children) out += (&c == &n.children.front() ? "" : " ") + shape(c);
    out += "]";
  }
  return out;
}

}  // namespace rapporteur::search
