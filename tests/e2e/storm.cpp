#include "storm.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <memory>
#include <random>
#include <utility>

#include "agent/runtime/io_loop.hpp"
#include "agent/runtime/system_clock.hpp"
#include "agent/runtime/worker_thread.hpp"
#include "agent/sqlite/database.hpp"
#include "sync/hq/collector.hpp"
#include "sync/hq/event_store.hpp"
#include "sync/mqtt/transport.hpp"
#include "sync/uplink/uplink.hpp"
#include "tests/kit/model_outbox.hpp"
#include "tests/kit/mosquitto.hpp"
#include "tests/kit/tcp_proxy.hpp"
#include "tests/kit/temp_folder.hpp"

namespace aisle::e2e {
namespace {

namespace fs = std::filesystem;

constexpr milliseconds kDrainMax{60'000};
constexpr std::array kSent{Stream::Ledger, Stream::Offers};

class Storm {
public:
    explicit Storm(const StormSettings& settings) : settings_{settings}, random_{settings.seed} {}
    ~Storm() { storage_.stop(runtime::WorkerThread::OnStop::Drain); }
    Storm(const Storm&) = delete;
    Storm& operator=(const Storm&) = delete;

    StormResult run();

private:
    bool start();
    std::unique_ptr<Transport> connect(const std::string& name, std::uint16_t port);
    void start_hq();
    void start_store();
    void add(int rows);
    void squall();
    void strike(kit::TcpProxy& way);
    kit::TcpProxy::Faults weather();
    [[nodiscard]] bool empty() const;
    void count(StormResult& result);
    void tell();
    void wait(milliseconds time) {
        kit::run_until(
            loop_, [] { return false; }, time);
    }
    std::uint64_t below(std::uint64_t bound) { return random_() % bound; }
    double counted(const char* name) { return metrics_->counter(name, "").value(); }

    StormSettings settings_;
    std::mt19937_64 random_;
    kit::TempFolder folder_;
    kit::Mosquitto broker_;
    std::unique_ptr<kit::TcpProxy> store_way_;
    std::unique_ptr<kit::TcpProxy> hq_way_;
    runtime::SystemClock clock_{1};
    std::unique_ptr<runtime::Metrics> metrics_ = runtime::make_metrics();
    runtime::IoLoop loop_{clock_, *metrics_};
    kit::ModelOutbox outbox_{[this](std::function<void()> task) { loop_.post(std::move(task)); }};
    std::unique_ptr<hq::EventStore> table_;
    runtime::WorkerThread storage_{{.name = "hq-storage"}, *metrics_};
    std::unique_ptr<Transport> hq_link_;
    std::unique_ptr<Transport> store_link_;
    std::unique_ptr<hq::Collector> hq_;
    std::unique_ptr<uplink::Uplink> uplink_;
    std::int64_t added_ = 0;
};

// The rules are those of the programs, a tenth as patient.
std::unique_ptr<Transport> Storm::connect(const std::string& name, std::uint16_t port) {
    return mqtt::make_transport(loop_, *metrics_,
                                {.name = name,
                                 .port = port,
                                 .client_id = name,
                                 .keep_alive = seconds{2},
                                 .connect_max = seconds{2},
                                 .first_wait = milliseconds{20},
                                 .last_wait = milliseconds{400},
                                 .denied_wait = milliseconds{400},
                                 .echo_every = seconds{1},
                                 .echo_max = seconds{1}});
}

void Storm::start_hq() {
    hq_link_ = connect("aisle-hq", hq_way_->port());
    hq_ = std::make_unique<hq::Collector>(hq::Collector::Parts{
        *hq_link_, *table_, loop_, *metrics_,
        [this](runtime::Task task) { return storage_.submit(std::move(task)); }});
    hq_->start();
}

void Storm::start_store() {
    store_link_ = connect("s-0001", store_way_->port());
    uplink_ = uplink::make_uplink({outbox_, *store_link_, loop_, *metrics_},
                                  {.store = StoreId{"s-0001"},
                                   .epoch = "0123456789abcdef",
                                   .repeat_first = milliseconds{500},
                                   .repeat_last = seconds{4},
                                   .drain_spread = milliseconds{500},
                                   .puback_max = milliseconds{1'500},
                                   .hq_silent_max = milliseconds{2'500}});
    uplink_->start();
}

bool Storm::start() {
    if (!broker_.start()) return false;
    auto table = hq::open_event_store("sqlite:" + folder_.file("hq.db"), {.accept_new = true});
    if (!table) return false;
    table_ = std::move(*table);
    store_way_ = std::make_unique<kit::TcpProxy>(broker_.port(), settings_.seed * 2);
    hq_way_ = std::make_unique<kit::TcpProxy>(broker_.port(), settings_.seed * 2 + 1);
    start_hq();
    start_store();
    return kit::run_until(
        loop_, [this] { return store_link_->link().connected && hq_link_->link().connected; });
}

// Bodies say which record they are, so that HQ's rows can be told apart from anything else.
void Storm::add(int rows) {
    for (int i = 0; i < rows; ++i) {
        ++added_;
        for (const Stream stream : kSent)
            outbox_.add(stream, "{\"n\":" + std::to_string(added_) + ",\"text\":\"" +
                                    std::to_string(random_()) + "\"}");
    }
    for (const Stream stream : kSent) uplink_->wake(stream, static_cast<std::size_t>(rows));
}

kit::TcpProxy::Faults Storm::weather() {
    constexpr std::array<std::size_t, 6> kDamage{0, 100, 400, 1'000, 4'000, 20'000};
    constexpr std::array<int, 4> kDelayMs{0, 0, 5, 40};
    kit::TcpProxy::Faults faults;
    faults.corrupt_per_million = kDamage.at(below(kDamage.size()));
    faults.delay = milliseconds{kDelayMs.at(below(kDelayMs.size()))};
    if (below(4) == 0) faults.reset_after_bytes = 500 + below(60'000);
    faults.refuse = below(12) == 0;
    faults.black_hole = below(12) == 0;
    return faults;
}

void Storm::strike(kit::TcpProxy& way) {
    if (below(2) == 0) way.set(weather());
    if (below(8) == 0) way.cut();
    if (below(8) == 0) way.reset();
}

void Storm::squall() {
    strike(*store_way_);
    strike(*hq_way_);
    add(static_cast<int>(20 + below(180)));
    wait(milliseconds{100 + static_cast<std::int64_t>(below(300))});
}

bool Storm::empty() const {
    return std::ranges::all_of(kSent, [this](Stream stream) { return outbox_.rows(stream) == 0; });
}

// Nothing is cut at the end: who is deaf by then must find it out.
StormResult Storm::run() {
    StormResult result;
    if (!start()) return result;
    for (int i = 0; i < settings_.squalls; ++i) squall();
    store_way_->set({});
    hq_way_->set({});
    add(10);
    const MonoTime healed = clock_.now().mono;
    result.drained = kit::run_until(
        loop_, [this] { return empty(); }, kDrainMax);
    const auto took = std::chrono::duration_cast<milliseconds>(clock_.now().mono - healed);
    result.drain_s = static_cast<double>(took.count()) / 1'000;
    if (!result.drained) tell();
    // What the store has repeated in vain is answered before HQ is asked.
    wait(milliseconds{300});
    storage_.stop(runtime::WorkerThread::OnStop::Drain);
    count(result);
    return result;
}

// Where it stands, for a storm that did not end well.
void Storm::tell() {
    const auto link = [&](const char* name, const Transport& transport) {
        const runtime::Labels labels{{"link", name}};
        const auto of = [&](const char* metric) {
            return metrics_->counter(metric, "", labels).value();
        };
        std::fprintf(stderr, "%s: %s, reason \"%s\", connects %.0f, deaf %.0f, received %.0f\n",
                     name, transport.link().connected ? "up" : "down",
                     transport.link().reason.c_str(), of("aisle_mqtt_connects_total"),
                     of("aisle_mqtt_deaf_total"), of("aisle_mqtt_received_total"));
    };
    link("s-0001", *store_link_);
    link("aisle-hq", *hq_link_);
    for (const char* name :
         {"aisle_hq_batches_total", "aisle_hq_refused_total", "aisle_hq_commits_total",
          "aisle_hq_commit_failures_total", "aisle_hq_quarantined_total",
          "aisle_uplink_reconnects_total", "aisle_uplink_epochs_total"})
        std::fprintf(stderr, "%s %.0f\n", name, counted(name));
    for (const auto& stream : uplink_->status().streams)
        std::fprintf(stderr, "%s: rows %lld, acknowledged %lld, in flight %zu\n",
                     std::string{to_text(stream.stream)}.c_str(),
                     static_cast<long long>(stream.rows),
                     static_cast<long long>(stream.acknowledged), stream.in_flight);
}

void Storm::count(StormResult& result) {
    result.rows = added_ * static_cast<std::int64_t>(kSent.size());
    auto database = sqlite::Database::open(folder_.file("hq.db"), {.read_only = true});
    const auto ask = [&](const std::string& sql) -> std::int64_t {
        const auto number = database ? database->integer(sql) : Result<std::int64_t>{-1};
        return number ? *number : -1;
    };
    result.at_hq =
        ask("select count(*) from (select distinct stream, body from events where kind <> 'gap')");
    result.doubled = ask("select count(*) from events where kind <> 'gap'") - result.at_hq;
    result.bad = ask(
        "select count(*) from events where kind <> 'gap' and json_extract(body, '$.n') is not seq");
    result.lost = ask("select count(*) from events where kind = 'gap'");
    result.missing = 0;
    if (const auto proof = table_->completeness(hq::EventStore::Proof::Recounted, ""))
        for (const auto& stream : *proof) result.missing += stream.missing;
    else
        result.missing = -1;
    result.epochs = outbox_.epochs_begun();
    for (const auto& [store, presence] : hq_->presence())
        result.alarms += static_cast<std::int64_t>(presence.alarms.size());
    result.bytes = static_cast<std::int64_t>(store_way_->corrupted() + hq_way_->corrupted());
    result.damaged = static_cast<std::int64_t>(counted("aisle_uplink_damaged_total") +
                                               counted("aisle_hq_damaged_total"));
    result.quarantined = static_cast<std::int64_t>(counted("aisle_hq_quarantined_total"));
    result.connections =
        static_cast<std::int64_t>(store_way_->connections() + hq_way_->connections());
}

}  // namespace

StormResult storm(const StormSettings& settings) { return Storm{settings}.run(); }

std::string to_json(const StormSettings& settings, const StormResult& result) {
    std::string out = "{\"storm\":" + std::to_string(settings.seed);
    const auto add = [&](const char* name, std::int64_t value) {
        out += ",\"" + std::string{name} + "\":" + std::to_string(value);
    };
    add("rows", result.rows);
    add("at_hq", result.at_hq);
    add("doubled", result.doubled);
    add("bad", result.bad);
    add("missing", result.missing);
    add("gaps", result.lost);
    add("epochs", result.epochs);
    add("alarms", result.alarms);
    add("bytes_damaged", result.bytes);
    add("messages_damaged", result.damaged);
    add("quarantined", result.quarantined);
    add("connections", result.connections);
    std::array<char, 32> drain{};
    std::snprintf(drain.data(), drain.size(), "%.1f", result.drain_s);
    return out + ",\"drain_s\":" + drain.data() +
           ",\"held\":" + (result.held() ? "true" : "false") + "}";
}

}  // namespace aisle::e2e
