#include "agent/app/downlink.hpp"

#include <boost/json.hpp>

#include "agent/runtime/log.hpp"

namespace aisle::app {
namespace {

namespace json = boost::json;

constexpr seconds kTickEvery{1};
constexpr std::chrono::minutes kSweepEvery{1};

uplink::BundleSettings bundle_settings(const Downlink::Settings& settings) {
    return {.store = settings.store, .agent = settings.version};
}

uplink::DatasetSettings dataset_settings(const Downlink::Settings& settings, Engines& engines) {
    return {.store = settings.store,
            .member_keys = {settings.member_key},
            .pseudonym = [&engines](std::string_view raw) {
                return engines.intake.pseudonym(std::string{raw}).value;
            }};
}

runtime::HttpResponse answer(int status, const json::object& body) {
    return {.status = status, .body = json::serialize(body)};
}

}  // namespace

Downlink::Downlink(Settings settings, Parts parts)
    : settings_{std::move(settings)},
      parts_{std::move(parts)},
      steps_{parts_.pipeline},
      eraser_{{parts_.store, parts_.write, parts_.loop}},
      leases_{*parts_.engines.offers},
      bundles_{bundle_settings(settings_),
               {.slots = steps_,
                .engines = parts_.engines,
                .storage = parts_.storage,
                .loop = parts_.loop,
                .slow = parts_.slow,
                .zone = parts_.zone,
                .keys = keys_.ring(),
                .apply = parts_.apply,
                .changed = parts_.announce,
                .refused = [this](const wire::Refusal& why) { count(why); }}},
      datasets_{dataset_settings(settings_, parts_.engines),
                {.steps = steps_,
                 .engines = parts_.engines,
                 .floor = parts_.floor,
                 .readings = parts_.readings,
                 .loop = parts_.loop,
                 .metrics = parts_.metrics,
                 .keys = keys_.ring(),
                 .changed = parts_.announce,
                 .refused = [this](const wire::Refusal& why) { count(why); }}},
      commands_{settings_.store,
                {.log = steps_,
                 .floor = parts_.floor,
                 .engines = parts_.engines,
                 .bundles = bundles_,
                 .leases = leases_,
                 .keys = keys_,
                 .eraser = eraser_,
                 .loop = parts_.loop,
                 .flush = parts_.flush,
                 .consents_changed = [this] { parts_.readings.refresh_tags(); },
                 .diagnose = parts_.diagnose,
                 .refused = [this](const wire::Refusal& why) { count(why); }}} {}

// One counter a reason: a closed list.
void Downlink::count(const wire::Refusal& why) {
    parts_.metrics
        .counter("aisle_downlink_refused_total", "What came from HQ and was not taken",
                 {{"reason", std::string{wire::to_text(why.why)}}})
        .add();
}

Status Downlink::prepare(std::shared_ptr<const offers::CampaignSet> own, const std::string& epoch,
                         Segments segments) {
    const Stamp now = parts_.loop.clock().now();
    const auto restore = [&](std::string_view room, auto take) -> Status {
        const auto rows = state_rows(parts_.store, room);
        if (!rows) return rows.error();
        if (const Status done = take(*rows); !done)
            log::error("state_unreadable", {{"room", room}, {"why", done.error().detail}});
        return {};
    };
    if (const Status keys = keys_.load(settings_.data_dir); !keys)
        log::error("hq_key_unreadable", {{"why", keys.error().detail}});
    const std::array<Status, 5> done{
        restore(kHqKeysRoom, [&](const auto& rows) { return keys_.restore(rows); }),
        restore(uplink::kBundleRoom, [&](const auto& rows) { return bundles_.restore(rows); }),
        restore(uplink::kCommandRoom, [&](const auto& rows) { return commands_.restore(rows); }),
        restore(kLeaseRoom, [&](const auto& rows) { return leases_.restore(rows); }),
        restore(uplink::kDatasetRoom, [&](const auto& rows) {
            datasets_.restore(rows);
            return Status{};
        })};
    for (const Status& status : done)
        if (!status) return status;
    bundles_.own(std::move(own), std::move(segments));
    // Durable before anything of it is loaded: a bundle that kills the program is counted out.
    DownlinkStep started = bundles_.started(now);
    if (!started.state.empty() || !started.records.empty()) {
        const Status kept =
            parts_.store.append({.records = started.records, .state = started.state}, now.wall);
        if (!kept) return kept;
    }
    bundles_.load();
    this->epoch(epoch);
    return {};
}

void Downlink::start() {
    commands_.start();
    datasets_.start();
    ticking_ = runtime::every(parts_.loop, kTickEvery, [this] { tick(); });
    sweeping_ = runtime::every(parts_.loop, kSweepEvery, [this] { commands_.tick(); });
}

void Downlink::stop() {
    ticking_.cancel();
    sweeping_.cancel();
}

void Downlink::tick() {
    const Stamp now = parts_.loop.clock().now();
    bundles_.tick(now);
    datasets_.tick(now);
    tick_leases();
}

// A shop without leased campaigns does nothing here, and wakes no disk.
void Downlink::tick_leases() {
    if (parts_.engines.offers->leases().empty()) return;
    steps_.commit([this](const Stamp& now) { return lease_step(leases_.tick(now), now); });
}

DownlinkStep Downlink::lease_step(LeaseEffects effects, const Stamp& now) {
    DownlinkStep step{.state = std::move(effects.state), .records = std::move(effects.records)};
    if (effects.new_epoch) {
        Turn turn{.now = now};
        parts_.floor.new_epoch(turn);
        merge(step, std::move(turn));
    }
    return step;
}

void Downlink::epoch(const std::string& epoch) {
    steps_.commit(
        [this, epoch](const Stamp& now) { return lease_step(leases_.epoch(epoch), now); });
}

void Downlink::message(const wire::Topic& topic, std::string_view payload) {
    std::string sealed{payload};
    switch (topic.channel) {
        case wire::Channel::DownBundle:
            return bundles_.receive(std::move(sealed), nullptr);
        case wire::Channel::DownData:
            return datasets_.receive(std::move(sealed));
        case wire::Channel::DownCommand:
            return commands_.receive(std::move(sealed));
        case wire::Channel::Up:
        case wire::Channel::Ack:
        case wire::Channel::State:
            break;
    }
}

void Downlink::serve(runtime::HttpRoutes& routes) {
    routes.on("GET", "/api/v1/bundles", [this](const auto&, const auto& reply) {
        reply({.status = 200, .body = status_json()});
    });
    routes.on("POST", "/api/v1/bundles",
              [this](const auto& request, const auto& reply) { hand_in(request, reply); });
    routes.on("POST", "/api/v1/bundles:rollback",
              [this](const auto& request, const auto& reply) { roll_back(request, reply); });
}

// By the Unix socket only, like all that people of the house may do; a bundle's signature is
// checked all the same.
void Downlink::hand_in(const runtime::HttpRequest& request, const runtime::HttpReply& reply) {
    if (!request.local) return reply(runtime::problem(denied("by the agent's own socket only")));
    const auto opened = wire::unseal(request.body, keys_.ring(), wire::Purpose::Bundle);
    const auto bundle =
        opened ? wire::parse_bundle(opened->payload) : wire::Judged<wire::Bundle>{opened.error()};
    const std::int64_t version = bundle ? bundle->version : 0;
    bundles_.receive(request.body, [this, reply, version](const std::optional<wire::Refusal>& why) {
        if (why) return reply(runtime::problem(422, "refused", wire::to_text(*why)));
        // Handed in once more: it runs already.
        const bool runs = bundles_.engine().version() == version;
        reply(answer(202, {{"version", version}, {"taken", !runs}, {"runs", runs}}));
    });
}

void Downlink::roll_back(const runtime::HttpRequest& request, const runtime::HttpReply& reply) {
    if (!request.local) return reply(runtime::problem(denied("by the agent's own socket only")));
    steps_.commit([this, reply](const Stamp& now) {
        const std::int64_t version = bundles_.engine().version();
        DownlinkStep step = bundles_.roll_back(version, "by hand", now);
        step.after.emplace_back([this, reply, version] {
            if (version == 0) return reply(runtime::problem(409, "no bundle runs", ""));
            reply(
                answer(200, {{"rolled_back", version}, {"version", bundles_.engine().version()}}));
        });
        return step;
    });
}

}  // namespace aisle::app
