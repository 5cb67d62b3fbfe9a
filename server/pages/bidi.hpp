// Texts of others among words of ours, where their directions meet (UAX #9). A character that reorders is text like any
// other inside its own paragraph; what stands beside it must not move.
#pragma once

#include <string>
#include <string_view>

namespace rapporteur::pages {

/// The text with all its isolates closed, closing none that it has not opened. Browsers make <bdi> of the same
/// characters, so one that stays open would let the text out of it.
std::string closed(std::string_view text);

/// The text as api::plain has it in one line, blanks as one, without the characters that reorder: for the titles of
/// windows, for labels and for what people print.
std::string printed(std::string_view text);

}  // namespace rapporteur::pages
