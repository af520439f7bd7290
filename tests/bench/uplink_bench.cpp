#include <algorithm>
#include <cstdio>
#include <string>

#include "sync/uplink/cutter.hpp"
#include "tests/kit/postgres.hpp"
#include "uplink_bridge.hpp"
#include "uplink_day.hpp"
#include "uplink_records.hpp"
#include "uplink_road.hpp"

// From the outbox in SQLite over a real mosquitto into committed rows at HQ, each end a process: a
// backlog of 100,000 records beside a bridge of the same 100,000 a message each, and 1,000,000 into
// SQLite and into PostgreSQL; how long a live ledger record waits for HQ's ack while a million
// others drain and when nothing else happens; and bytes on the wire by kind. Prints one JSON object
// a line. One case alone: uplink_bench bytes|small|light|large|beside|day|
// postgresql.
namespace {

using namespace aisle;
using bench::Road;

constexpr std::int64_t kSmall = 100'000;
constexpr std::int64_t kLarge = 1'000'000;
constexpr std::int64_t kWarm = 50'000;

int complain(const char* what) {
    std::fprintf(stderr, "uplink_bench: %s\n", what);
    return 1;
}

Stream mixed(std::int64_t n) {
    if (n % 10 < 4) return Stream::Ledger;
    return n % 10 < 7 ? Stream::Offers : Stream::Footfall;
}
Stream no_ledger(std::int64_t n) { return n % 2 == 0 ? Stream::Offers : Stream::Footfall; }

bool fill(store::Store& store, std::int64_t rows, Stream (*stream_for)(std::int64_t)) {
    Batch batch;
    std::mt19937_64 random{1};
    for (std::int64_t n = 0; n < rows; ++n) {
        batch.records.push_back({.stream = stream_for(n),
                                 .kind = "bench",
                                 .at = kit::at(milliseconds{n * 7}),
                                 .body = bench::event_body(random)});
        if (batch.records.size() < kBatchRecordsMax && n + 1 < rows) continue;
        if (!store.append(batch, kit::kNoon)) return false;
        batch.records.clear();
    }
    return true;
}

// A shop that is connected and has sent a little, a broker and HQ: all that is there only once is
// there.
struct Scene {
    explicit Scene(const std::string& url = {}) {
        started = broker.start();
        hq = std::make_unique<bench::HqProcess>(
            url.empty() ? "sqlite:" + (folder.path / "hq.db").string() : url,
            bench::link_settings("hq", broker.port()));
        auto opened =
            store::Store::open(folder.path.string(), {.store = StoreId{"s-0001"}}, kit::kNoon);
        if (!opened || !fill(**opened, kWarm, mixed)) return;
        writer = std::move(*opened);
        auto read = store::StoreReader::open(folder.path.string());
        if (!read) return;
        reader = std::move(*read);
        road =
            std::make_unique<Road>(*writer, *reader, bench::link_settings("s-0001", broker.port()));
        warm = started && hq->ready() && road->connect() && road->drain(kWarm) > 0;
    }

