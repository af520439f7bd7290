#include "agent/app/erasing.hpp"

#include <algorithm>

#include "sync/wire/line.hpp"

namespace aisle::app {
namespace {

constexpr char kBetween = ' ';

// The journal's erasure deletes every state row in which it finds the name; this one must outlast
// it, so it is told by a digest and holds the names backwards.
std::string key_of(const MemberKey& member) { return wire::check_of(member.value); }

std::string bytes_of(const std::vector<std::string>& names) {
    std::string bytes;
    for (const std::string& name : names) bytes += (bytes.empty() ? "" : " ") + name;
    std::ranges::reverse(bytes);
    return bytes;
}

std::vector<std::string> names_in(std::string bytes) {
    std::ranges::reverse(bytes);
    std::vector<std::string> names;
    for (std::size_t at = 0; at < bytes.size();) {
        const auto end = std::min(bytes.find(kBetween, at), bytes.size());
        if (end > at) names.push_back(bytes.substr(at, end - at));
        at = end + 1;
    }
    return names;
}

}  // namespace

void Erasing::restore(std::span<const StateChange> rows) {
    for (const StateChange& row : rows) open_[row.key] = names_in(row.bytes);
}

Erasing::Begun Erasing::begin(const MemberKey& member, const std::vector<std::string>& names) {
    const std::string key = key_of(member);
    const auto before = open_.find(key);
    std::vector<std::string> all = before == open_.end() ? names : before->second;
    if (before != open_.end())
        for (const std::string& name : names)
            if (!std::ranges::count(all, name)) all.push_back(name);
    Begun begun;
    for (const std::string& name : all) begun.names.emplace_back(name);
    if (before == open_.end() && open_.size() >= kErasingMax) return begun;
    begun.rows.push_back({std::string{kErasingRoom}, key, bytes_of(all)});
    open_[key] = std::move(all);
    return begun;
}

std::vector<Erasing::Open> Erasing::open() const {
    std::vector<Open> all;
    for (const auto& [key, names] : open_) {
        Open one;
        for (const std::string& name : names) {
            one.names.emplace_back(name);
            if (key_of(one.names.back()) == key) one.member = one.names.back();
        }
        if (!one.member.empty()) all.push_back(std::move(one));
    }
    return all;
}

std::vector<StateChange> Erasing::done(const MemberKey& member) {
    const std::string key = key_of(member);
    if (open_.erase(key) == 0) return {};
    return {{std::string{kErasingRoom}, key, {}}};
}

}  // namespace aisle::app
