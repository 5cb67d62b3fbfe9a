// Atom (RFC 4287). All that an article holds goes through append_xml.
#include "server/api/feed.hpp"
#include "server/api/safe_text.hpp"

namespace rapporteur::api {
namespace {

void element(std::string& out, std::string_view name, std::string_view text) {
  out.append("<").append(name).append(">");
  append_xml(out, text);
  out.append("</").append(name).append(">\n");
}

void link(std::string& out, std::string_view rel, std::string_view type, std::string_view href) {
  out.append("<link rel=\"").append(rel).append("\"");
  if (!type.empty()) out.append(" type=\"").append(type).append("\"");
  out += " href=\"";
  append_xml(out, href);
  out += "\"/>\n";
}

void author(std::string& out, std::string_view name) {
  out += "<author><name>";
  append_xml(out, name);
  out += "</name></author>\n";
}

void put_entry(std::string& out, const feed_entry& e) {
  out += "<entry";
  if (!e.language.empty()) out.append(" xml:lang=\"").append(e.language).append("\"");
  out += ">\n";
  element(out, "id", e.id);
  element(out, "title", e.title);
  link(out, "alternate", {}, e.link);
  if (!e.published.empty()) element(out, "published", e.published);
  element(out, "updated", e.updated);
  // RFC 4287 4.2.1: who is not known by name is told by the outlet, else by the feed's own author.
  for (const auto& name : e.authors) author(out, name);
  if (e.authors.empty() && !e.source.empty()) author(out, e.source);
  for (const tag& t : e.tags) {
    for (const auto& v : t.values) {
      out += "<category term=\"";
      append_xml(out, v);
      out += "\" label=\"";
      append_xml(out, t.name + ": " + v);
      out += "\"/>\n";
    }
  }
  if (!e.passages.empty()) {
    out += "<summary type=\"html\">";
    append_xml(out, passages_html(e.passages));
    out += "</summary>\n";
  }
  out += "</entry>\n";
}

}  // namespace

std::string to_atom(const feed& f) {
  std::string out = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\">\n";
  element(out, "id", f.id);
  element(out, "title", f.title);
  element(out, "updated", f.updated);
  author(out, "Rapporteur");
  link(out, "self", "application/atom+xml", f.self);
  link(out, "alternate", "text/html", f.page);
  out += "<generator>Rapporteur</generator>\n";
  for (const auto& e : f.entries) put_entry(out, e);
  out += "</feed>\n";
  return out;
}

}  // namespace rapporteur::api
