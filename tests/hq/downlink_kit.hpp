#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>

#include "agent/records/downlink_records.hpp"
#include "hq_world.hpp"
#include "sync/hq/downlink.hpp"
#include "sync/hq/keys.hpp"
#include "sync/hq/keys_stores.hpp"
#include "sync/wire/bundle.hpp"
#include "sync/wire/command.hpp"
#include "sync/wire/dataset.hpp"

// A whole HQ and a few shops that do what docs/downlink.md says, in one process and one thread.
namespace aisle::hq {

// Routes without a server.
class Routes final : public runtime::HttpRoutes {
public:
    void on(std::string method, std::string pattern, runtime::HttpHandler handler) override {
        handlers_[method + ' ' + pattern] = std::move(handler);
    }
    void on_websocket(std::string, runtime::WebSocketHandlers) override {}
    void call(const std::string& what, const runtime::HttpRequest& request,
              runtime::HttpReply reply) {
        handlers_.at(what)(request, std::move(reply));
    }

private:
    std::map<std::string, runtime::HttpHandler> handlers_;
};

enum class Mood { Well, Refuses, RollsBack };

// One shop's side of the downlink over a real uplink.
class ModelAgent {
public:
    struct Parts {
        kit::FakeBroker& broker;
        runtime::InlineExecutor& loop;
        runtime::Metrics& metrics;
        const wire::Keyring& keys;
    };
    ModelAgent(Parts parts, const std::string& name, const std::string& epoch)
        : name_{name}, keys_{parts.keys}, loop_{parts.loop}, link_{parts.broker.client()} {
        outbox_.set_epoch(epoch);
        uplink_ = uplink::make_uplink(
            {.outbox = outbox_,
             .transport = *link_,
             .executor = parts.loop,
             .metrics = parts.metrics,
             .health = [this] { return wire::Health{.bundle = bundle, .datasets = versions()}; }},
            {.store = StoreId{name}, .epoch = epoch, .version = "test"});
        uplink_->on_down([this](const wire::Topic& topic, std::string_view payload) {
            if (topic.channel == wire::Channel::DownBundle) take_bundle(payload);
            if (topic.channel == wire::Channel::DownCommand) take_command(payload);
            if (topic.channel == wire::Channel::DownData) take_part(payload);
        });
        uplink_->start();
    }
    void say(Record record) {
        outbox_.add(Stream::Ledger, std::move(record));
        uplink_->wake(Stream::Ledger);
    }
    [[nodiscard]] bool told_all() const { return outbox_.empty(); }

