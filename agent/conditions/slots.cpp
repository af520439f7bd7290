#include "agent/conditions/slots.hpp"

#include <algorithm>

namespace aisle::conditions {

Slot Slots::intern(std::string_view key) {
    return slots_.try_emplace(std::string{key}, static_cast<Slot>(slots_.size())).first->second;
}

std::optional<Slot> Slots::find(std::string_view key) const {
    const auto at = slots_.find(key);
    if (at == slots_.end()) return std::nullopt;
    return at->second;
}

Question Slots::question(const std::string& text) {
    if (const auto at = questions_.find(text); at != questions_.end()) return at->second;
    if (questions_.size() == kNoQuestion) return kNoQuestion;
    const auto next = static_cast<Question>(questions_.size());
    questions_.emplace(text, next);
    return next;
}

void Bound::put(const Facts& facts, bool over) {
    std::ranges::fill(answers_, 0);
    for (const Fact& fact : facts.all()) {
        if (!fact.holds(now_)) continue;
        const auto slot = slots_->find(fact.key);
        if (!slot || *slot >= values_.size()) continue;
        if (over || !values_[*slot]) values_[*slot] = &fact.value;
    }
}

}  // namespace aisle::conditions
