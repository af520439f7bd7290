#include "agent/customers/words.hpp"

namespace aisle::customers {

Word Words::intern(std::string_view text) {
    if (const Word known = find(text); known != kNoWord || text.empty()) return known;
    if (texts_.size() > kWordsMax) return ++refused_, kNoWord;
    const auto word = static_cast<Word>(texts_.size());
    texts_.emplace_back(text);
    numbers_.emplace(texts_.back(), word);
    return word;
}

Word Words::find(std::string_view text) const {
    const auto at = numbers_.find(text);
    return at == numbers_.end() ? kNoWord : at->second;
}

}  // namespace aisle::customers
