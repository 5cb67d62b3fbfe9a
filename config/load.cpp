#include "config/load.hpp"

#include "config/fields.hpp"
#include "config/keys.hpp"
#include "config/toml_file.hpp"
#include "config/value.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <system_error>
#include <utility>

namespace rapporteur::config {
namespace {

constexpr std::string_view k_prefix = "RAPPORTEUR_";

// Where a problem would be reported, and what counts as the key's origin.
struct spot {
  origin from = origin::defaults;
  std::string where;
  place at;
};

class loader {
 public:
  outcome run(const options& given) {
    read_file(given.file);
    for (const auto& [name, text] : given.variables) take_variable(name, text);
    for (const flag& f : given.flags) take_flag(f);
    check_orders();
    for (const auto& [key, from] : spots_) {
      std::string where = from.where;
      if (from.at.line != 0) where += fmt::format(":{}", from.at.line);
      out_.origins.emplace(key, std::pair(from.from, std::move(where)));
    }
    return std::move(out_);
  }

 private:
  void read_file(const std::optional<std::filesystem::path>& named) {
    std::filesystem::path path(k_default_file);
    if (named) {
      path = *named;
    } else if (std::error_code ec; !std::filesystem::exists(path, ec) && !ec) {
      return;  // a default file that is there but cannot be looked at is a problem; one that is not there is none
    }
    out_.file = path;
    const toml_file file = read_toml_file(path);
    if (!file.error.empty()) complain({origin::file, path.string(), file.error_at}, "", file.error);
    for (const file_section& section : file.sections) take_section(path.string(), section);
  }

  void take_section(const std::string& path, const file_section& section) {
    const spot here{origin::file, path, section.at};
    if (find_section(section.name) == nullptr) {
      complain(here, section.name, unknown_section(section));
      return;
    }
    if (!section.is_table) {
      complain(here, section.name, fmt::format("is a section; write [{}] on a line of its own", section.name));
      return;
    }
    for (const file_key& key : section.keys) {
      if (section.name == k_fields_section) {
        take_field({origin::file, path, key.name_at}, {origin::file, path, key.value_at}, key.name, key.content);
        continue;
      }
      const key_row* row = find_key(section.name, key.name);
      if (row == nullptr) {
        const std::string full = section.name + "." + key.name;
        complain({origin::file, path, key.name_at}, full, unknown_key(section.name, key.name));
        continue;
      }
      take(*row, {origin::file, path, key.value_at}, read_toml(*row, key.content));
    }
  }

  // A value whose TOML type is not one that the kind is written as.
  static reading wrong_type(const key_row& row, std::string_view found) {
    std::string error = fmt::format("is {}; allowed: {}", found, allowed(row));
    if (row.type == kind::duration)
      error += R"(, in quotes and with a unit, such as ")" + to_text(row, row.get({})) + '"';
    return {std::nullopt, std::move(error)};
  }

  static reading read_toml(const key_row& row, const toml_value& content) {
    const kind k = row.type;
    if (const auto* truth = std::get_if<bool>(&content)) {
      if (k == kind::boolean) return check_value(row, *truth);
      return wrong_type(row, "a truth value");
    }
    if (const auto* number = std::get_if<std::int64_t>(&content)) {
      if (k == kind::count || k == kind::size) return check_value(row, *number);
      return wrong_type(row, "a number");
    }
    if (const auto* text = std::get_if<std::string>(&content)) {
      if (k != kind::boolean && k != kind::count && !is_list(k)) return check_value(row, *text);
      return wrong_type(row, "a string");
    }
    if (const auto* list = std::get_if<std::vector<std::string>>(&content)) {
      if (is_list(k)) return check_value(row, *list);
      return wrong_type(row, "a list");
    }
    const auto* other = std::get_if<other_type>(&content);
    return wrong_type(row, other != nullptr ? other->name : "a table");
  }

  // A mapping of [fields]. The same key in another spelling is the same key: a mistake in one file, an override
  // between levels.
  void take_field(const spot& name_at, spot value_at, const std::string& key, const toml_value& content) {
    const std::string full = fmt::format("{}.{}", k_fields_section, is_utf8(key) ? key : "?");
    field_reading read = read_field(key, content);
    if (!read.result) {
      if (read.at.line != 0) value_at.at = read.at;
      complain(value_at, full, read.error);
      return;
    }
    std::vector<field_mapping>& fields = out_.values.fields;
    const auto same = std::ranges::find(fields, same_key(key), [](const field_mapping& m) { return same_key(m.key); });
    if (same != fields.end()) {
      const auto before = spots_.find(fmt::format("{}.{}", k_fields_section, same->key));
      if (before->second.from == origin::file && name_at.from == origin::file) {
        complain(name_at, full, fmt::format("is the same key as {} in line {}", same->key, before->second.at.line));
        return;
      }
      spots_.erase(before);
      fields.erase(same);
    }
    fields.push_back(*std::move(read.result));
    spots_[full] = value_at;
  }

  // Kubernetes and Docker links put variables of their own into a container, named after a service: a service
  // "rapporteur" or "rapporteur-server" gives RAPPORTEUR_SERVICE_HOST, RAPPORTEUR_SERVER_PORT=tcp://10.0.0.1:80 and
  // more. They are not ours.
  static bool is_service_link(std::string_view name, std::string_view text) {
    for (const std::string_view scheme : {"tcp://", "udp://", "sctp://"}) {
      if (text.starts_with(scheme)) return true;
    }
    if (name.ends_with("_SERVICE_HOST") || name.find("_SERVICE_PORT") != std::string_view::npos) return true;
    const auto port = name.find("_PORT_");
    if (port == std::string_view::npos || port + 6 >= name.size()) return false;
    const char digit = name[port + 6];
    return digit >= '0' && digit <= '9';
  }

