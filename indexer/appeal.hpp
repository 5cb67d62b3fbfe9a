// Subscription appeals: the outlet's own advertisement in the last paragraph of an article, which is not reporting.
//
// They are left out of the text, because otherwise every article of an outlet matches the words of its appeal. Only
// wordings that are known whole are recognised; anything that merely resembles one stays.
#pragma once

#include <string>

namespace rapporteur::indexer {

/// Removes a known appeal, and the blank lines before it, from the end of text. It must begin a line and be all that
/// follows, and must not be the whole text. White space in it may differ. True if one was removed.
bool remove_appeal(std::string& text);

}  // namespace rapporteur::indexer