    bench::Folder folder;
    kit::Mosquitto broker;
    bool started = false;
    std::unique_ptr<bench::HqProcess> hq;
    std::unique_ptr<store::Store> writer;
    std::unique_ptr<store::Reads> reader;
    std::unique_ptr<Road> road;
    bool warm = false;
};

// Seconds from the moment at which the uplink hears of the rows; negative if it went wrong. Memory
// is compared with that of the same shop when it had nothing to send.
double drain(std::int64_t rows, const std::string& into, const std::string& url) {
    Scene scene{url};
    if (!scene.warm) return -1;
    Road& road = *scene.road;
    const long idle_kb = bench::own_kb(getpid());
    if (!fill(*scene.writer, rows, mixed)) return -1;
    const long queued_kb = bench::own_kb(getpid());
    const double bytes_before = road.total("aisle_uplink_bytes_total");
    const double agent_before_s = bench::cpu_seconds(getpid());
    const double hq_before_s = bench::cpu_seconds(scene.hq->pid());
    const double time_s = road.drain(kWarm + rows);
    const auto count = static_cast<double>(rows);
    std::printf(
        "{\"bench\":\"uplink\",\"case\":\"drain\",\"into\":\"%s\",\"records\":%lld,\"body_bytes\":%"
        "zu,"
        "\"seconds\":%.3f,\"records_per_s\":%.0f,\"agent_cpu_s\":%.2f,\"hq_cpu_s\":%.2f,"
        "\"wire_bytes_per_record\":%.1f,\"idle_kb\":%ld,\"queued_kb\":%ld,\"rss_growth_kb\":%ld}\n",
        into.c_str(), static_cast<long long>(rows), bench::kBodyBytes, time_s, count / time_s,
        bench::cpu_seconds(getpid()) - agent_before_s,
        bench::cpu_seconds(scene.hq->pid()) - hq_before_s,
        (road.total("aisle_uplink_bytes_total") - bytes_before) / count, idle_kb, queued_kb,
        road.most_kb() - idle_kb);
    std::fflush(stdout);
    return time_s;
}

double drain_sqlite(std::int64_t rows) { return drain(rows, "sqlite", {}); }

// The server is started before the case's own processes, and keeps what it is told (fsync on).
double drain_postgresql(std::int64_t rows) {
    kit::Postgres server{{.fsync = true, .extra = {}}};
    if (!server.start()) return -1;
    return drain(rows, "postgresql", server.fresh_database());
}

// One ledger record after the other, each from its commit until HQ's ack.
class Probe {
public:
    explicit Probe(Road& road) : road_{road}, told_{ledger()} {
        watching_ = runtime::every(road.loop, milliseconds{1}, [this] { look(); });
        telling_ = runtime::every(road.loop, milliseconds{23}, [this] { tell(); });
    }
    [[nodiscard]] std::size_t count() const { return waits_ms_.size(); }
    [[nodiscard]] double quantile(double part) {
        if (waits_ms_.empty()) return -1;
        std::ranges::sort(waits_ms_);
        const auto last = static_cast<double>(waits_ms_.size() - 1);
        return waits_ms_.at(static_cast<std::size_t>(part * last));
    }

private:
    [[nodiscard]] std::int64_t ledger() const {
        return road_.uplink().status().streams[0].acknowledged;
    }
    void tell() {
        if (waiting_) return;
        waiting_ = true;
        std::mt19937_64 random{waits_ms_.size()};
        Batch batch;
        batch.records.push_back({.stream = Stream::Ledger,
                                 .kind = "bench",
                                 .at = road_.clock.now(),
                                 .body = bench::event_body(random)});
        road_.storage().append(std::move(batch), [this](const Status&) {
            committed_ = road_.clock.now().mono;
            ++told_;
            road_.uplink().wake(Stream::Ledger, 1);
        });
    }
    void look() {
        if (!waiting_ || committed_ == MonoTime{}) return;
        if (ledger() < told_) return;
        waits_ms_.push_back(1e3 * bench::seconds_since(committed_, road_.clock));
        waiting_ = false;
        committed_ = {};
    }

    Road& road_;
    bool waiting_ = false;
    MonoTime committed_{};
    std::int64_t told_;
    std::vector<double> waits_ms_;
    runtime::TimerHandle watching_;
    runtime::TimerHandle telling_;
};

bool latency(const char* name, std::int64_t others) {
    Scene scene;
    if (!scene.warm || !fill(*scene.writer, others, no_ledger)) return false;
    Road& road = *scene.road;
    for (const Stream stream : {Stream::Offers, Stream::Footfall})
        if (others > 0) road.uplink().wake(stream, wire::kBatchRowsMax);
    Probe probe{road};
    const auto drained = [&] {
        return road.acknowledged() >= kWarm + others + static_cast<std::int64_t>(probe.count());
    };
    const bool all = others > 0 ? kit::run_until(road.loop, drained, minutes{5})
                                : kit::run_until(road.loop, [&] { return probe.count() >= 150; });
    std::printf(
        "{\"bench\":\"uplink\",\"case\":\"%s\",\"others\":%lld,\"ledger_records\":%zu,"
        "\"ack_p50_ms\":%.1f,\"ack_p99_ms\":%.1f}\n",
        name, static_cast<long long>(others), probe.count(), probe.quantile(0.5),
        probe.quantile(0.99));
    std::fflush(stdout);
    return all;
}

// Bytes at the proxy for one of `times` exchanges, each done before the next.
class LineMeter {
public:
    LineMeter(Road& road, store::Store& writer, kit::TcpProxy& line)
        : road_{road}, writer_{writer}, line_{line} {}

