#include "agent/staff/check_ins.hpp"

#include <algorithm>
#include <utility>

#include "agent/staff/staff.hpp"

namespace aisle::staff {
namespace {

constexpr std::size_t kScanBytesMax = 512;
constexpr std::size_t kMemberBytesMax = 64;

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view kBlank = " \t\r\n";
    const auto from = text.find_first_not_of(kBlank);
    if (from == std::string_view::npos) return {};
    return text.substr(from, text.find_last_not_of(kBlank) - from + 1);
}

bool fits_a_number(char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' ||
           c == '_' || c == '.' || c == '+' || c == '@';
}

// `NAME=value` in the query of an address, up to the next parameter or the fragment.
std::string_view parameter_in(std::string_view address, std::string_view name) {
    auto rest = address.substr(std::min(address.find('?'), address.size()));
    while (!rest.empty()) {
        rest.remove_prefix(1);
        const auto end = std::min(rest.find_first_of("&#"), rest.size());
        const auto pair = rest.substr(0, end);
        if (pair.starts_with(name) && pair.substr(name.size()).starts_with('='))
            return pair.substr(name.size() + 1);
        rest = end < rest.size() && rest[end] == '&' ? rest.substr(end) : std::string_view{};
    }
    return {};
}

std::string_view number_in_address(std::string_view address) {
    for (const std::string_view name : {"member", "m", "id"}) {
        const auto value = parameter_in(address, name);
        if (!value.empty()) return value;
    }
    return {};
}

}  // namespace

std::string CheckIns::open(MemberKey member, const Stamp& now) {
    if (open_.size() == kCheckInsMax) open_.pop_front();
    std::string key = start_id_ + "-" + std::to_string(++opened_);
    open_.push_back({key, std::move(member), now});
    return key;
}

std::optional<MemberKey> CheckIns::find(std::string_view key, const Stamp& now) const {
    const auto found = std::ranges::find(open_, key, &Open::key);
    if (found == open_.end() || now.mono - found->since.mono >= kCheckInKept) return std::nullopt;
    return found->member;
}

std::optional<std::string> member_in_scan(std::string_view scan) {
    if (scan.size() > kScanBytesMax) return std::nullopt;
    std::string_view number = trimmed(scan);
    if (number.starts_with("http://") || number.starts_with("https://")) {
        number = number_in_address(number);
    } else if (number.starts_with("member:")) {
        number.remove_prefix(std::string_view{"member:"}.size());
    }
    if (number.empty() || number.size() > kMemberBytesMax) return std::nullopt;
    if (!std::ranges::all_of(number, fits_a_number)) return std::nullopt;
    return std::string{number};
}

}  // namespace aisle::staff
