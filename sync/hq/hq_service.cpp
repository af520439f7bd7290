#include "sync/hq/hq_service.hpp"

#include <memory>
#include <utility>

#include "agent/runtime/http_server.hpp"
#include "agent/runtime/io_loop.hpp"
#include "agent/runtime/log.hpp"
#include "agent/runtime/service_notify.hpp"
#include "agent/runtime/signals.hpp"
#include "agent/runtime/system_clock.hpp"
#include "agent/runtime/time_zone.hpp"
#include "agent/runtime/worker_thread.hpp"
#include "sync/hq/collector.hpp"
#include "sync/hq/event_store.hpp"
#include "sync/hq/hq_pages.hpp"
#include "sync/hq/local_day.hpp"
#include "sync/mqtt/transport.hpp"

namespace aisle::hq {
namespace {

mqtt::TransportSettings transport_settings(const HqSettings& settings) {
    return {.name = "hq",
            .host = settings.broker_host,
            .port = settings.broker_port,
            .client_id = settings.client_id,
            .username = settings.broker_username,
            .password_file = settings.broker_password_file,
            .last_wait = seconds{settings.reconnect_max_s}};
}

// HQ's day for the page: of the zone that is configured, or of the machine.
Result<std::function<Today(WallTime)>> calendar(const HqSettings& settings) {
    if (settings.zone.empty()) return std::function<Today(WallTime)>{local_day};
    auto zone = runtime::open_time_zone(settings.zone);
    if (!zone) return malformed("day.zone: " + zone.error().detail);
    return std::function<Today(WallTime)>{[zone = std::shared_ptr<TimeZone>{std::move(*zone)}](
                                              WallTime now) { return day_in(*zone, now); }};
}

}  // namespace

Status run_hq(const HqSettings& settings) {
    const auto today = calendar(settings);
    if (!today) return today.error();
    auto opened = open_event_store(settings.store_url);
    if (!opened) return opened.error();

    const runtime::SystemClock clock{0};
    const auto metrics = runtime::make_metrics();
    runtime::IoLoop loop{clock, *metrics};
    const std::unique_ptr<EventStore> store = std::move(*opened);
    runtime::WorkerThread storage_thread{{.name = "hq-storage"}, *metrics};
    const StorageRunner storage = [&](runtime::Task task) {
        return storage_thread.submit(std::move(task));
    };
    const auto transport = mqtt::make_transport(loop, *metrics, transport_settings(settings));
    Collector collector{{*transport, *store, loop, *metrics, storage}};
    const auto server = runtime::make_http_server(loop, {}, *metrics);
    add_pages(*server, {collector, *store, loop, *metrics, storage, *today});
    if (auto listening =
            server->listen({.host = settings.listen_host, .port = settings.listen_port});
        !listening)
        return listening;

    runtime::ServiceNotify notify{loop};
    bool stopping = false;
    const runtime::Signals signals{loop,
                                   {.stop =
                                        [&] {
                                            if (std::exchange(stopping, true)) return;
                                            notify.stopping();
                                            server->stop();
                                            collector.stop([&] { loop.stop(); });
                                        },
                                    .reload = [] { log::info("hq.reload_ignored"); }}};
    collector.start();
    log::info("hq.ready", {{"store", settings.store_url}, {"port", server->port()}});
    notify.ready("collecting");
    loop.run();
    storage_thread.stop(runtime::WorkerThread::OnStop::Drain);
    return {};
}

}  // namespace aisle::hq