    double records(int times, const std::function<Batch()>& make) {
        return each(times, [&] {
            const Batch batch = make();
            told_ += static_cast<std::int64_t>(batch.records.size());
            if (!writer_.append(batch, kit::kNoon)) return false;
            // Said to be many, so that nothing lingers.
            road_.uplink().wake(batch.records.front().stream, wire::kBatchRowsMax);
            return kit::run_until(road_.loop, [&] { return road_.acknowledged() >= told_; });
        });
    }
    double births(int times) {
        return each(times, [&] {
            road_.uplink().announce();
            return true;
        });
    }
    // Of so many keep-alives.
    double pings(int times, seconds keep_alive) {
        const auto before = line_.passed();
        kit::run_until(
            road_.loop, [] { return false; }, keep_alive * times + seconds{1});
        return static_cast<double>(line_.passed() - before) / times;
    }

private:
    double each(int times, const std::function<bool()>& exchange) {
        settle();
        const auto before = line_.passed();
        for (int n = 0; n < times; ++n) {
            if (!exchange()) return -1;
            settle();
        }
        return static_cast<double>(line_.passed() - before) / times;
    }
    // Acknowledgements of acknowledgements are on the line as well.
    void settle() {
        kit::run_until(
            road_.loop, [] { return false; }, milliseconds{60});
    }

