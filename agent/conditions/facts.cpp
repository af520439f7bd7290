#include "agent/conditions/facts.hpp"

#include <algorithm>

namespace aisle::conditions {
namespace {

// The place of `key` in facts that are sorted by key.
auto place(auto& facts, std::string_view key) {
    return std::ranges::lower_bound(facts, key, {},
                                    [](const Fact& fact) { return std::string_view{fact.key}; });
}

}  // namespace

Value to_value(const Scalar& scalar) {
    return std::visit([](const auto& plain) { return Value{plain}; }, scalar);
}

Value to_list(const std::vector<std::string>& words) {
    return std::vector<Scalar>(words.begin(), words.end());
}

void Facts::set(std::string key, Value value) {
    set(Fact{.key = std::move(key), .value = std::move(value)});
}

void Facts::set(Fact fact) {
    // Builders mostly add in order of key: then nothing has to move.
    if (facts_.empty() || facts_.back().key < fact.key) {
        facts_.push_back(std::move(fact));
        return;
    }
    const auto at = place(facts_, fact.key);
    if (at->key == fact.key)
        *at = std::move(fact);
    else
        facts_.insert(at, std::move(fact));
}

void Facts::set(const FactRow& row) {
    set(Fact{row.key, to_value(row.value), row.valid_from, row.valid_to});
}

void Facts::erase(std::string_view key) {
    const auto at = place(facts_, key);
    if (at != facts_.end() && at->key == key) facts_.erase(at);
}

const Value* Facts::find(std::string_view key, WallTime now) const {
    const auto at = place(facts_, key);
    if (at == facts_.end() || at->key != key || !at->holds(now)) return nullptr;
    return &at->value;
}

std::string_view Facts::text(std::string_view key, WallTime now) const {
    const Value* const value = find(key, now);
    const auto* const text = value ? std::get_if<std::string>(value) : nullptr;
    return text ? std::string_view{*text} : std::string_view{};
}

bool Facts::lists(std::string_view key, std::string_view word, WallTime now) const {
    const Value* const value = find(key, now);
    const auto* const list = value ? std::get_if<std::vector<Scalar>>(value) : nullptr;
    return list && std::ranges::any_of(*list, [&](const Scalar& element) {
               const auto* const text = std::get_if<std::string>(&element);
               return text && *text == word;
           });
}

}  // namespace aisle::conditions