  void take_variable(const std::string& name, const std::string& text) {
    if (!name.starts_with(k_prefix) || text.empty() || is_service_link(name, text)) return;
    const spot here{origin::environment, name, {}};
    const auto rows = all_keys();
    const auto row = std::ranges::find(rows, name, &key_row::variable);
    if (row != rows.end()) {
      take(*row, here, read_text(*row, text));
      return;
    }
    constexpr std::string_view k_fields = "RAPPORTEUR_FIELDS_";
    if (name.starts_with(k_fields) && name.size() > k_fields.size()) {
      take_field(here, here, in_small_letters(name.substr(k_fields.size())), text);
      return;
    }
    std::vector<std::string> names;
    for (const key_row& r : rows) names.push_back(r.variable().substr(k_prefix.size()));
    const auto near = nearest(std::string_view(name).substr(k_prefix.size()), names);
    complain(here, "",
             near.empty() ? "no setting has this variable"
                          : fmt::format("no setting has this variable; did you mean {}{}?", k_prefix, near));
  }

  // Variables are written in capitals; a tag that takes its name from the key is not.
  static std::string in_small_letters(std::string name) {
    for (char& c : name) {
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return name;
  }

  void take_flag(const flag& f) {
    const spot here{origin::flag, f.name, {}};
    const std::size_t dot = std::min(f.key.find('.'), f.key.size());
    const std::string section = f.key.substr(0, dot);
    const std::string name = dot < f.key.size() ? f.key.substr(dot + 1) : "";
    if (section == k_fields_section && !name.empty()) {
      take_field(here, here, name, f.value);
    } else if (const key_row* row = find_key(section, name)) {
      take(*row, here, read_text(*row, f.value));
    } else {
      complain(here, f.key, unknown_key(section, name));
    }
  }

  void take(const key_row& row, const spot& here, const reading& read) {
    if (!read.result) {
      complain(here, row.full_name(), read.error);
      return;
    }
    row.set(out_.values, *read.result);
    spots_[row.full_name()] = here;
  }

  // Reported where the more specific of the two was set: that is the one that its writer just touched.
  void check_orders() {
    for (const order_row& order : all_orders()) {
      const key_row& lower = *find_key(order.section, order.lower);
      const key_row& upper = *find_key(order.section, order.upper);
      const auto low = std::get<std::int64_t>(lower.get(out_.values));
      const auto high = std::get<std::int64_t>(upper.get(out_.values));
      if (low <= high) continue;
      const spot low_at = spot_of(lower);
      const spot high_at = spot_of(upper);
      if (low_at.from >= high_at.from) {
        complain(
            low_at, lower.full_name(),
            fmt::format("{} is above {}, which is {}", to_text(lower, low), upper.full_name(), to_text(upper, high)));
      } else {
        complain(
            high_at, upper.full_name(),
            fmt::format("{} is below {}, which is {}", to_text(upper, high), lower.full_name(), to_text(lower, low)));
      }
    }
  }

  [[nodiscard]] spot spot_of(const key_row& row) const {
    const auto at = spots_.find(row.full_name());
    return at == spots_.end() ? spot{} : at->second;
  }

  static std::string unknown_section(const file_section& section) {
    if (!section.is_table) {
      // A key above the first [section]: say which section it belongs to, if its name tells.
      for (const key_row& row : all_keys()) {
        if (row.name == section.name) {
          return fmt::format("is outside of any section; it belongs under [{}]", row.section);
        }
      }
    }
    std::vector<std::string> names;
    std::string list;
    for (const section_row& row : all_sections()) {
      names.emplace_back(row.name);
      list += fmt::format("{}[{}]", list.empty() ? "" : ", ", row.name);
    }
    const auto near = nearest(section.name, names);
    if (!near.empty()) return fmt::format("there is no such section; did you mean [{}]?", near);
    return "there is no such section; the sections are " + list;
  }

  static std::string unknown_key(std::string_view section, std::string_view name) {
    std::vector<std::string> names;
    for (const key_row& row : all_keys()) {
      if (row.section == section) names.emplace_back(row.name);
    }
    // A key under the wrong section is likelier than a misspelling.
    for (const key_row& row : all_keys()) {
      if (row.name == name) return fmt::format("there is no such key here; did you mean {}?", row.full_name());
    }
    const auto near = nearest(name, names);
    if (!near.empty()) return fmt::format("there is no such key; did you mean {}?", near);
    if (names.empty()) return "there is no such key";
    return fmt::format("there is no such key; [{}] has {}", section, fmt::join(names, ", "));
  }

  void complain(const spot& here, std::string key, std::string message) {
    out_.problems.push_back({here.from, here.where, here.at.line, here.at.column, std::move(key), std::move(message)});
  }

  outcome out_;
  std::map<std::string, spot> spots_;
};

}  // namespace

std::string problem::to_string() const {
  std::string out = where;
  if (line != 0) out += fmt::format(":{}:{}", line, column);
  if (!key.empty()) out += (out.empty() ? "" : ": ") + key;
  return out + ": " + message;
}

std::string outcome::report() const {
  std::string out;
  for (const problem& p : problems) out += p.to_string() + "\n";
  return out;
}

environment process_environment() {
  environment out;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    const std::size_t equals = text.find('=');
    if (!text.starts_with(k_prefix) || equals == std::string_view::npos) continue;
    out.emplace_back(text.substr(0, equals), text.substr(equals + 1));
  }
  std::ranges::sort(out);
  return out;
}

outcome load(const options& given) {
  return loader().run(given);
}

}  // namespace rapporteur::config
