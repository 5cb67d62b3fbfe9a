// Values of BibTeX.
#pragma once

#include "server/api/export_format.hpp"

namespace rapporteur::api {

/// Appends text as LaTeX, for between braces: every character that means something to TeX is written as itself, and
/// braces as commands, since BibTeX counts them even when they are escaped.
void append_latex(std::string& out, std::string_view text);

/// A key for an article: outlet and year, to be recognised, and a hash of its id, so that no two have the same and an
/// article keeps its own.
std::string bibtex_key(const article& a);

}  // namespace rapporteur::api
