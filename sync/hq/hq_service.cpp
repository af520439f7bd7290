#include "sync/hq/hq_service.hpp"

#include <cstdio>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "agent/runtime/http_server.hpp"
#include "agent/runtime/io_loop.hpp"
#include "agent/runtime/log.hpp"
#include "agent/runtime/random.hpp"
#include "agent/runtime/service_notify.hpp"
#include "agent/runtime/signals.hpp"
#include "agent/runtime/system_clock.hpp"
#include "agent/runtime/time_zone.hpp"
#include "agent/runtime/worker_thread.hpp"
#include "sync/hq/audit_proof.hpp"
#include "sync/hq/collector.hpp"
#include "sync/hq/dataset_load.hpp"
#include "sync/hq/downlink.hpp"
#include "sync/hq/event_store.hpp"
#include "sync/hq/hq_pages.hpp"
#include "sync/hq/lease_keeper.hpp"
#include "sync/hq/local_day.hpp"
#include "sync/hq/postgresql_store.hpp"
#include "sync/hq/stores_json.hpp"
#include "sync/mqtt/transport.hpp"

namespace aisle::hq {
namespace {

// HQ cannot know that it misses something, so it asks often; a busy partition proves itself.
constexpr milliseconds kEchoEvery{10'000};
constexpr std::size_t kOwnerBytes = 8;  // of a collector's name among the leases

mqtt::TransportSettings transport_settings(const HqSettings& settings) {
    mqtt::TransportSettings out;
    out.name = "hq";
    out.host = settings.broker_host;
    out.port = settings.broker_port;
    if (!settings.further_brokers.empty())
        out.endpoints.push_back({settings.broker_host, settings.broker_port});
    for (const auto& [host, port] : settings.further_brokers) out.endpoints.push_back({host, port});
    out.client_id = settings.client_id;
    // Several collectors of one configuration must not throw each other out.
    out.unique_client_id = settings.store_url.starts_with("postgresql://");
    out.username = settings.broker_username;
    out.password_file = settings.broker_password_file;
    out.last_wait = seconds{settings.reconnect_max_s};
    out.echo_every = kEchoEvery;
    out.tls = {.enabled = settings.tls,
               .ca_file = settings.ca_file,
               .cert_file = settings.cert_file,
               .key_file = settings.key_file};
    out.plaintext_allowed = settings.plaintext_allowed;
    return out;
}

// HQ's day for the page: of the zone that is configured, or of the machine.
Result<std::function<Today(WallTime)>> calendar(const HqSettings& settings) {
    if (settings.zone.empty()) return std::function<Today(WallTime)>{local_day};
    auto zone = runtime::open_time_zone(settings.zone);
    if (!zone) return malformed("day.zone: " + zone.error().detail);
    return std::function<Today(WallTime)>{[zone = std::shared_ptr<TimeZone>{std::move(*zone)}](
                                              WallTime now) { return day_in(*zone, now); }};
}

// The database, and what says which part of the stores is ours: everything with SQLite, leases with
// PostgreSQL.
struct Archive {
    LeaseSettings lease_settings;
    std::unique_ptr<EventStore> store;
    std::unique_ptr<LeaseTable> leases;  // null: one collector
};

Result<Archive> open_archive(const HqSettings& settings) {
    Archive archive;
    if (!settings.store_url.starts_with("postgresql://")) {
        auto store =
            open_event_store(settings.store_url, {.accept_new = settings.accept_new_database});
        if (!store) return store.error();
        archive.store = std::move(*store);
        return archive;
    }
    archive.lease_settings.owner = settings.client_id + "-" + runtime::random_hex(kOwnerBytes);
    const auto claim = std::make_shared<Claim>();
    claim->owner = archive.lease_settings.owner;
    auto store = open_postgresql_store(settings.store_url, {.limits = {}, .claim = claim});
    if (!store) return store.error();
    auto leases = open_lease_table(settings.store_url, archive.lease_settings, claim);
    if (!leases) return leases.error();
    archive.store = std::move(*store);
    archive.leases = std::move(*leases);
    return archive;
}

// One object a statement, in order of dependency; the threads end before what they touch.
class Service {
public:
    Service(const HqSettings& settings, Archive archive, std::function<Today(WallTime)> today);

    Status run();

private:
    Status listen();
    void stop();
    void take(const HeldLeases& held);
    StorageRunner on(runtime::WorkerThread& thread) {
        return [&thread](runtime::Task task) { return thread.submit(std::move(task)); };
    }
    Collector::Parts collector_parts();
    Downlink::Parts downlink_parts();

    const HqSettings& settings_;
    runtime::SystemClock clock_{0};
    std::unique_ptr<runtime::Metrics> metrics_ = runtime::make_metrics();
    runtime::IoLoop loop_{clock_, *metrics_};
    Archive archive_;
    std::function<Today(WallTime)> today_;
    std::unique_ptr<Transport> transport_;
    runtime::WorkerThread storage_{{.name = "hq-storage"}, *metrics_};
    runtime::WorkerThread packing_{{.name = "hq-packing", .low_priority = true}, *metrics_};
    Collector collector_;
    Downlink downlink_;
    std::optional<LeaseKeeper> leases_;
    std::unique_ptr<runtime::HttpServer> server_;
    runtime::ServiceNotify notify_{loop_};
    bool stopping_ = false;
};

Collector::Parts Service::collector_parts() {
    return {*transport_, *archive_.store, loop_, *metrics_, on(storage_)};
}

Downlink::Parts Service::downlink_parts() {
    return {.store = *archive_.store,
            .storage = on(storage_),
            .worker = on(packing_),
            .loop = loop_,
            .metrics = *metrics_,
            .random = runtime::random_u64,
            .publish = [this](Message message, std::function<void(Status)> answer) {
                return collector_.publish(std::move(message), std::move(answer));
            }};
}

Service::Service(const HqSettings& settings, Archive archive, std::function<Today(WallTime)> today)
    : settings_{settings},
      archive_{std::move(archive)},
      today_{std::move(today)},
      transport_{mqtt::make_transport(loop_, *metrics_, transport_settings(settings))},
      collector_{collector_parts(), {.credit_bytes_s = settings.credit_bytes_s}},
      downlink_{downlink_parts(),
                {.keys_dir = settings.keys_dir,
                 .signing_key = settings.signing_key,
                 .datasets_dir = settings.datasets_dir,
                 .token_file = settings.token_file,
                 .active = archive_.leases == nullptr}},
      server_{runtime::make_http_server(
          loop_, {.body_bytes_max = kDatasetUploadBytesMax, .connections_max = 32}, *metrics_)} {
    if (archive_.leases != nullptr)
        leases_.emplace(
            LeaseKeeper::Parts{.table = *archive_.leases,
                               .loop = loop_,
                               .metrics = *metrics_,
                               .storage = on(storage_),
                               .changed = [this](const HeldLeases& held) { take(held); }},
            archive_.lease_settings);
}

void Service::take(const HeldLeases& held) {
    std::vector<unsigned> partitions;
    for (const auto& [partition, token] : held.partitions) partitions.push_back(partition);
    collector_.serve(partitions);
    downlink_.set_active(held.rollout);
}

Status Service::listen() {
    add_pages(*server_, {collector_, *archive_.store, loop_, *metrics_, on(storage_), today_});
    downlink_.add_routes(*server_);
    return server_->listen({.host = settings_.listen_host, .port = settings_.listen_port});
}

void Service::stop() {
    if (std::exchange(stopping_, true)) return;
    notify_.stopping();
    server_->stop();
    const auto leave = [this] { collector_.stop([this] { loop_.stop(); }); };
    if (leases_) return leases_->stop(leave);
    leave();
}

Status Service::run() {
    if (auto listening = listen(); !listening) return listening;
    collector_.on_presence([this](const std::string& store, const Presence& presence) {
        downlink_.presence(store, presence);
    });
    collector_.on_notice([this] { downlink_.noticed(); });
    if (auto keys = downlink_.start(); !keys) return keys;
    const runtime::Signals signals{
        loop_, {.stop = [this] { stop(); }, .reload = [] { log::info("hq.reload_ignored"); }}};
    // Nothing is served before the first leases are there.
    if (leases_) collector_.serve({});
    collector_.start();
    if (leases_) leases_->start();
    log::info("hq.ready", {{"port", server_->port()}});
    notify_.ready("collecting");
    loop_.run();
    packing_.stop(runtime::WorkerThread::OnStop::Drop);
    storage_.stop(runtime::WorkerThread::OnStop::Drain);
    return {};
}

}  // namespace

Status run_hq(const HqSettings& settings) {
    const auto today = calendar(settings);
    if (!today) return today.error();
    auto archive = open_archive(settings);
    if (!archive) return archive.error();
    Service service{settings, std::move(*archive), *today};
    return service.run();
}

Result<bool> print_completeness(const std::string& store_url, const std::string& store) {
    auto archive = open_event_store(store_url, {.read_only = true});
    if (!archive) return archive.error();
    const auto streams = (*archive)->completeness(EventStore::Proof::Recounted, store);
    if (!streams) return streams.error();
    bool complete = true;
    for (const auto& stream : *streams) {
        std::printf("%s\n", to_json(stream).c_str());
        complete &= stream.missing == 0;
    }
    const auto audits = prove_audit(**archive, store);
    if (!audits) return audits.error();
    for (const AuditProof& audit : *audits) {
        std::printf("%s\n", to_json(audit).c_str());
        complete &= audit.breaks == 0;
    }
    return complete;
}

}  // namespace aisle::hq
