#pragma once

#include <span>
#include <string_view>

#include "agent/offers/reason.hpp"

// What staff may say to somebody who asks "why not me?". The few words beside a card on the staff
// page are the page's own (w_* in words_campaigns.ts); a test holds both to the same closed list.
namespace aisle::offers {

// Languages that there are words in; any other is answered in English.
std::span<const std::string_view> why_not_languages();  // en, zh-CN

// One polite sentence, for every reason. It names nobody else, no score and no limit that others
// have used up, and promises nothing. The winners' sentence says that the offer is theirs.
std::string_view why_not(Reason reason, std::string_view language);

}  // namespace aisle::offers