    Road& road_;
    store::Store& writer_;
    kit::TcpProxy& line_;
    std::int64_t told_ = 0;
};

// A store-day of sales and visits with all that goes with it, both ways, TLS records included.
bool day() {
    constexpr seconds kKeepAlive{12};
    const bench::SecuredBroker broker;
    bench::Folder folder;
    if (!broker.good()) return false;
    bench::HqProcess hq{"sqlite:" + (folder.path / "hq.db").string(),
                        broker.settings("aisle-hq", broker.port())};
    auto writer =
        store::Store::open(folder.path.string(), {.store = StoreId{"s-0001"}}, kit::kNoon);
    auto reader = store::StoreReader::open(folder.path.string());
    if (!hq.ready() || !writer || !reader) return false;
    kit::TcpProxy line{broker.port()};
    Road road{**writer, **reader, broker.settings("s-0001", line.port())};
    if (!road.connect()) return false;
    kit::run_until(
        road.loop, [] { return false; }, seconds{1});
    const auto connect = static_cast<double>(line.passed());
    LineMeter meter{road, **writer, line};
    std::mt19937_64 random{3};
    std::int64_t n = 0;
    const double sale =
        meter.records(40, [&] { return Batch{.records = {bench::sale(random, ++n)}}; });
    const bench::DayPlan plan{12.0, 30.0, 60.0};
    const int together = (bench::kDayVisits + plan.visit_batches / 2) / plan.visit_batches;
    const double visits = meter.records(40, [&] {
        Batch batch;
        for (int i = 0; i < together; ++i) batch.records.push_back(bench::visit(random));
        return batch;
    });
    const double birth = meter.births(20);
    const double ping = meter.pings(2, kKeepAlive);
    const double sum = connect + bench::kDaySales * sale + plan.visit_batches * visits +
                       plan.births * birth + plan.pings * ping;
    std::printf(
        "{\"bench\":\"uplink\",\"case\":\"day\",\"sales\":%d,\"visits\":%d,\"connect\":%.0f,"
        "\"sale\":%.0f,\"visit_batches\":%d,\"visit_batch\":%.0f,\"births\":%d,\"birth\":%.0f,"
        "\"pings\":%d,\"ping\":%.0f,\"day_bytes\":%.0f}\n",
        bench::kDaySales, bench::kDayVisits, connect, sale, plan.visit_batches, visits, plan.births,
        birth, plan.pings, ping, sum);
    std::fflush(stdout);
    return sale > 0 && visits > 0;
}

double wire_bytes(Record (*make)(std::mt19937_64&, std::int64_t)) {
    std::mt19937_64 random{7};
    std::vector<OutboxRow> rows;
    for (std::int64_t n = 1; n <= 500; ++n)
        rows.push_back({.seq = 100'000 + n, .from = 100'000 + n, .record = make(random, n)});
    wire::Packer packer;
    const auto cuts = uplink::cut(
        rows,
        {.header = {.store = StoreId{"s-0001"}, .epoch = "0123456789abcdef", .sent_at = kit::kNoon},
         .bytes_max = 1024 * 1024},
        packer);
    return static_cast<double>(cuts.batches.at(0).cut.bytes) / 500;
}

Record plain(std::mt19937_64& random, std::int64_t n) {
    Stamp at = kit::at(milliseconds{n * 700 + static_cast<std::int64_t>(random() % 700)});
    return {.kind = "bench", .at = at, .body = bench::event_body(random)};
}
Record with_ids(std::mt19937_64& random, std::int64_t n) {
    Record record = plain(random, n);
    record.event_id = bench::hex(random, 32);
    record.body = bench::event_body(random, bench::hex(random, 32));
    return record;
}

void bytes_by_kind() {
    std::printf(
        "{\"bench\":\"uplink\",\"case\":\"wire_bytes_per_record\",\"batch\":500,\"plain_214\":%.1f,"
        "\"with_id_and_pseudonym\":%.1f,\"offer\":%.1f,\"sale\":%.1f,\"footfall_minute\":%.1f}\n",
        wire_bytes(plain), wire_bytes(with_ids), wire_bytes(bench::offer), wire_bytes(bench::sale),
        wire_bytes(bench::minute));
    std::fflush(stdout);
}

// Each case in a process of its own: threads and memory of the one before would be in its way.
double in_process(const std::function<double()>& work) {
    int result[2];
    if (pipe(result) != 0) std::abort();
    const pid_t process = fork();
    double value = -1;
    if (process == 0) {
        value = work();
        _exit(write(result[1], &value, sizeof value) == sizeof value ? 0 : 74);
    }
    close(result[1]);
    if (read(result[0], &value, sizeof value) != sizeof value) value = -1;
    close(result[0]);
    waitpid(process, nullptr, 0);
    return value;
}

}  // namespace

// One case by its name, or all of them.
int main(int argc, char** argv) {
    if (!kit::Mosquitto::available()) return complain("mosquitto is not installed");
    const std::string only = argc > 1 ? argv[1] : "";
    const auto wanted = [&only](const char* name) { return only.empty() || only == name; };
    bool good = true;
    if (wanted("bytes")) bytes_by_kind();
    if (wanted("small")) {
        const double small_s = in_process([] { return drain_sqlite(kSmall); });
        const double bridge_s = in_process([] { return bench::bridge(kSmall); });
        good = good && small_s > 0 && bridge_s > 0;
        std::printf(
            "{\"bench\":\"uplink\",\"case\":\"bridge\",\"records\":%lld,\"bridge_s\":%.3f,"
            "\"uplink_s\":%.3f,\"ratio\":%.3f}\n",
            static_cast<long long>(kSmall), bridge_s, small_s, small_s / bridge_s);
        std::fflush(stdout);
    }
    if (wanted("light"))
        good = in_process([] { return latency("light", 0) ? 1.0 : -1.0; }) > 0 && good;
    if (wanted("large")) good = in_process([] { return drain_sqlite(kLarge); }) > 0 && good;
    if (wanted("beside"))
        good =
            in_process([] { return latency("beside_a_drain", kLarge) ? 1.0 : -1.0; }) > 0 && good;
    if (wanted("day")) good = in_process([] { return day() ? 1.0 : -1.0; }) > 0 && good;
    if (wanted("postgresql") && kit::Postgres::available())
        good = in_process([] { return drain_postgresql(kLarge); }) > 0 && good;
    return good ? 0 : complain("a case did not end");
}
