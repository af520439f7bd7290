#include "agent/app/bundles.hpp"

#include <algorithm>

#include "agent/app/campaigns.hpp"
#include "agent/app/downlink_steps.hpp"
#include "agent/records/downlink_records.hpp"
#include "agent/runtime/log.hpp"

namespace aisle::app {
namespace {

constexpr std::size_t kCompiledKept = 3;

Record record_of(const uplink::BundleNote& note, const Stamp& now) {
    return records::bundle_state_record({.version = note.version,
                                         .state = note.state,
                                         .reason = note.reason,
                                         .detail = note.detail,
                                         .slot = note.slot,
                                         .active = note.active,
                                         .figures = note.figures,
                                         .at = now});
}

std::vector<offers::CampaignFile> files_of(const wire::Bundle& bundle) {
    std::vector<offers::CampaignFile> files;
    for (const std::string& text : bundle.campaigns)
        files.push_back({.name = "campaigns[" + std::to_string(files.size()) + "]", .text = text});
    return files;
}

}  // namespace

Bundles::Bundles(uplink::BundleSettings settings, Parts parts)
    : parts_{std::move(parts)},
      engine_{std::move(settings),
              [this](const wire::Bundle& bundle) {
                  const auto set = compiled(bundle);
                  return set ? std::vector<std::string>{}
                             : std::vector<std::string>{set.error().detail};
              }},
      own_{std::make_shared<const offers::CampaignSet>()} {}

// Compiled once when it comes, used again when it is tried and loaded.
Result<Bundles::Set> Bundles::compiled(const wire::Bundle& bundle) {
    if (bundle.version == 0) return std::make_shared<const offers::CampaignSet>();  // has expired
    if (const auto at = compiled_.find(bundle.version); at != compiled_.end()) return at->second;
    auto set = compile_campaigns(files_of(bundle), parts_.zone);
    if (!set) return set;
    compiled_[bundle.version] = *set;
    if (compiled_.size() > kCompiledKept) compiled_.erase(compiled_.begin());
    return set;
}

Status Bundles::restore(std::span<const StateChange> rows) { return engine_.restore(rows); }

DownlinkStep Bundles::started(const Stamp& now) { return step(engine_.started(now), now); }

void Bundles::own(Set set, Segments segments) {
    own_ = std::move(set);
    own_segments_ = std::move(segments);
    if (engine_.running() != nullptr) return;
    parts_.engines.customers.segments(own_segments_);
    parts_.engines.offers->load(own_);
    parts_.engines.context_changed();
}

void Bundles::load() {
    const wire::Bundle* const bundle = engine_.running();
    const auto set = bundle == nullptr ? Result<Set>{own_} : compiled(*bundle);
    if (!set) {
        // It compiled when it came: another program reads it now. What ran before is tried.
        log::error("bundle_unusable",
                   {{"version", engine_.version()}, {"why", set.error().detail}});
        return parts_.slots.commit([this, version = engine_.version()](const Stamp& now) {
            return roll_back(version, "campaigns", now);
        });
    }
    const auto segments = bundle == nullptr || bundle->version == 0
                              ? Result<Segments>{own_segments_}
                              : compile_segments(files_of(*bundle));
    parts_.engines.customers.segments(segments ? *segments : nullptr);
    parts_.engines.offers->load(*set);
    parts_.engines.context_changed();
    before_ = {};
    before_ = seen();
    parts_.apply(bundle == nullptr ? std::map<std::string, std::int64_t>{} : bundle->settings);
    log::info("campaigns_loaded", {{"bundle", engine_.version()}, {"n", (*set)->all().size()}});
    parts_.changed();
}

DownlinkStep Bundles::step(uplink::BundleEffects effects, const Stamp& now) {
    DownlinkStep step{.state = std::move(effects.state)};
    for (const uplink::BundleNote& note : effects.notes) {
        step.records.push_back(record_of(note, now));
        log::info("bundle",
                  {{"version", note.version}, {"state", note.state}, {"reason", note.reason}});
    }
    if (effects.refused) parts_.refused(*effects.refused);
    if (effects.load) step.after.emplace_back([this] { load(); });
    if (effects.dry_run) step.after.emplace_back([this] { begin_dry_run(); });
    return step;
}

void Bundles::receive(std::string sealed, Reply reply) {
    parts_.slots.commit([this, sealed = std::move(sealed), reply](const Stamp& now) {
        uplink::BundleEffects effects = engine_.received(sealed, parts_.keys, now);
        const auto refused = effects.refused;
        DownlinkStep made = step(std::move(effects), now);
        if (reply) made.after.emplace_back([reply, refused] { reply(refused); });
        return made;
    });
}

DownlinkStep Bundles::roll_back(std::int64_t version, std::string reason, const Stamp& now) {
    return step(engine_.roll_back(version, std::move(reason), now), now);
}

// Only where time can change something: a tick that changes nothing must not wake the disk.
void Bundles::tick(const Stamp&) {
    const wire::Bundle* const bundle = engine_.running();
    const bool ends = bundle != nullptr && bundle->expires;
    if (!engine_.on_trial() && engine_.candidate() == nullptr && !ends) return;
    parts_.slots.commit([this](const Stamp& now) { return step(engine_.tick(now, seen()), now); });
}

// What the shop's counters say since what runs was loaded. How long a decision takes is not among
// them: the dry run has measured it.
uplink::GuardFigures Bundles::seen() const {
    uplink::GuardFigures figures;
    for (const offers::CampaignStatus& one : parts_.engines.offers->status()) {
        figures.offers += one.offered;
        figures.discount += one.spent.minor();
    }
    const auto today = parts_.engines.footfall.today(parts_.loop.clock().now().wall);
    figures.baskets = today.sales;
    figures.sum = today.revenue_minor;
    // The day's counters begin again at its cut.
    const bool new_day = figures.baskets < before_.baskets || figures.sum < before_.sum;
    if (!new_day) figures.baskets -= before_.baskets, figures.sum -= before_.sum;
    figures.offers = std::max<std::int64_t>(0, figures.offers - before_.offers);
    figures.discount = std::max<std::int64_t>(0, figures.discount - before_.discount);
    figures.sum += figures.discount;
    figures.offers_per_hour = figures.offers;
    return figures;
}

}  // namespace aisle::app
