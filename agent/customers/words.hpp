#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>

// Texts that many customers share (tags, tiers, categories, brands, zones, purposes, versions) are
// kept once. Inside this room only.
namespace aisle::customers {

using Word = std::uint32_t;  // 0: the empty text
inline constexpr Word kNoWord = 0;

// A text keeps its number for good: numbers are never written anywhere, so a restart gives others.
class Words {
public:
    // Beyond it a text is not kept: kNoWord, and whatever carried it is left out.
    static constexpr std::size_t kWordsMax = 200'000;

    Word intern(std::string_view text);
    // kNoWord where nobody has said it yet.
    [[nodiscard]] Word find(std::string_view text) const;
    [[nodiscard]] const std::string& text(Word word) const { return texts_[word]; }
    [[nodiscard]] std::uint64_t refused() const { return refused_; }

private:
    std::deque<std::string> texts_{std::string{}};        // a deque: views into it stay good
    std::unordered_map<std::string_view, Word> numbers_;  // into texts_
    std::uint64_t refused_ = 0;
};

}  // namespace aisle::customers
