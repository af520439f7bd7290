#include "sync/uplink/dataset_engine.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace aisle::uplink {
namespace {

using wire::Dataset;
using wire::Refusal;
using wire::Refused;

constexpr seconds kToldAgain{600};
constexpr std::size_t kPseudonymSize = 32;

StateChange change(std::string key, std::string bytes) {
    return {std::string{kDatasetRoom}, std::move(key), std::move(bytes)};
}

bool lives_here(Dataset name) { return name != Dataset::Members; }

struct RowName {
    Dataset name = Dataset::Products;
    std::string key;
};
// row/NAME/KEY
std::optional<RowName> row_name_from(std::string_view key) {
    constexpr std::string_view kRow = "row/";
    if (!key.starts_with(kRow)) return std::nullopt;
    key.remove_prefix(kRow.size());
    const auto slash = key.find('/');
    if (slash == std::string_view::npos) return std::nullopt;
    const auto name = wire::dataset_from(key.substr(0, slash));
    if (!name) return std::nullopt;
    return RowName{*name, std::string{key.substr(slash + 1)}};
}

// Cuts a load into transactions; the head's row goes with the last. Longer loads say first that
// they have begun.
class Cutter {
public:
    Cutter(Dataset name, std::size_t changes, const DatasetHead& before) : name_{name} {
        steps_.push_back({.name = name_});
        if (changes <= kRowsPerStep) return;
        DatasetHead unfinished = before;
        unfinished.version = 0;
        steps_.back().state.push_back(change(head_key(name_), to_row(unfinished)));
    }

    DatasetStep& next() {
        if (in_step_++ % kRowsPerStep == 0 && in_step_ > 1) steps_.push_back({.name = name_});
        return steps_.back();
    }
    std::vector<DatasetStep> finish(const DatasetHead& head, DatasetNote note) {
        steps_.back().state.push_back(change(head_key(name_), to_row(head)));
        steps_.back().notes.push_back(std::move(note));
        return std::move(steps_);
    }

private:
    Dataset name_;
    std::vector<DatasetStep> steps_;
    std::size_t in_step_ = 0;
};

}  // namespace

std::vector<DatasetStep> DatasetEngine::restore(std::span<const StateChange> rows) {
    known_ = {};
    std::array<DatasetStep, wire::kDatasets> told;
    for (const StateChange& one : rows) {
        if (one.bytes.empty()) continue;
        if (const auto name = row_name_from(one.key)) {
            const bool here = lives_here(name->name);
            known(name->name)
                .digests.set(name->key,
                             RowDigests::number(here ? row_digest(one.bytes) : one.bytes));
            auto parsed =
                here ? wire::parse_dataset_rows(name->name, one.bytes + "\n")
                     : wire::Judged<std::vector<wire::DatasetRow>>{std::vector<wire::DatasetRow>{}};
            if (!parsed || parsed->empty() || !parsed->front().row) continue;
            told.at(static_cast<std::size_t>(name->name))
                .rows.push_back(std::move(*parsed->front().row));
            continue;
        }
        const auto slash = one.key.find('/');
        const auto name = wire::dataset_from(std::string_view{one.key}.substr(slash + 1));
        const auto head = dataset_head_from(one.bytes);
        if (name && head) known(*name).head = *head;
    }
    std::vector<DatasetStep> steps;
    for (std::size_t i = 0; i < told.size(); ++i) {
        told.at(i).name = static_cast<Dataset>(i);
        if (!told.at(i).rows.empty()) steps.push_back(std::move(told.at(i)));
    }
    return steps;
}

std::vector<HeldDataset> DatasetEngine::held() const {
    std::vector<HeldDataset> out;
    for (std::size_t i = 0; i < known_.size(); ++i) {
        if (holds(static_cast<Dataset>(i)))
            out.push_back({static_cast<Dataset>(i), known_.at(i).head});
    }
    return out;
}

bool DatasetEngine::holds(Dataset name) const {
    return known(name).head != DatasetHead{} || !known(name).digests.empty();
}

