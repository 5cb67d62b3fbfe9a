// Request targets: splitting them, and percent-encoding in both directions (RFC 3986, application/x-www-form-urlencoded
// of the URL standard). Any byte may travel encoded; what the bytes mean is the caller's business.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rapporteur::http {

/// A request target, in its parts as they were sent (still encoded); views into it.
struct target_parts {
  std::string_view path;       ///< "/a/b"; "*" for OPTIONS *
  std::string_view query;      ///< after the first '?', without it
  std::string_view authority;  ///< what an absolute-form names as its host, not checked; empty in the others
};

/// Takes origin-form, absolute-form (RFC 9112 3.2.2: a server must accept it) and asterisk-form. Nothing for others.
/// A fragment is not part of a target: nothing too.
std::optional<target_parts> split_target(std::string_view target);

/// %XX to bytes. Nothing if a '%' is not followed by two hexadecimal digits. plus_is_blank: '+' is a blank (forms).
std::optional<std::string> percent_decode(std::string_view text, bool plus_is_blank = false);

/// Everything but unreserved characters (RFC 3986 2.3) as %XX; appended to out.
void percent_encode(std::string& out, std::string_view bytes);

/// The path's segments, each decoded after splitting, so that "%2F" stays inside its segment: "/a/b%2Fc" is {a, b/c},
/// "/" is {""}. Nothing if the path is not absolute or is badly encoded.
std::optional<std::vector<std::string>> split_path(std::string_view path);

/// The segments of a path before the first one that is badly encoded; all, if none is.
std::vector<std::string> readable_segments(std::string_view path);

struct form_field {
  std::string name;
  std::string value;
};

/// What was wrong with a form: the name of the field, as far as it could be read.
struct form_error {
  std::string name;
};

/// Reads a query or a form body: pairs joined by '&', in their order; empty pairs are skipped; a pair without '=' has
/// an empty value. False, with e filled in, if something is badly encoded.
bool parse_form(std::string_view text, std::vector<form_field>& fields, form_error& e);

}  // namespace rapporteur::http
