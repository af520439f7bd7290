#include "agent/app/datasets.hpp"

#include <algorithm>
#include <memory>

#include "agent/app/downlink_steps.hpp"
#include "agent/records/downlink_records.hpp"
#include "agent/records/floor_records.hpp"
#include "agent/runtime/log.hpp"

namespace aisle::app {
namespace {

// The file in reference_dir that tells the same; empty: none does.
std::string file_of(wire::Dataset name) {
    if (name == wire::Dataset::Members) return "members.jsonl";
    if (name == wire::Dataset::Products) return "products.jsonl";
    return {};
}

Record record_of(const uplink::DatasetNote& note, const Stamp& now) {
    return records::data_state_record({.name = note.name,
                                       .version = note.version,
                                       .state = note.state,
                                       .reason = note.reason,
                                       .detail = note.detail,
                                       .held = note.held,
                                       .rows = note.rows,
                                       .at = now});
}

}  // namespace

Datasets::Datasets(uplink::DatasetSettings settings, Parts parts)
    : parts_{std::move(parts)}, engine_{std::move(settings)} {}

void Datasets::restore(std::span<const StateChange> rows) {
    for (const uplink::DatasetStep& step : engine_.restore(rows))
        for (const ReferenceRow& row : step.rows) tell(nullptr, step.name, row);
    for (const uplink::HeldDataset& held : engine_.held()) hold(held.name);
}

// Its validity, and that the shop's own file does not count.
void Datasets::hold(wire::Dataset name) {
    for (const uplink::HeldDataset& held : engine_.held())
        if (held.name == name) parts_.engines.chain.holds_until(name, held.head.valid_until);
    look(parts_.loop.clock().now());
    parts_.engines.context_changed();
    if (const std::string file = file_of(name); !file.empty()) parts_.readings.leave_to_hq(file);
}

// What the chain said of its members is unknown once its time is over, to segments as well.
bool Datasets::look(const Stamp& now) {
    const bool changed = parts_.engines.chain.look(now);
    parts_.engines.customers.reference_holds(!parts_.engines.chain.over(wire::Dataset::Members));
    return changed;
}

void Datasets::start() {
    parts_.steps.commit([this](const Stamp& now) {
        DownlinkStep all;
        for (const uplink::DatasetStep& one : engine_.started(now).steps) {
            DownlinkStep made = step(one, now);
            std::ranges::move(made.records, std::back_inserter(all.records));
        }
        return all;
    });
}

void Datasets::receive(std::string sealed) {
    parts_.steps.commit([this, sealed = std::move(sealed)](const Stamp& now) {
        DownlinkStep made;
        auto effects =
            std::make_shared<uplink::DatasetEffects>(engine_.received(sealed, parts_.keys, now));
        if (effects->refused) parts_.refused(*effects->refused);
        // A load that fits one transaction is whole or not there; the rest follows in order.
        const bool alone = waiting_.empty() && under_way_ == 0 && taking_ == 0;
        if (effects->steps.size() == 1 && !effects->first && alone) {
            hold(effects->steps.front().name);
            return step(effects->steps.front(), now);
        }
        if (effects->steps.empty()) return made;
        ++taking_;
        made.after.emplace_back([this, effects] {
            --taking_;
            take(std::move(*effects));
        });
        return made;
    });
}

void Datasets::take(uplink::DatasetEffects effects) {
    const wire::Dataset name = effects.steps.front().name;
    if (const std::string file = file_of(name); effects.first && !file.empty()) {
        (void)parts_.readings.accept(
            {.body = ReferenceReading{.source = "hq", .file = file, .rows = {}}}, nullptr);
    }
    hold(name);
    for (uplink::DatasetStep& one : effects.steps)
        waiting_.push_back(std::make_shared<uplink::DatasetStep>(std::move(one)));
    pump();
}

void Datasets::pump() {
    while (under_way_ < kStepsAtOnce && !waiting_.empty()) {
        ++under_way_;
        const auto one = std::move(waiting_.front());
        waiting_.pop_front();
        parts_.steps.commit([this, one](const Stamp& now) {
            DownlinkStep made = step(*one, now);
            made.after.emplace_back([this] {
                --under_way_;
                pump();
            });
            return made;
        });
    }
}

DownlinkStep Datasets::step(const uplink::DatasetStep& from, const Stamp& now) {
    DownlinkStep made{.state = from.state};
    Turn turn{.now = now};
    for (const std::string& key : from.gone) forget(turn, from.name, key);
    for (const ReferenceRow& row : from.rows) {
        tell(&turn, from.name, row);
        Record record = records::reference_record(row, now);
        // The row's history is kept by the dataset's versions, not by revisions.
        record.event_id.clear();
        record.digest.clear();
        record.revision = 0;
        turn.add(std::move(record));
    }
    merge(made, std::move(turn));
    for (const uplink::DatasetNote& note : from.notes) {
        made.records.push_back(record_of(note, now));
        log::info("dataset", {{"name", note.name},
                              {"version", note.version},
                              {"state", note.state},
                              {"reason", note.reason}});
        made.after.push_back(parts_.changed);
    }
    if (!from.notes.empty() && from.name == wire::Dataset::Members)
        made.after.emplace_back([this] { parts_.readings.refresh_tags(); });
    return made;
}

void Datasets::tell(Turn* turn, wire::Dataset name, const ReferenceRow& row) {
    if (const auto* fact = std::get_if<FactRow>(&row)) {
        parts_.engines.chain.set(name, *fact);
        parts_.engines.context_changed();
    }
    if (const auto* product = std::get_if<ProductRow>(&row))
        parts_.engines.customers.product(*product);
    const auto* const member = std::get_if<MemberRow>(&row);
    if (member != nullptr && turn != nullptr) parts_.floor.chain_member(*turn, *member);
}

void Datasets::forget(Turn& turn, wire::Dataset name, const std::string& key) {
    if (name == wire::Dataset::Members) return parts_.floor.chain_member_gone(turn, MemberKey{key});
    if (name == wire::Dataset::Products) return parts_.engines.customers.product_gone(key);
    parts_.engines.chain.gone(name, key);
    parts_.engines.context_changed();
}

void Datasets::tick(const Stamp& now) {
    if (look(now)) parts_.engines.context_changed();
    show(now);
    const auto effects = std::make_shared<uplink::DatasetEffects>(engine_.tick(now));
    for (const uplink::DatasetStep& one : effects->steps) {
        parts_.steps.commit([this, one](const Stamp& at) { return step(one, at); });
    }
}

void Datasets::show(const Stamp& now) {
    for (const uplink::HeldDataset& held : engine_.held()) {
        const std::string name{wire::to_text(held.name)};
        const auto age = std::chrono::duration<double>(now.wall - held.head.loaded);
        parts_.metrics
            .gauge("aisle_dataset_age_seconds", "Since a dataset was loaded", {{"name", name}})
            .set(age.count());
        parts_.metrics.gauge("aisle_dataset_rows", "Rows that a dataset holds", {{"name", name}})
            .set(static_cast<double>(held.head.rows));
        parts_.metrics
            .gauge("aisle_dataset_version", "Version of a dataset that is held", {{"name", name}})
            .set(static_cast<double>(held.head.version));
    }
}

}  // namespace aisle::app