bool DatasetEngine::over(Dataset name, const Stamp& now) const {
    return holds(name) && now.quality != ClockQuality::None &&
           known(name).head.valid_until <= now.wall;
}

DatasetNote DatasetEngine::note(Dataset name, std::int64_t version, std::string state) const {
    const DatasetHead& head = known(name).head;
    return {.name = std::string{wire::to_text(name)},
            .version = version,
            .state = std::move(state),
            .held = head.version,
            .rows = head.rows};
}

DatasetEffects DatasetEngine::refuse(const wire::DatasetHeader& header, const Refusal& why,
                                     const Stamp& now) {
    DatasetEffects effects{.refused = why};
    Known& at = known(header.name);
    const bool lately =
        at.told != MonoTime{} && at.told_why == why.why && now.mono - at.told < kToldAgain;
    if (lately) return effects;
    at.told = now.mono;
    at.told_why = why.why;
    DatasetNote refused = note(header.name, header.version, "refused");
    refused.reason = wire::to_text(why.why);
    refused.detail = why.detail;
    effects.steps.push_back({.name = header.name, .notes = {std::move(refused)}});
    return effects;
}

DatasetEffects DatasetEngine::received(std::string_view sealed, const wire::Keyring& keys,
                                       const Stamp& now) {
    const auto opened = wire::unseal(sealed, keys, wire::Purpose::Data);
    if (!opened) return {.refused = opened.error()};
    auto part = wire::parse_dataset(opened->payload);
    if (!part) return {.refused = part.error()};
    if (const auto why = judge(part->header, now)) {
        // HQ repeats a version until it hears that it is held: the same again is no fault.
        if (part->header.version == known(part->header.name).head.version) return {};
        return refuse(part->header, *why, now);
    }
    return add_part(std::move(*part), now);
}

std::optional<Refusal> DatasetEngine::judge(const wire::DatasetHeader& header,
                                            const Stamp& now) const {
    if (header.store != "*" && header.store != settings_.store.value)
        return wire::refusal(Refused::WrongStore);
    const std::int64_t held = known(header.name).head.version;
    if (header.version <= held)
        return wire::refusal(Refused::Older, "held is " + std::to_string(held));
    if (header.base && *header.base != held)
        return wire::refusal(Refused::Base, "held is " + std::to_string(held));
    if (now.quality != ClockQuality::None && header.valid_until <= now.wall)
        return wire::refusal(Refused::Expired);
    const auto& ours = settings_.member_keys;
    if (!header.member_key.empty() && std::ranges::find(ours, header.member_key) == ours.end())
        return wire::refusal(Refused::MemberKey, header.member_key);
    return std::nullopt;
}

DatasetEffects DatasetEngine::add_part(wire::DatasetPart part, const Stamp& now) {
    Known& at = known(part.header.name);
    const auto same = [&](const wire::DatasetHeader& other) {
        wire::DatasetHeader mine = part.header;
        mine.part = other.part;
        return mine == other;
    };
    // Another version, or the same cut anew: what was gathered is of no use.
    if (!at.loading || !same(at.loading->header)) at.loading = Loading{.header = part.header};
    Loading& loading = *at.loading;
    const std::size_t bytes = part.rows.size();
    if (!loading.parts.try_emplace(part.header.part, std::move(part.rows)).second) return {};
    loading.bytes += bytes;
    if (loading.bytes > wire::kDatasetBytesMax) {
        at.loading.reset();
        return refuse(part.header, wire::refusal(Refused::Oversized), now);
    }
    if (static_cast<std::int64_t>(loading.parts.size()) < part.header.parts) return {};
    std::vector<std::string> parts;
    for (auto& [number, rows] : loading.parts) parts.push_back(std::move(rows));
    at.loading.reset();
    return load(part.header, std::move(parts), now);
}