    Mood mood = Mood::Well;
    std::int64_t bundle = 0;
    std::vector<std::string> done;  // types of commands, in order
    Money granted, spent;
    std::map<wire::Dataset, std::map<std::string, bool>> rows;  // keys
    std::map<wire::Dataset, std::int64_t> held;
    int deltas = 0;

private:
    [[nodiscard]] std::vector<wire::DatasetVersion> versions() const {
        std::vector<wire::DatasetVersion> all;
        for (const auto& [name, version] : held)
            all.push_back({std::string{to_text(name)}, version});
        return all;
    }
    void tell_bundle(std::int64_t version, const char* state, const char* reason = "") {
        say(records::bundle_state_record({.version = version,
                                          .state = state,
                                          .reason = reason,
                                          .active = bundle,
                                          .at = loop_.clock().now()}));
    }
    void take_bundle(std::string_view payload) {
        const auto opened = wire::unseal(payload, keys_, wire::Purpose::Bundle);
        ASSERT_TRUE(opened);
        const auto read = wire::parse_bundle(opened->payload);
        if (!seen_bundles_.insert(read->version).second) return;
        if (mood == Mood::Refuses) return tell_bundle(read->version, "refused", "guard");
        const auto before = std::exchange(bundle, read->version);
        tell_bundle(read->version, "received");
        tell_bundle(read->version, "active");
        if (mood == Mood::Well) return tell_bundle(read->version, "healthy");
        bundle = before;
        tell_bundle(read->version, "rolled_back", "crash_loop");
    }
    void take_command(std::string_view payload) {
        const auto opened = wire::unseal(payload, keys_, wire::Purpose::Command);
        ASSERT_TRUE(opened);
        const auto command = wire::parse_command(opened->payload);
        ASSERT_TRUE(command);
        ASSERT_EQ(command->store.value, name_);
        if (!seen_commands_.insert(command->id).second) return;
        const Stamp now = loop_.clock().now();
        done.emplace_back(wire::type_of(command->args));
        if (const auto* args = std::get_if<wire::EraseArgs>(&command->args))
            say(records::erasure_record({.command = command->id,
                                         .members = args->members,
                                         .journal_rows = 3,
                                         .outbox_rows = 1,
                                         .at = now}));
        if (const auto* grant = std::get_if<wire::LeaseGrant>(&command->args)) {
            granted += grant->amount;
            tell_lease("lease_granted", grant->campaign.value, grant->amount, grant->lease);
        }
        say(records::command_result_record(
            {.id = command->id, .type = done.back(), .status = "done", .at = now}));
    }
    void take_part(std::string_view payload) {
        const auto opened = wire::unseal(payload, keys_, wire::Purpose::Data);
        ASSERT_TRUE(opened);
        const auto part = wire::parse_dataset(opened->payload);
        ASSERT_TRUE(part);
        const auto& header = part->header;
        if (header.version <= held[header.name]) return;
        auto& parts = parts_[{header.name, header.version}];
        parts[header.part] = part->rows;
        if (std::ssize(parts) < header.parts) return;
        if (header.base && *header.base != held[header.name])
            return tell_data(header, "refused", "base");
        if (!header.base) rows[header.name].clear();
        if (header.base) ++deltas;
        for (const auto& [n, text] : parts)
            for (const auto& row : *wire::parse_dataset_rows(header.name, text)) {
                rows[header.name].erase(row.key);
                if (row.row) rows[header.name][row.key] = true;
            }
        held[header.name] = header.version;
        tell_data(header, "loaded", "");
    }
    void tell_data(const wire::DatasetHeader& header, const char* state, const char* reason) {
        say(records::data_state_record({.name = std::string{to_text(header.name)},
                                        .version = header.version,
                                        .state = state,
                                        .reason = reason,
                                        .held = held[header.name],
                                        .at = loop_.clock().now()}));
    }

public:
    void tell_lease(const std::string& what, const std::string& campaign, Money amount,
                    const std::string& lease = {}) {
        say(records::lease_record({.what = what,
                                   .campaign = CampaignId{campaign},
                                   .lease = lease,
                                   .amount = amount,
                                   .granted = granted,
                                   .spent = spent,
                                   .at = loop_.clock().now()}));
    }

private:
    std::string name_;
    const wire::Keyring& keys_;
    runtime::InlineExecutor& loop_;
    kit::ModelOutbox outbox_{[this](std::function<void()> task) { loop_.post(std::move(task)); }};
    std::unique_ptr<Transport> link_;
    std::unique_ptr<uplink::Uplink> uplink_;
    std::set<std::int64_t> seen_bundles_;
    std::set<std::string> seen_commands_;
    std::map<std::pair<wire::Dataset, std::int64_t>, std::map<std::int64_t, std::string>> parts_;
};

struct DownWorld {
    explicit DownWorld(int stores, std::uint64_t seed = 1) : broker{seed}, random{seed} {
        const auto made = make_signing_key(keys_dir);
        settings = {.keys_dir = keys_dir, .signing_key = keys_dir + "/" + made->id + ".secret"};
        key = *load_signing_key(settings.signing_key);
        ring = *load_keyring(keys_dir);
        StoreKeys keys;
        for (int i = 1; i <= stores; ++i) {
            names.push_back("s-" + std::to_string(i));
            (void)keys.add(names.back(), std::string(63, 'a') + std::to_string(i % 10),
                           clock.now().wall);
            (void)keys.save(keys_dir, names.back());
        }
    }
    ~DownWorld() { kill_hq(); }
    DownWorld(const DownWorld&) = delete;
    DownWorld& operator=(const DownWorld&) = delete;

