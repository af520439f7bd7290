#include <utility>

#include "agent/records/json_text.hpp"
#include "sync/hq/downlink_api.hpp"
#include "sync/hq/erasure.hpp"
#include "sync/hq/fresh_id.hpp"
#include "sync/hq/keys_member_code.hpp"

// Erasure, withdrawal of consent, and who a member is across stores. A raw member id comes in, is
// turned into pseudonyms and is kept nowhere.
namespace aisle::hq {
namespace {

using namespace api;

constexpr std::chrono::hours kDutyValid{60 * 24};  // they are done late rather than never

// Pseudonyms by store.
using Named = std::map<std::string, std::vector<std::string>>;

// {"member":RAW} at all stores or {"member":RAW,"stores":[...]}; {"store","pseudonym"}.
Result<Named> named_in(const Downlink::Core& core, const records::ObjectReader& in) {
    Named named;
    if (in.has("pseudonym")) {
        const auto pseudonym = in.text("pseudonym");
        in.require({"store"});
        if (!is_pseudonym(pseudonym)) in.fail("pseudonym", "not 32 hex digits");
        if (!wire::valid_store_id(in.text("store"))) in.fail("store", "not a store id");
        named[in.text("store")].push_back(pseudonym);
        return in.finish(std::move(named));
    }
    in.require({"member"});
    if (auto good = in.status(); !good) return good.error();
    std::vector<std::string> stores;
    in.texts("stores", [&](std::string store) { stores.push_back(std::move(store)); });
    if (in.has("store")) stores.push_back(in.text("store"));
    if (stores.empty())
        for (const auto& [store, keys] : core.store_keys.all()) stores.push_back(store);
    for (const auto& store : stores) {
        auto pseudonyms = core.store_keys.pseudonyms(store, in.text("member"));
        if (pseudonyms.empty()) return denied("no key of " + store + " is known here");
        named[store] = std::move(pseudonyms);
    }
    return in.finish(std::move(named));
}

// The members table loses the member too, so that the next delta takes it out of every shop; and
// the rows that it refused when it was loaded go, for they are as they came.
void leave_members(Downlink::Core& core, const std::string& raw, const std::string& erasure) {
    if (raw.empty()) return;
    if (core.desks->quarantine.erase(wire::Dataset::Members) > 0)
        core.commit({.state = {{kDownlinkRoom, "faults/members", {}}}});
    const auto found = core.desks->datasets.tables().find(wire::Dataset::Members);
    if (found == core.desks->datasets.tables().end()) return;
    const auto code = member_code(raw);
    LoadedRows gone{.valid_until = found->second->valid_until, .source = found->second->source};
    for (const auto& row : found->second->rows)
        if (member_code(row.key) == code)
            gone.rows.push_back(
                {.store = row.store, .key = row.key, .text = erasure, .gone = true});
    if (gone.rows.empty()) return;
    auto table = std::make_shared<const DatasetTable>(
        next_table(*found->second, std::move(gone), LoadMode::Merge, core.now().wall));
    core.commit({.state = dataset_rows(*found->second, *table)});
    core.desks->datasets.loaded(std::move(table));
}

std::vector<MemberKey> keys_of(const std::vector<std::string>& pseudonyms) {
    std::vector<MemberKey> keys;
    for (const auto& pseudonym : pseudonyms) keys.emplace_back(pseudonym);
    return keys;
}

void erase(Downlink::Core& core, const HttpRequest& request, HttpReply reply) {
    const auto in = records::ObjectReader::parse(request.body);
    const auto named = named_in(core, in);
    if (!named) return reply(refusal_response(named.error()));
    // Else the table that is being read would bring the member back.
    if (core.loading) return reply(refusal_response(full("a dataset is being read")));
    ErasureCase wish{.id = fresh_id('e', core.parts.random), .asked = core.now().wall};
    std::vector<QueuedCommand> commands;
    for (const auto& [store, members] : *named) {
        auto made = core.sign({.id = wish.id + "." + store,
                               .store = StoreId{store},
                               .issued = core.now().wall,
                               .expires = core.now().wall + kDutyValid,
                               .args = wire::EraseArgs{keys_of(members)}});
        if (!made) return reply(refusal_response(made.error()));
        made->until_answered = true;
        wish.stores[store] = {.members = members, .command = made->id};
        commands.push_back(std::move(*made));
    }
    auto queued = core.desks->commands.queue(std::move(commands), core.now());
    if (!queued) return reply(refusal_response(queued.error()));
    json::object body;
    const std::string id = wish.id;
    put(body, "erasure", id);
    put(body, "stores", json::value(static_cast<std::int64_t>(wish.stores.size())));
    auto opened = core.desks->erasures.open(std::move(wish));
    if (!opened) {
        core.commit(std::move(*queued));
        return reply(refusal_response(opened.error()));
    }
    queued->add(std::move(*opened));
    leave_members(core, in.text("member"), id);
    answer_when_kept(core, std::move(queued), std::move(reply), std::move(body));
}

void list_erasures(Downlink::Core& core, const HttpRequest&, const HttpReply& reply) {
    json::array all;
    for (const auto& [id, one] : core.desks->erasures.cases()) {
        json::object out;
        put(out, "erasure", id);
        put(out, "asked", one.asked);
        put(out, "over", json::value(one.over() && core.overwritten()));
        json::array stores;
        for (const auto& [name, store] : one.stores) {
            json::object at;
            put(at, "store", name);
            put(at, "confirmed", json::value(store.confirmed));
            put(at, "rows_there", json::value(store.rows_there));
            put(at, "rows_here", json::value(store.rows_here));
            put(at, "swept", json::value(store.swept));
            put(at, "away", json::value(core.away(name)));
            stores.emplace_back(std::move(at));
        }
        put(out, "stores", json::value(std::move(stores)));
        all.emplace_back(std::move(out));
    }
    json::object body;
    put(body, "now", core.now().wall);
    put(body, "erasures", json::value(std::move(all)));
    reply(json_response(body));
}

void withdraw(Downlink::Core& core, const HttpRequest& request, HttpReply reply) {
    const auto in = records::ObjectReader::parse(request.body);
    in.require({"purpose"});
    const auto named = named_in(core, in);
    if (!named) return reply(refusal_response(named.error()));
    std::vector<QueuedCommand> commands;
    json::array ids;
    for (const auto& [store, members] : *named) {
        for (const auto& member : members) {
            auto made = core.sign({.id = fresh_id('w', core.parts.random),
                                   .store = StoreId{store},
                                   .issued = core.now().wall,
                                   .expires = core.now().wall + kDutyValid,
                                   .args = wire::WithdrawArgs{.member = MemberKey{member},
                                                              .purpose = in.text("purpose"),
                                                              .version = in.text("version"),
                                                              .at = core.now().wall}});
            if (!made) return reply(refusal_response(made.error()));
            made->until_answered = true;
            ids.emplace_back(records::as_text(made->id));
            commands.push_back(std::move(*made));
        }
    }
    json::object body;
    put(body, "commands", json::value(std::move(ids)));
    answer_when_kept(core, core.desks->commands.queue(std::move(commands), core.now()),
                     std::move(reply), std::move(body));
}

void relink(Downlink::Core& core, const HttpRequest& request, const HttpReply& reply) {
    const auto in = records::ObjectReader::parse(request.body);
    in.require({"member"});
    if (auto good = in.status(); !good) return reply(refusal_response(good.error()));
    json::array all;
    for (const auto& [store, keys] : core.store_keys.all()) {
        for (const auto& key : keys) {
            json::object one;
            put(one, "store", store);
            put(one, "key", key.id);
            put(one, "pseudonym", pseudonym(key, in.text("member")));
            put(one, "in_use", json::value(!key.replaced && !key.revoked));
            put(one, "revoked", json::value(key.revoked));
            all.emplace_back(std::move(one));
        }
    }
    json::object body;
    put(body, "pseudonyms", json::value(std::move(all)));
    reply(json_response(body));
}

// A store says itself which key it uses; one that has never said so uses its latest.
json::array keys_of_stores(const Downlink::Core& core) {
    json::array stores;
    for (const auto& [store, keys] : core.store_keys.all()) {
        const auto told = core.desks->keys_in_use.find(store);
        for (const auto& key : keys) {
            json::object one;
            put(one, "store", store);
            put(one, "key", key.id);
            put(one, "made", key.made);
            if (key.replaced) put(one, "replaced", *key.replaced);
            put(one, "revoked", json::value(key.revoked));
            const bool said = told != core.desks->keys_in_use.end();
            put(one, "in_use", json::value(said ? told->second == key.id : !key.replaced));
            stores.emplace_back(std::move(one));
        }
    }
    return stores;
}

// Keys that stores use and that nobody has brought here: their members cannot be found again.
json::array keys_not_here(const Downlink::Core& core) {
    json::array unknown;
    for (const auto& [store, key] : core.desks->keys_in_use) {
        if (core.store_keys.find(store, key) != nullptr) continue;
        json::object one;
        put(one, "store", store);
        put(one, "key", key);
        unknown.emplace_back(std::move(one));
    }
    return unknown;
}

void list_keys(Downlink::Core& core, const HttpRequest&, const HttpReply& reply) {
    json::array signing;
    for (const auto& [id, key] : core.ring.keys()) signing.emplace_back(records::as_text(id));
    json::array revoked;
    for (const auto& id : core.ring.revoked_ids()) revoked.emplace_back(records::as_text(id));
    json::object body;
    put(body, "believed", json::value(std::move(signing)));
    put(body, "revoked", json::value(std::move(revoked)));
    put(body, "signing", core.signing ? core.signing->id : std::string{});
    put(body, "stores", json::value(keys_of_stores(core)));
    put(body, "unknown", json::value(keys_not_here(core)));
    reply(json_response(body));
}

}  // namespace

void add_member_routes(runtime::HttpRoutes& routes, const std::shared_ptr<Downlink::Core>& core) {
    routes.on("POST", "/api/v1/erasures", changing(core, erase));
    routes.on("GET", "/api/v1/erasures", showing(core, list_erasures));
    routes.on("POST", "/api/v1/consents:withdraw", changing(core, withdraw));
    routes.on("POST", "/api/v1/members:relink", changing(core, relink));
    routes.on("GET", "/api/v1/keys", showing(core, list_keys));
}

}  // namespace aisle::hq
