#include <utility>

#include "sync/hq/command_words.hpp"
#include "sync/hq/downlink_api.hpp"

namespace aisle::hq {
namespace {

using namespace api;

constexpr std::size_t kStoresMax = 10'000;
constexpr std::size_t kShownMax = 1'000;

// Signed elsewhere: it is checked and queued as it is.
Result<QueuedCommand> uploaded(const Downlink::Core& core, const std::string& bytes) {
    const auto opened = wire::unseal(bytes, core.ring, wire::Purpose::Command);
    if (!opened) return denied(to_text(opened.error()));
    const auto command = wire::parse_command(opened->payload);
    if (!command) return malformed(to_text(command.error().refusal));
    return QueuedCommand{.id = command->id,
                         .store = command->store.value,
                         .type = std::string{wire::type_of(command->args)},
                         .issued = command->issued,
                         .expires = command->expires,
                         .sealed = bytes,
                         .until_answered = wire::ignores_time(command->args)};
}

Result<CommandWish> wish_of(const Downlink::Core& core, const std::string& body) {
    const auto in = records::ObjectReader::parse(body);
    CommandWish wish;
    if (in.has("store")) wish.stores.push_back(in.text("store"));
    in.texts("stores", [&](std::string store) { wish.stores.push_back(std::move(store)); });
    if (in.flag("all")) wish.stores.assign(core.desks->stores.begin(), core.desks->stores.end());
    const auto valid = in.integer<std::int64_t>("valid_s", 86'400);
    in.require({"type"});
    if (auto good = in.status(); !good) return good.error();
    if (wish.stores.empty() || wish.stores.size() > kStoresMax)
        return malformed("name a store, stores, or all");
    auto args = command_args(in.text("type"), json::serialize(in.object("args").raw()));
    if (!args) return args.error();
    wish.args = std::move(*args);
    if (valid < 1 || seconds{valid} > wire::kCommandValidMax)
        return malformed("valid_s is 1 second to 60 days");
    wish.valid = seconds{valid};
    wish.until_answered = wire::ignores_time(wish.args);
    return wish;
}

void send(Downlink::Core& core, const HttpRequest& request, HttpReply reply) {
    const auto& body = request.body;
    const bool sealed = body.starts_with("{\"aisle_seal\"") || (!body.empty() && body[0] == '\x28');
    std::vector<std::string> ids;
    Result<DownEffects> effects = DownEffects{};
    if (sealed) {
        auto command = uploaded(core, body);
        if (!command) return reply(refusal_response(command.error()));
        ids.push_back(command->id);
        effects = core.desks->commands.queue(std::move(*command), core.now());
    } else {
        const auto wish = wish_of(core, body);
        if (!wish) return reply(refusal_response(wish.error()));
        effects = core.command(*wish, ids);
    }
    json::array names;
    for (const auto& id : ids) names.emplace_back(records::as_text(id));
    json::object answer;
    put(answer, "commands", json::value(std::move(names)));
    answer_when_kept(core, std::move(effects), std::move(reply), std::move(answer));
}

void list(Downlink::Core& core, const HttpRequest& request, const HttpReply& reply) {
    const auto wanted = [&](const char* name, std::string_view value) {
        const auto asked = request.query.find(name);
        return asked == request.query.end() || asked->second == value;
    };
    json::array all;
    for (const auto& [id, command] : core.desks->commands.commands()) {
        if (!wanted("store", command.store) || !wanted("id", id) ||
            !wanted("state", to_text(command.state)))
            continue;
        if (all.size() >= kShownMax) break;
        json::object one;
        put(one, "id", id);
        put(one, "store", command.store);
        put(one, "type", command.type);
        put(one, "issued", command.issued);
        put(one, "expires", command.expires);
        put(one, "state", to_text(command.state));
        put(one, "detail", command.detail);
        if (command.state != CommandState::Waiting) put(one, "ended", command.ended);
        all.emplace_back(std::move(one));
    }
    json::object body;
    put(body, "now", core.now().wall);
    put(body, "waiting", json::value(static_cast<std::int64_t>(core.desks->commands.waiting())));
    put(body, "commands", json::value(std::move(all)));
    reply(json_response(body));
}

}  // namespace

void add_command_routes(runtime::HttpRoutes& routes, const std::shared_ptr<Downlink::Core>& core) {
    routes.on("POST", "/api/v1/commands", changing(core, send));
    routes.on("GET", "/api/v1/commands", showing(core, list));
}

}  // namespace aisle::hq
