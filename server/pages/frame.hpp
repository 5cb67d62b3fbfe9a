// What every plain page has around its content, and what pages share: sentences, runs, texts of articles.
#pragma once

#include "server/pages/links.hpp"
#include "server/pages/page_data.hpp"
#include "server/pages/page_set.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace rapporteur::pages {

/// For whom a page is made.
struct page_context {
  const page_set& all;
  const language_pages& in;
  const linker& link;

  [[nodiscard]] const catalogue& words() const noexcept { return *in.words; }
  [[nodiscard]] const locale_format& format() const noexcept { return words().format(); }
};

/// The frame: its language, its links, the switch between languages. at: the page's own address in another language.
void put_frame(page_data& page, const page_context& c, const std::string& title,
               const std::function<std::string(const linker&)>& at);

/// The search form with what r asks in it.
void put_form(page_data& page, const page_context& c, const search::request& r);

/// "Quintana – Rapporteur", in one line and in order.
std::string page_title(const page_context& c, const std::string& what);

// Pieces of a text with markup of ours in it, for the part rich.mustache.
page_data plain_piece(std::string text);
page_data name_piece(std::string_view text);  ///< a name or words of somebody's, kept apart from what is around them
page_data link_piece(std::string_view text, std::string address);
page_data code_piece(std::string text);
page_data foreign_piece(std::string text);  ///< a sentence in English, whatever the page's language

/// An object of pieces.
page_data rich(page_data::list pieces);

/// A sentence whose places `fill` fills: it is given a place's name.
page_data sentence(const page_context& c, std::string_view key, std::optional<std::uint64_t> n,
                   const std::function<page_data::list(std::string_view)>& fill);

/// The pieces of what the server says by a code, with its numbers and words in their places.
page_data::list told(const page_context& c, std::string_view key, const search::named_values& values);

/// Runs of a title, a passage or a paragraph. mark: if given, the number of the last mark before them; each mark gets
/// the next one, and its neighbours' where there are any (of `marks`).
page_data runs_of(const search::marked_text& runs, std::uint32_t* mark = nullptr, std::uint32_t marks = 0);

/// The text of runs.
std::string text_of(const search::marked_text& runs);

/// Whether an address may become a link: absolute, and on the web. host: without "www.".
bool is_web_address(std::string_view url, std::string* host = nullptr);

/// Date, outlet and language of an article, and its title with its place.
void put_article_line(page_data& to, const page_context& c, const article& a, const search::marked_text& title);

}  // namespace rapporteur::pages
