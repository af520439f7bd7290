#include "drivers/beacon/enrolment.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <string>
#include <vector>

#include "drivers/beacon/hex_bytes.hpp"

namespace aisle::beacon {
namespace {

constexpr std::size_t kUuidBytes = 16;
constexpr std::size_t kNamespaceBytes = 10;
constexpr std::size_t kInstanceBytes = 6;
constexpr std::size_t kTextMax = 96;

using Bytes = std::vector<std::uint8_t>;

// The two lengths that beacon ids have; the bytes behind a short one stay zero, so that ids compare
// whole.
std::optional<RawTagId> id_from(const Bytes& bytes) {
    if (bytes.size() != 20 && bytes.size() != 16) return std::nullopt;
    RawTagId id{.bytes = {}, .size = static_cast<std::uint8_t>(bytes.size())};
    std::ranges::copy(bytes, id.bytes.begin());
    return id;
}

// Decimal, as apps and stickers print major and minor.
bool append_u16(std::string_view text, Bytes& into) {
    std::uint16_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return false;
    into.push_back(static_cast<std::uint8_t>(value >> 8));
    into.push_back(static_cast<std::uint8_t>(value & 0xff));
    return true;
}

std::optional<RawTagId> ibeacon_id(std::string_view uuid, std::string_view numbers) {
    Bytes bytes;
    const auto slash = numbers.find('/');
    if (!bytes_from_hex(uuid, bytes) || bytes.size() != kUuidBytes) return std::nullopt;
    if (!append_u16(numbers.substr(0, slash), bytes)) return std::nullopt;
    if (!append_u16(numbers.substr(slash + 1), bytes)) return std::nullopt;
    return id_from(bytes);
}

std::optional<RawTagId> eddystone_id(std::string_view name_space, std::string_view instance) {
    Bytes bytes;
    Bytes tail;
    if (!bytes_from_hex(name_space, bytes) || bytes.size() != kNamespaceBytes) return std::nullopt;
    if (!bytes_from_hex(instance, tail) || tail.size() != kInstanceBytes) return std::nullopt;
    bytes.insert(bytes.end(), tail.begin(), tail.end());
    return id_from(bytes);
}

}  // namespace

// Two slashes make an iBeacon, one an Eddystone, none plain bytes.
std::optional<RawTagId> parse_tag_id(std::string_view text) {
    if (text.size() > kTextMax) return std::nullopt;
    const auto slash = text.find('/');
    if (slash == std::string_view::npos) {
        Bytes bytes;
        return bytes_from_hex(text, bytes) ? id_from(bytes) : std::nullopt;
    }
    const auto rest = text.substr(slash + 1);
    return rest.find('/') == std::string_view::npos ? eddystone_id(text.substr(0, slash), rest)
                                                    : ibeacon_id(text.substr(0, slash), rest);
}

// Rebuilt rather than compared: lists are short and change a few times a day.
std::size_t Enrolment::set(const std::map<std::string, TagKey>& tags) {
    tags_.clear();
    std::size_t unreadable = 0;
    for (const auto& [text, key] : tags) {
        if (const auto id = parse_tag_id(text)) {
            tags_.insert_or_assign(*id, key);
        } else {
            ++unreadable;
        }
    }
    return unreadable;
}

const TagKey* Enrolment::find(const Advert& advert) const {
    if (advert.id_size == 0) return nullptr;
    RawTagId id{.bytes = {}, .size = advert.id_size};
    std::copy_n(advert.id.begin(), std::min<std::size_t>(id.size, id.bytes.size()),
                id.bytes.begin());
    const auto found = tags_.find(id);
    return found == tags_.end() ? nullptr : &found->second;
}

// The ids come from strangers too, but only enrolled ones are ever inserted: nobody can make the
// table degenerate.
std::size_t Enrolment::Hash::operator()(const RawTagId& id) const noexcept {
    const std::string_view text{reinterpret_cast<const char*>(id.bytes.data()), id.size};
    return std::hash<std::string_view>{}(text);
}

}  // namespace aisle::beacon
