#include <algorithm>
#include <utility>

#include "sync/hq/downlink_api.hpp"
#include "sync/wire/bundle.hpp"

namespace aisle::hq {
namespace {

using namespace api;

std::vector<std::string> words_of(const std::string& text) {
    std::vector<std::string> words;
    for (std::size_t at = 0; at < text.size();) {
        const auto end = std::min(text.find(',', at), text.size());
        if (end > at) words.push_back(text.substr(at, end - at));
        at = end + 1;
    }
    return words;
}

// The plan in the query: the names are those of to_json(RolloutPlan).
Result<RolloutPlan> plan_of(const HttpRequest& request) {
    json::object plan;
    for (const auto& [name, value] : request.query) {
        if (name == "canaries") {
            json::array stores;
            for (const auto& store : words_of(value)) stores.emplace_back(records::as_text(store));
            put(plan, name, json::value(std::move(stores)));
        } else if (name == "roll_back") {
            put(plan, name, json::value(value == "true" || value == "1"));
        } else {
            if (value.empty() || value.size() > 9 ||
                value.find_first_not_of("0123456789") != std::string::npos)
                return malformed(name + " is no number");
            put(plan, name, json::value(std::stoll(value)));
        }
    }
    const auto in = records::ObjectReader::parse(json::serialize(plan));
    auto read = plan_from(in);
    if (auto good = check(read); !good) return good.error();
    return in.finish(std::move(read));
}

Result<SealedBundle> bundle_of(const Downlink::Core& core, const std::string& bytes) {
    const auto opened = wire::unseal(bytes, core.ring, wire::Purpose::Bundle);
    if (!opened) return denied(to_text(opened.error()));
    const auto bundle = wire::parse_bundle(opened->payload);
    if (!bundle) return malformed(to_text(bundle.error()));
    const WallTime now = core.now().wall;
    if (bundle->expires && *bundle->expires <= now) return denied("the bundle has expired");
    return SealedBundle{.version = bundle->version,
                        .stores = bundle->stores,
                        .expires = bundle->expires.value_or(kForever),
                        .bytes = bytes};
}

void start(Downlink::Core& core, const HttpRequest& request, HttpReply reply) {
    auto plan = plan_of(request);
    if (!plan) return reply(refusal_response(plan.error()));
    auto bundle = bundle_of(core, request.body);
    if (!bundle) return reply(refusal_response(bundle.error()));
    const auto version = bundle->version;
    const std::vector<std::string> known{core.desks->stores.begin(), core.desks->stores.end()};
    auto effects =
        core.desks->rollout.start(std::move(*bundle), std::move(*plan), known, core.now());
    json::object body;
    put(body, "version", json::value(version));
    if (effects) {
        json::array names;
        for (const auto& [store, progress] : core.desks->rollout.rollouts().at(version).stores)
            if (progress.ring == 0) names.emplace_back(records::as_text(store));
        put(body, "canaries", json::value(std::move(names)));
    }
    answer_when_kept(core, std::move(effects), std::move(reply), std::move(body));
}

json::object counts_of(const Rollout& rollout, int ring) {
    json::object counts;
    for (const auto& [store, progress] : rollout.stores) {
        if (progress.ring != ring) continue;
        const std::string step{to_text(progress.step)};
        auto& n = counts[step];
        n = n.is_int64() ? n.get_int64() + 1 : std::int64_t{1};
    }
    return counts;
}

json::object object_of(const Rollout& rollout) {
    json::object out;
    put(out, "version", json::value(rollout.bundle.version));
    put(out, "state", to_text(rollout.state));
    put(out, "ring", json::value(rollout.ring));
    put(out, "opened", rollout.opened);
    if (rollout.held) put(out, "held", *rollout.held);
    if (rollout.bundle.expires < kForever) put(out, "expires", rollout.bundle.expires);
    put(out, "why", rollout.why);
    put(out, "stores", json::value(static_cast<std::int64_t>(rollout.stores.size())));
    json::array rings;
    for (int ring = 0; ring < kRings; ++ring) rings.emplace_back(counts_of(rollout, ring));
    put(out, "rings", json::value(std::move(rings)));
    put(out, "plan", json::parse(to_json(rollout.plan)));
    return out;
}

void list(Downlink::Core& core, const HttpRequest&, const HttpReply& reply) {
    json::array all;
    const auto& rollouts = core.desks->rollout.rollouts();
    for (auto one = rollouts.rbegin(); one != rollouts.rend(); ++one)
        all.emplace_back(object_of(one->second));
    json::object body;
    put(body, "now", core.now().wall);
    put(body, "signing", json::value(core.signing.has_value()));
    put(body, "bundles", json::value(std::move(all)));
    reply(json_response(body));
}

Result<std::int64_t> version_of(const HttpRequest& request) {
    const auto& text = request.wild.at("version");
    if (text.empty() || text.size() > 18 ||
        text.find_first_not_of("0123456789") != std::string::npos)
        return malformed("no version: " + text);
    return std::stoll(text);
}

void show(Downlink::Core& core, const HttpRequest& request, const HttpReply& reply) {
    const auto version = version_of(request);
    const auto& rollouts = core.desks->rollout.rollouts();
    const auto found = version ? rollouts.find(*version) : rollouts.end();
    if (found == rollouts.end())
        return reply(runtime::problem(404, "Not Found", "no roll-out of this version"));
    json::object body = object_of(found->second);
    json::array stores;
    for (const auto& [store, progress] : found->second.stores) {
        json::object one;
        put(one, "store", store);
        put(one, "ring", json::value(progress.ring));
        put(one, "step", to_text(progress.step));
        put(one, "reason", progress.reason);
        put(one, "at", progress.at);
        put(one, "away", json::value(core.away(store)));
        stores.emplace_back(std::move(one));
    }
    put(body, "progress", json::value(std::move(stores)));
    reply(json_response(body));
}

using Turn = Result<DownEffects> (*)(RolloutEngine&, std::int64_t, const Stamp&);

DownlinkHandler turn(Turn how) {
    return [how](Downlink::Core& core, const HttpRequest& request, HttpReply reply) {
        const auto version = version_of(request);
        if (!version) return reply(refusal_response(version.error()));
        auto effects = how(core.desks->rollout, *version, core.now());
        json::object body;
        put(body, "version", json::value(*version));
        answer_when_kept(core, std::move(effects), std::move(reply), std::move(body));
    };
}

}  // namespace

void add_bundle_routes(runtime::HttpRoutes& routes, const std::shared_ptr<Downlink::Core>& core) {
    routes.on("POST", "/api/v1/bundles", changing(core, start));
    routes.on("GET", "/api/v1/bundles", showing(core, list));
    routes.on("GET", "/api/v1/bundles/{version}", showing(core, show));
    routes.on(
        "POST", "/api/v1/bundles/{version}:halt",
        changing(core, turn([](RolloutEngine& engine, std::int64_t version, const Stamp& now) {
                     return engine.halt(version, "by hand", now);
                 })));
    routes.on("POST", "/api/v1/bundles/{version}:resume",
              changing(core, turn([](RolloutEngine& engine, std::int64_t version,
                                     const Stamp& now) { return engine.resume(version, now); })));
}

}  // namespace aisle::hq
