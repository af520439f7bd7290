#include "agent/app/agent.hpp"

#include <unistd.h>
#include <fstream>

#include "agent/runtime/log.hpp"
#include "agent/runtime/random.hpp"
#include "agent/runtime/signals.hpp"
#include "sync/mqtt/transport.hpp"

namespace aisle::app {
namespace {

constexpr milliseconds kStopMax{1900};  // a clean stop takes at most two seconds

log::Level level_of(const std::string& name) {
    if (name == "debug") return log::Level::Debug;
    if (name == "warn") return log::Level::Warn;
    return name == "error" ? log::Level::Error : log::Level::Info;
}

// Seldom, as each echo costs the line some 200 bytes; acknowledgements prove the same for nothing,
// and where they fail to come the uplink makes a new connection, which asks at once.
constexpr milliseconds kEchoEvery{300'000};

mqtt::TransportSettings link_settings(const LinkWish& wish) {
    const config::BrokerConfig& broker = wish.broker;
    mqtt::TransportSettings settings;
    settings.name = wish.name;
    settings.host = broker.host;
    settings.port = broker.port;
    settings.client_id =
        broker.client_id.empty() ? "aisle-" + wish.store.value + "-" + wish.name : broker.client_id;
    settings.unique_client_id = true;
    settings.username = broker.username;
    settings.password_file = broker.password_file;
    settings.last_wait = broker.reconnect_max;
    if (wish.name == "hq") settings.echo_every = kEchoEvery;
    settings.plaintext_allowed = broker.tls.plaintext_allowed;
    settings.tls = {.enabled = broker.tls.enabled,
                    .ca_file = broker.tls.ca_file,
                    .cert_file = broker.tls.cert_file,
                    .key_file = broker.tls.key_file};
    if (!broker.further.empty()) settings.endpoints.push_back({broker.host, broker.port});
    settings.known_time = wish.known_time;
    for (const config::BrokerAddress& other : broker.further)
        settings.endpoints.push_back({other.host, other.port});
    return settings;
}

double resident_bytes() {
    std::ifstream statm{"/proc/self/statm"};
    double all = 0;
    double resident = 0;
    statm >> all >> resident;
    return resident * static_cast<double>(::sysconf(_SC_PAGESIZE));
}

Run runner(runtime::WorkerThread& thread) {
    return [&thread](runtime::Task task) { return thread.submit(std::move(task)); };
}

}  // namespace

boost::system::result<Opened, Failure> open_here(config::AgentConfig config) {
    const runtime::SystemClock clock{0};
    return open_shop(
        std::move(config),
        {.clock = clock, .boot_id = runtime::read_boot_id(), .disk = sqlite::system_disk()});
}

Agent::Agent(Opened opened, std::string config_path)
    : config_path_{std::move(config_path)},
      clock_{opened.boot},
      metrics_{runtime::make_metrics()},
      loop_{clock_, *metrics_},
      storage_thread_{{.name = "storage", .queue_max = 1024}, *metrics_},
      reader_thread_{{.name = "reader", .queue_max = 1024}, *metrics_},
      slow_thread_{{.name = "slow", .low_priority = true}, *metrics_},
      http_{runtime::make_http_server(loop_, {}, *metrics_)},
      shop_{std::move(opened), platform()},
      notify_{loop_} {}

Agent::~Agent() = default;

Platform Agent::platform() {
    return {.loop = loop_,
            .metrics = *metrics_,
            .http = *http_,
            .write = runner(storage_thread_),
            .read = runner(reader_thread_),
            .slow = runner(slow_thread_),
            .random = runtime::random_u64,
            .transport =
                [this](const LinkWish& wish) {
                    return mqtt::make_transport(loop_, *metrics_, link_settings(wish));
                },
            .drivers = all_drivers(),
            .resident_bytes = resident_bytes,
            .broken =
                [this](const Error& error) {
                    log::error("store_broken", {{"why", error.detail}});
                    exit_ = Exit::Again;
                    loop_.stop();
                },
            .hints = &loop_};
}

Status Agent::begin() {
    if (const Status prepared = shop_.prepare(); !prepared) return prepared;
    const config::HttpConfig& http = shop_.config().http;
    return http_->listen({.host = http.host, .port = http.port, .unix_socket = http.unix_socket});
}

Exit Agent::run() {
    log::set_level(level_of(shop_.config().log_level));
    if (const Status begun = begin(); !begun) {
        log::error("start_failed", {{"why", begun.error().detail}});
        return begun.error().fault == Fault::Unavailable ? Exit::Unavailable : Exit::Config;
    }
    const runtime::Signals signals{loop_,
                                   {.stop = [this] { stop(); }, .reload = [this] { reload(); }}};
    shop_.start();
    log::info("ready", {{"version", AISLE_VERSION},
                        {"store", shop_.config().store.id},
                        {"port", http_->port()},
                        {"epoch", shop_.epoch()}});
    notify_.ready("gathering");
    loop_.run();
    http_->stop();
    slow_thread_.stop(runtime::WorkerThread::OnStop::Drop);
    storage_thread_.stop(runtime::WorkerThread::OnStop::Drain);
    reader_thread_.stop(runtime::WorkerThread::OnStop::Drop);
    log::info("stopped", {{"exit", static_cast<int>(exit_)}});
    return exit_;
}

void Agent::stop() {
    if (stop_deadline_.armed()) return;
    notify_.stopping();
    stop_deadline_ = loop_.after(kStopMax, [this] { loop_.stop(); });
    shop_.stop([this] { loop_.stop(); });
}

void Agent::reload() {
    notify_.reloading();
    const auto config = config::load_agent_config(config_path_);
    const auto whole = config ? shop_.reload(*config) : Result<bool>{config.error()};
    if (!whole) {
        log::error("reload_refused", {{"why", whole.error().detail}});
        return notify_.ready("running on the old settings: the new ones are faulty");
    }
    log::set_level(level_of(config->log_level));
    notify_.ready(*whole ? "gathering" : "gathering; some new settings need a restart");
}

}  // namespace aisle::app
