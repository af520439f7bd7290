#include "sync/hq/presence_book.hpp"

namespace aisle::hq {
namespace {

constexpr minutes kWriteAgain{10};

bool says_more(const Presence& before, const Presence& after) {
    return before.alive != after.alive || before.birth.run != after.birth.run ||
           before.birth.epoch != after.birth.epoch || before.birth.version != after.birth.version ||
           before.birth.health.bundle != after.birth.health.bundle;
}

}  // namespace

Presence* PresenceBook::of(const std::string& store) {
    if (all_.size() >= kStoresMax && !all_.contains(store)) return nullptr;
    return &all_[store];
}

Heard PresenceBook::take(const std::string& store, const Message& message, WallTime now) {
    const auto state = wire::parse_state(message.payload);
    auto* one = state ? of(store) : nullptr;
    if (one == nullptr) return Heard::Nothing;
    const Presence before = *one;
    const Heard heard = take_state(*one, *state, now, message.retained);
    if (heard == Heard::Nothing) return heard;
    if (says_more(before, *one) || one->heard - written_[store] >= kWriteAgain)
        changed_.insert(store);
    return heard;
}

void PresenceBook::alarm(const std::string& store, std::string_view kind, std::string_view detail,
                         WallTime now) {
    auto* one = of(store);
    if (one == nullptr) return;
    note_alarm(*one, kind, detail, now);
    changed_.insert(store);
}

void PresenceBook::restore(std::span<const StateChange> rows) {
    for (const auto& row : rows) {
        auto presence = parse_presence(row.bytes);
        auto* one = presence ? of(row.key) : nullptr;
        if (one == nullptr) continue;
        written_[row.key] = presence->heard;
        if (one->birth.epoch.empty()) {
            presence->heard = std::max(presence->heard, one->heard);
            *one = std::move(*presence);
        } else {
            one->earlier = std::move(presence->earlier);
            one->alarms = std::move(presence->alarms);
        }
    }
}

void PresenceBook::forget(const std::function<bool(const std::string& store)>& gone) {
    std::erase_if(all_, [&](const auto& one) { return gone(one.first); });
    std::erase_if(written_, [&](const auto& one) { return gone(one.first); });
    std::erase_if(changed_, [&](const auto& store) { return gone(store); });
}

std::vector<StateChange> PresenceBook::unwritten(std::size_t limit) {
    std::vector<StateChange> rows;
    while (!changed_.empty() && rows.size() < limit) {
        const std::string store = *changed_.begin();
        changed_.erase(changed_.begin());
        const auto& presence = all_.at(store);
        written_[store] = presence.heard;
        rows.push_back({std::string{kRoom}, store, to_json(presence)});
    }
    return rows;
}

}  // namespace aisle::hq