    void start() {
        start_hq();
        for (const auto& name : names)
            shops.emplace(name, std::make_unique<ModelAgent>(
                                    ModelAgent::Parts{broker, loop, *metrics, ring}, name,
                                    "00000000000000" + std::to_string(10 + shops.size())));
        run(seconds{5});
    }
    void start_hq() {
        const auto storage = [this](runtime::Task task) {
            loop.post(std::move(task));
            return true;
        };
        store = std::move(*open_event_store("sqlite:" + folder.file("hq.db")));
        hq_link = broker.client();
        collector = std::make_unique<Collector>(
            Collector::Parts{*hq_link, *store, loop, *metrics, storage});
        down = std::make_unique<Downlink>(
            Downlink::Parts{.store = *store,
                            .storage = storage,
                            .worker = storage,
                            .loop = loop,
                            .metrics = *metrics,
                            .random = [this] { return random(); },
                            .publish =
                                [this](Message message, std::function<void(Status)> answer) {
                                    return collector->publish(std::move(message),
                                                              std::move(answer));
                                }},
            settings);
        down->add_routes(routes);
        collector->on_presence([this](const std::string& name, const Presence& presence) {
            down->presence(name, presence);
        });
        collector->on_notice([this] { down->noticed(); });
        ASSERT_TRUE(down->start());
        collector->start();
    }
    void kill_hq() {
        loop.run_ready();
        down.reset();
        collector.reset();
        hq_link.reset();
        loop.run_ready();
        store.reset();
    }
    void run(milliseconds time) {
        const MonoTime end = clock.now().mono + time;
        while (clock.now().mono < end) {
            loop.run_ready();
            if (!broker.run_one()) loop.advance(milliseconds{100});
        }
        loop.run_ready();
    }
    runtime::HttpResponse call(const std::string& what, runtime::HttpRequest request = {}) {
        std::optional<runtime::HttpResponse> answer;
        routes.call(what, request,
                    [&](runtime::HttpResponse response) { answer = std::move(response); });
        for (int i = 0; i < 100 && !answer; ++i) run(milliseconds{100});
        return answer.value_or(runtime::HttpResponse{.status = 0});
    }
    runtime::HttpResponse roll_out(std::int64_t version,
                                   std::map<std::string, std::string> plan = {}) {
        const auto payload = wire::to_json(wire::Bundle{.version = version});
        return call(
            "POST /api/v1/bundles",
            {.query = std::move(plan), .body = wire::seal(wire::Purpose::Bundle, key, payload)});
    }
    [[nodiscard]] int with_bundle(std::int64_t version) const {
        int n = 0;
        for (const auto& [name, shop] : shops) n += shop->bundle == version ? 1 : 0;
        return n;
    }

    TempFolder folder;
    std::string keys_dir = folder.file("keys");
    runtime::ManualClock clock;
    runtime::InlineExecutor loop{clock};
    std::unique_ptr<runtime::Metrics> metrics = runtime::make_metrics();
    kit::FakeBroker broker;
    std::mt19937_64 random;
    DownlinkSettings settings;
    wire::SigningKey key;
    wire::Keyring ring;
    std::vector<std::string> names;
    Routes routes;
    std::unique_ptr<EventStore> store;
    std::unique_ptr<Transport> hq_link;
    std::unique_ptr<Collector> collector;
    std::unique_ptr<Downlink> down;
    std::map<std::string, std::unique_ptr<ModelAgent>> shops;
};

}  // namespace aisle::hq
