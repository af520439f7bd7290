#include "agent/offers/grants.hpp"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <optional>
#include <string_view>

#include "agent/offers/packed_text.hpp"

namespace aisle::offers {
Grants::Grants() : by_id_{0, Hash{&slots_}, Same{&slots_}} {}

// Pseudonyms are as good as random: any part of one is a hash.
std::size_t Grants::Hash::operator()(const Id128& id) const {
    std::size_t hash = 0;
    std::memcpy(&hash, id.data(), sizeof hash);
    return hash;
}

std::uint32_t Grants::word(const std::string& text) {
    const auto [at, fresh] = numbers_.try_emplace(text, static_cast<std::uint32_t>(words_.size()));
    if (fresh) words_.push_back(text);
    return at->second;
}

Grants::Index Grants::at(const std::string& subject) const {
    if (const auto id = id_from_hex(subject)) {
        const auto found = by_id_.find(*id);
        return found == by_id_.end() ? kNone : *found;
    }
    const auto found = odd_.find(subject);
    return found == odd_.end() ? kNone : found->second;
}

Grants::Index Grants::add(const std::string& subject) {
    auto index = static_cast<Index>(slots_.size());
    if (free_.empty()) {
        slots_.emplace_back();
    } else {
        index = free_.back();
        free_.pop_back();
    }
    Slot& slot = slots_[index];
    if (const auto id = id_from_hex(subject)) {
        slot.id = *id;
        by_id_.insert(index);
    } else {
        slot.odd = true;
        odd_.emplace(subject, index);
        odd_names_.emplace(index, subject);
    }
    return index;
}

void Grants::drop(Index index) {
    if (slots_[index].odd) {
        odd_.erase(odd_names_.at(index));
        odd_names_.erase(index);
    } else {
        by_id_.erase(index);
    }
    slots_[index] = Slot{};
    free_.push_back(index);
}

std::string Grants::subject(Index index) const {
    const Slot& slot = slots_[index];
    return slot.odd ? odd_names_.at(index) : to_hex(slot.id);
}

void Grants::pack(Slot& slot, const std::vector<Grant>& grants) {
    std::string& out = scratch_;
    out.clear();
    put_number(out, grants.size());
    for (const Grant& grant : grants) {
        put_number(out, word(grant.campaign.value));
        put_number(out, word(grant.message));
        put_text(out, grant.offer.value);
        put_integer(out, grant.at.boot);
        put_integer(out, grant.at.mono.time_since_epoch().count());
        put_integer(out, grant.at.wall.time_since_epoch().count());
        put_number(out,
                   static_cast<std::uint64_t>(grant.at.quality) << 1 | (grant.ghost ? 1U : 0U));
        put_integer(out, grant.keep.count());
    }
    if (!slot.bytes || slot.size != out.size()) {
        slot.bytes = std::make_unique_for_overwrite<std::uint8_t[]>(out.size());
        slot.size = static_cast<std::uint32_t>(out.size());
    }
    std::memcpy(slot.bytes.get(), out.data(), out.size());
}

std::vector<Grant> Grants::unpack(const Slot& slot) const {
    VarintReader in{{slot.bytes.get(), slot.size}};
    std::vector<Grant> grants(in.number());
    for (Grant& grant : grants) {
        grant.campaign = CampaignId{words_[in.number()]};
        grant.message = words_[in.number()];
        grant.offer = OfferId{text_from(in)};
        grant.at.boot = in.integer();
        grant.at.mono = MonoTime{microseconds{in.integer()}};
        grant.at.wall = WallTime{milliseconds{in.integer()}};
        const std::uint64_t bits = in.number();
        grant.at.quality = static_cast<ClockQuality>(bits >> 1);
        grant.ghost = (bits & 1) != 0;
        grant.keep = milliseconds{in.integer()};
    }
    assert(in.at_end());
    return grants;
}

const std::vector<Grant>* Grants::find(const std::string& subject) const {
    if (asked_.empty() || asked_ != subject) {
        const Index index = at(subject);
        asked_grants_ = index == kNone ? std::vector<Grant>{} : unpack(slots_[index]);
        asked_ = subject;
    }
    // Nobody is kept without grants, so that none means unknown: most who are asked about are.
    return asked_grants_.empty() ? nullptr : &asked_grants_;
}

void Grants::put(const std::string& subject, std::vector<Grant> grants) {
    asked_.clear();
    const Index known = at(subject);
    if (grants.empty()) {
        if (known != kNone) drop(known);
        return;
    }
    pack(slots_[known == kNone ? add(subject) : known], grants);
}

bool Grants::erase(const std::string& subject) {
    asked_.clear();
    const Index known = at(subject);
    if (known == kNone) return false;
    drop(known);
    return true;
}

void Grants::clear() {
    asked_.clear();
    by_id_.clear();
    odd_.clear();
    odd_names_.clear();
    slots_.clear();
    free_.clear();
    swept_ = 0;
}

std::vector<std::string> Grants::subjects() const {
    std::vector<std::string> all;
    for (Index index = 0; index < slots_.size(); ++index)
        if (slots_[index].bytes) all.push_back(subject(index));
    std::ranges::sort(all);
    return all;
}

void Grants::sweep(std::size_t n,
                   const std::function<bool(const std::string&, std::vector<Grant>&)>& look) {
    for (std::size_t i = 0; i < n && i < slots_.size(); ++i) {
        if (swept_ >= slots_.size()) swept_ = 0;
        const Index index = swept_++;
        if (!slots_[index].bytes) continue;
        const std::string name = subject(index);
        std::vector<Grant> grants = unpack(slots_[index]);
        if (look(name, grants)) put(name, std::move(grants));
    }
}

}  // namespace aisle::offers