// Members under the shop's own pseudonyms; what cannot be one refuses the whole.
std::optional<Refusal> DatasetEngine::own(const wire::DatasetHeader& header,
                                          std::vector<wire::DatasetRow>& rows) const {
    if (header.name != Dataset::Members) return std::nullopt;
    for (wire::DatasetRow& row : rows) {
        if (header.member_key.empty()) row.key = settings_.pseudonym(row.key);
        if (row.key.size() != kPseudonymSize)
            return wire::refusal(Refused::Malformed, "a member is no pseudonym");
        if (row.row) std::get<MemberRow>(*row.row).member = row.key;
    }
    return std::nullopt;
}

DatasetEffects DatasetEngine::load(const wire::DatasetHeader& header,
                                   std::vector<std::string> parts, const Stamp& now) {
    if (wire::rows_digest(parts) != header.sha256)
        return refuse(header, wire::refusal(Refused::Digest), now);
    std::vector<wire::DatasetRow> rows;
    for (const std::string& part : parts) {
        auto read = wire::parse_dataset_rows(header.name, part);
        if (!read) return refuse(header, read.error(), now);
        std::ranges::move(*read, std::back_inserter(rows));
    }
    if (static_cast<std::int64_t>(rows.size()) != header.n)
        return refuse(header, wire::refusal(Refused::Digest, "not n rows"), now);
    if (const auto why = own(header, rows)) return refuse(header, *why, now);
    return merge(header, std::move(rows), now);
}

DatasetEffects DatasetEngine::merge(const wire::DatasetHeader& header,
                                    std::vector<wire::DatasetRow> rows, const Stamp& now) {
    Known& at = known(header.name);
    DatasetEffects effects{.first = !holds(header.name)};
    // Of several rows of one key the last counts. In the order of the keys, in which the tables
    // lie on the disk too: pseudonyms come in no order, and each would rewrite a page of its own.
    std::map<std::string_view, wire::DatasetRow*> last;
    for (wire::DatasetRow& row : rows) last[row.key] = &row;
    Cutter cut{header.name, rows.size() + (header.base ? 0 : at.digests.size()), at.head};
    const auto forget = [&](const std::string& key) {
        DatasetStep& step = cut.next();
        step.state.push_back(change(row_key(header.name, key), ""));
        step.gone.push_back(key);
    };
    if (!header.base) {
        for (const std::string& old : at.digests.keys())
            if (!last.contains(old)) forget(old), at.digests.erase(old);
    }
    for (const auto& [key, newest] : last) {
        wire::DatasetRow& row = *newest;
        if (!row.row) {
            if (at.digests.erase(row.key)) forget(row.key);
            continue;
        }
        const std::string digest = row_digest(row.text);
        const std::uint64_t number = RowDigests::number(digest);
        if (at.digests.find(row.key) == number) continue;
        DatasetStep& step = cut.next();
        step.state.push_back(change(row_key(header.name, row.key),
                                    lives_here(header.name) ? std::string{row.text} : digest));
        step.rows.push_back(std::move(*row.row));
        at.digests.set(row.key, number);
    }
    at.head = {.version = header.version,
               .valid_until = header.valid_until,
               .rows = static_cast<std::int64_t>(at.digests.size()),
               .loaded = now.wall};
    at.told_over = false;
    at.told = {};
    effects.steps = cut.finish(at.head, note(header.name, header.version, "loaded"));
    return effects;
}

DatasetEffects DatasetEngine::tick(const Stamp& now) {
    DatasetEffects effects;
    for (const HeldDataset& one : held()) {
        Known& at = known(one.name);
        if (at.told_over || !over(one.name, now)) continue;
        at.told_over = true;
        effects.steps.push_back(
            {.name = one.name, .notes = {note(one.name, at.head.version, "expired")}});
    }
    return effects;
}

DatasetEffects DatasetEngine::started(const Stamp& now) {
    DatasetEffects effects;
    for (const HeldDataset& one : held()) {
        if (one.head.version != 0) continue;
        DatasetEffects asks =
            refuse({.name = one.name}, wire::refusal(Refused::Base, "left half loaded"), now);
        std::ranges::move(asks.steps, std::back_inserter(effects.steps));
    }
    return effects;
}

}  // namespace aisle::uplink
