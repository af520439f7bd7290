#include "agent/app/datasets_chain.hpp"

namespace aisle::app {
namespace {

std::string fact_key(wire::Dataset name, std::string_view key) {
    if (name == wire::Dataset::Stock) return "stock." + std::string{key};
    return std::string{key.substr(0, key.find('|'))};
}

// Two datasets may speak of one fact: each keeps its own rows.
std::string row_name(wire::Dataset name, std::string_view start) {
    return std::string{wire::to_text(name)} + "|" + std::string{start};
}

std::string start_of(const FactRow& row) {
    return row.valid_from ? to_rfc3339(*row.valid_from) : std::string{};
}

}  // namespace

void ChainFacts::set(wire::Dataset name, const FactRow& row) {
    const auto [at, fresh] = by_key_.try_emplace(row.key);
    if (fresh) asked_by_.clear();
    at->second[row_name(name, start_of(row))] = {.name = name, .row = row};
}

void ChainFacts::gone(wire::Dataset name, std::string_view key) {
    const auto at = by_key_.find(fact_key(name, key));
    if (at == by_key_.end()) return;
    const auto bar = key.find('|');
    const bool dated = name != wire::Dataset::Stock && bar != std::string_view::npos;
    at->second.erase(row_name(name, dated ? key.substr(bar + 1) : std::string_view{}));
    if (!at->second.empty()) return;
    by_key_.erase(at);
    asked_by_.clear();
}

void ChainFacts::holds_until(wire::Dataset name, WallTime until) {
    until_.at(static_cast<std::size_t>(name)) = until;
}

bool ChainFacts::look(const Stamp& now) {
    if (now.quality == ClockQuality::None) return false;
    const auto before = over_;
    for (std::size_t i = 0; i < until_.size(); ++i)
        over_.at(i) = until_.at(i) && *until_.at(i) <= now.wall;
    return over_ != before;
}

const std::vector<const ChainFacts::Facts*>& ChainFacts::asked(
    const offers::CampaignSet& set) const {
    if (asked_by_ == set.digest() && !asked_by_.empty()) return asked_;
    asked_by_ = set.digest();
    asked_.clear();
    // In order of key, which is how Facts grow without moving what they have.
    std::map<std::string_view, const Facts*> found;
    for (const auto& [key, rows] : by_key_)
        if (set.slots().find(key)) found.emplace(key, &rows);
    for (const auto& [key, rows] : found) asked_.push_back(rows);
    return asked_;
}

void ChainFacts::add_to(conditions::Facts& facts, const offers::CampaignSet& set,
                        WallTime now) const {
    for (const Facts* const rows : asked(set)) {
        for (const auto& [name, fact] : *rows) {
            const FactRow& row = fact.row;
            const bool begun = !row.valid_from || *row.valid_from <= now;
            const bool holds = begun && (!row.valid_to || now < *row.valid_to);
            if (holds && !over(fact.name)) facts.set(row);
        }
    }
}

}  // namespace aisle::app
