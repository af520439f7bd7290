#include "agent/intake/mask.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <vector>

#include "agent/intake/card_number.hpp"
#include "agent/intake/field_scan.hpp"

namespace aisle::intake {
namespace {

constexpr std::size_t kCardDigitsMin = 14;
constexpr std::size_t kCardDigitsMax = 19;
constexpr std::size_t kTrackBytesMax = 128;
constexpr std::string_view kTrackMark = "[track dropped]";

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::size_t digits_at(std::string_view text, std::size_t at) {
    std::size_t end = at;
    while (end < text.size() && is_digit(text[end])) ++end;
    return end - at;
}

// How long the magnetic stripe data is that begins at `at`; 0: none. Track 1 is `%B...^...?`, track
// 2 `;PAN=...?`, also without its first sentinel.
std::size_t track_at(std::string_view text, std::size_t at) {
    const bool first_track =
        text[at] == '%' && at + 1 < text.size() && (text[at + 1] | 0x20) == 'b';
    std::size_t pan_at = at;
    if (first_track) pan_at = at + 2;
    if (text[at] == ';') pan_at = at + 1;
    const std::size_t pan = digits_at(text, pan_at);
    if (pan < 13 || pan > kCardDigitsMax || pan_at + pan >= text.size()) return 0;
    const char separator = text[pan_at + pan];
    if (separator != (first_track ? '^' : '=')) return 0;
    std::size_t end = pan_at + pan + 1;
    const std::size_t limit = std::min(text.size(), at + kTrackBytesMax);
    if (!first_track) {
        end += digits_at(text, end);
        return end + (text.substr(end).starts_with('?') ? 1 : 0) - at;
    }
    while (end < limit && text[end] != '?' && text[end] != '\n') ++end;
    return end - at;
}

// Digits with single spaces or dashes between groups.
struct Group {
    std::size_t from;
    std::size_t digits;
    [[nodiscard]] std::size_t to() const { return from + digits; }
};

std::vector<Group> groups_at(std::string_view text, std::size_t at) {
    std::vector<Group> groups;
    while (at < text.size() && is_digit(text[at])) {
        groups.push_back({at, digits_at(text, at)});
        at = groups.back().to();
        if (at < text.size() && (text[at] == ' ' || text[at] == '-')) ++at;
    }
    return groups;
}

// Cards are printed 4-4-4-4, 4-6-5, 6-13 and the like; "6901234567892 2" is an article and its
// quantity.
bool card_shape(const std::vector<Group>& groups, std::size_t first, std::size_t last) {
    if (first == last) return true;
    const bool unionpay =
        last == first + 1 && groups[first].digits == 6 && groups[last].digits == 13;
    const auto plausible = [](const Group& group) {
        return group.digits >= 3 && group.digits <= 8;
    };
    const auto begin = groups.begin() + static_cast<std::ptrdiff_t>(first);
    const auto end = groups.begin() + static_cast<std::ptrdiff_t>(last) + 1;
    return unionpay || std::all_of(begin, end, plausible);
}

struct Card {
    std::size_t last_group = 0;
    std::string replacement;  // empty: no card
};

// The longest card number that begins with the group `first`.
Card card_at(std::string_view text, const std::vector<Group>& groups, std::size_t first) {
    Card found;
    std::string digits;
    for (std::size_t last = first; last < groups.size(); ++last) {
        if (digits.size() + groups[last].digits > kCardDigitsMax) break;
        digits += text.substr(groups[last].from, groups[last].digits);
        if (digits.size() < kCardDigitsMin || !card_shape(groups, first, last)) continue;
        const auto brand = card_brand(digits);
        if (brand.empty()) continue;
        found = {last, "PAN:" + std::string{brand} + ":****" + digits.substr(digits.size() - 4)};
    }
    return found;
}

// Masks the chain of digit groups at `at`; returns where it ends.
std::size_t mask_digits(std::string_view text, std::size_t at, Masked& out) {
    const auto groups = groups_at(text, at);
    std::size_t copied = at;
    for (std::size_t i = 0; i < groups.size(); ++i) {
        // A stripe behind other digits: mask_free takes it from there.
        if (i > 0 && track_at(text, groups[i].from) > 0) {
            out.text += text.substr(copied, groups[i].from - copied);
            return groups[i].from;
        }
        const Card card = card_at(text, groups, i);
        out.text += text.substr(copied, groups[i].from - copied);
        copied = groups[i].from;
        if (!card.replacement.empty()) {
            out.text += card.replacement;
            ++out.cards;
            i = card.last_group;
        } else {
            out.text += text.substr(copied, groups[i].digits);
        }
        copied = groups[i].to();
    }
    return copied;
}

void mask_free(std::string_view text, Masked& out) {
    for (std::size_t at = 0; at < text.size();) {
        const char c = text[at];
        const bool may_be_track = c == '%' || c == ';' || is_digit(c);
        if (const std::size_t track = may_be_track ? track_at(text, at) : 0; track > 0) {
            out.text += kTrackMark;
            ++out.tracks;
            at += track;
        } else if (is_digit(c)) {
            at = mask_digits(text, at, out);
        } else {
            out.text += c;
            ++at;
        }
    }
}

// Every letter and digit, so that the length stays and nothing else does.
void strike(std::string_view text, Masked& out) {
    for (const char c : text) {
        const bool sign =
            (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || (c & 0x80) != 0;
        out.text += sign ? '*' : c;
    }
}

}  // namespace

Masked mask_text(std::string_view text) {
    Masked out;
    out.text.reserve(text.size());
    mask_free(text, out);
    return out;
}

// NUL bytes go first: in UTF-16 they would stand between the digits of a card.
Masked mask_bytes(std::string_view bytes) {
    std::string visible;
    if (bytes.find('\0') != std::string_view::npos) {
        visible.reserve(bytes.size());
        std::ranges::copy_if(bytes, std::back_inserter(visible), [](char c) { return c != '\0'; });
        bytes = visible;
    }
    Masked out;
    out.text.reserve(bytes.size());
    for (const auto& span : field_spans(bytes)) {
        const auto text = bytes.substr(span.from, span.to - span.from);
        switch (span.sort) {
            case FieldSort::Code:
                out.text += text;
                break;
            case FieldSort::Secret:
                strike(text, out);
                break;
            case FieldSort::Free:
                mask_free(text, out);
                break;
        }
    }
    return out;
}

}  // namespace aisle::intake
