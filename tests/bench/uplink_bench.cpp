#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "agent/app/storage.hpp"
#include "agent/runtime/io_loop.hpp"
#include "agent/runtime/system_clock.hpp"
#include "agent/runtime/worker_thread.hpp"
#include "sync/hq/collector.hpp"
#include "sync/mqtt/transport.hpp"
#include "sync/uplink/uplink.hpp"
#include "tests/kit/builders.hpp"
#include "tests/kit/mosquitto.hpp"

// A backlog of 100,000 (or argv[1]) records from the outbox in SQLite over a real broker until HQ
// has committed them into SQLite and the outbox is empty; beside plain inserts of the same bodies,
// 8,000 a transaction, in the same run. Prints one JSON object.
namespace {

using namespace aisle;

constexpr const char* kEpoch = "0123456789abcdef";
constexpr std::size_t kBodyBytes = 214;
constexpr int kPlainRows = 8'000;  // what HQ commits at once at most

double seconds_since(MonoTime start, const Clock& clock) {
    return std::chrono::duration<double>(clock.now().mono - start).count();
}

// 214 bytes of JSON with the entropy of a short sale.
std::string body_for(std::int64_t n) {
    const auto mixed = static_cast<unsigned long long>(n) * 0x9E37'79B9'7F4A'7C15ULL;
    std::string body = "{\"till\":\"till-" + std::to_string(mixed % 7) + "\",\"sku\":\"" +
                       std::to_string(6'900'000'000'000ULL + mixed % 100'000) +
                       "\",\"net\":" + std::to_string(mixed % 20'000) + ",\"member\":\"" +
                       std::to_string(mixed) + "\",\"text\":\"";
    while (body.size() < kBodyBytes - 2)
        body += static_cast<char>('a' + (mixed >> (body.size() % 48)) % 16);
    return body + "\"}";
}

Stream stream_for(std::int64_t n) {
    if (n % 10 < 4) return Stream::Ledger;
    return n % 10 < 7 ? Stream::Offers : Stream::Footfall;
}

bool fill(store::Store& store, std::int64_t rows) {
    Batch batch;
    for (std::int64_t n = 0; n < rows; ++n) {
        batch.records.push_back(
            {.stream = stream_for(n), .kind = "bench", .at = kit::at(), .body = body_for(n)});
        if (batch.records.size() < kBatchRecordsMax && n + 1 < rows) continue;
        if (!store.append(batch, kit::kNoon)) return false;
        batch.records.clear();
    }
    return true;
}

double plain_inserts(const std::string& path, std::int64_t rows, const Clock& clock) {
    auto database = sqlite::Database::open(path);
    (void)database->exec(
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE t(k INTEGER PRIMARY KEY, b "
        "TEXT)");
    auto insert = database->prepare("INSERT INTO t VALUES(NULL, ?)");
    const MonoTime start = clock.now().mono;
    for (std::int64_t n = 0; n < rows;) {
        auto transaction = sqlite::Transaction::begin(*database);
        for (int i = 0; i < kPlainRows && n < rows; ++i, ++n) {
            const std::string body = body_for(n);
            (void)insert->bind(1, body).run();
        }
        (void)transaction->commit();
    }
    return seconds_since(start, clock);
}

long resident_kb() {
    std::ifstream status{"/proc/self/status"};
    for (std::string line; std::getline(status, line);)
        if (line.starts_with("VmRSS:")) return std::atol(line.c_str() + 6);
    return 0;
}

struct Folder {
    Folder() {
        std::string name = (std::filesystem::temp_directory_path() / "aisle-bench-XXXXXX").string();
        if (mkdtemp(name.data()) == nullptr) std::abort();
        path = name;
    }
    ~Folder() { std::filesystem::remove_all(path); }
    std::filesystem::path path;
};

mqtt::TransportSettings link_settings(const std::string& name, std::uint16_t port) {
    return {.name = name, .port = port, .client_id = name};
}

// Both ends in one process, each with its threads.
class Road {
public:
    Road(store::Store& writer, store::Reads& reader, const std::string& hq_file, std::uint16_t port)
        : storage_{{.writer = writer,
                    .reader = reader,
                    .write = [this](runtime::Task task) { return write_.submit(std::move(task)); },
                    .read = [this](runtime::Task task) { return read_.submit(std::move(task)); },
                    .loop = loop},
                   },
          events_{std::move(*hq::open_event_store("sqlite:" + hq_file))},
          hq_link_{mqtt::make_transport(loop, *metrics, link_settings("hq", port))},
          link_{mqtt::make_transport(loop, *metrics, link_settings("s-0001", port))},
          hq_{{*hq_link_, *events_, loop, *metrics,
               [this](runtime::Task task) { return hq_thread_.submit(std::move(task)); }}},
          uplink_{uplink::make_uplink({storage_, *link_, loop, *metrics},
                                      {.store = StoreId{"s-0001"}, .epoch = kEpoch})} {}
    ~Road() {
        using runtime::WorkerThread;
        write_.stop(WorkerThread::OnStop::Drain);
        read_.stop(WorkerThread::OnStop::Drain);
        hq_thread_.stop(WorkerThread::OnStop::Drain);
    }
    bool connect_hq() {
        hq_.start();
        return kit::run_until(loop, [this] { return hq_.connected(); });
    }
    // Seconds from the link coming up until HQ has acknowledged everything; negative if it never
    // did.
    double drain(std::int64_t rows) {
        uplink_->start();
        if (!kit::run_until(loop, [this] { return uplink_->status().connected; })) return -1;
        const MonoTime start = clock.now().mono;
        const bool all = kit::run_until(
            loop, [&] { return acknowledged() == rows; }, minutes{10});
        return all ? seconds_since(start, clock) : -1;
    }
    [[nodiscard]] std::int64_t acknowledged() const {
        std::int64_t sum = 0;
        for (const auto& stream : uplink_->status().streams) sum += stream.acknowledged;
        return sum;
    }
    [[nodiscard]] double total(const char* name) const {
        double sum = 0;
        for (const Stream stream : kUpStreams)
            sum += metrics->counter(name, "", {{"stream", std::string{to_text(stream)}}}).value();
        return sum;
    }

    runtime::SystemClock clock{1};
    std::unique_ptr<runtime::Metrics> metrics = runtime::make_metrics();
    runtime::IoLoop loop{clock, *metrics};

private:
    runtime::WorkerThread write_{{.name = "storage"}, *metrics};
    runtime::WorkerThread read_{{.name = "reader"}, *metrics};
    runtime::WorkerThread hq_thread_{{.name = "hq-storage"}, *metrics};
    app::Storage storage_;
    std::unique_ptr<hq::EventStore> events_;
    std::unique_ptr<Transport> hq_link_;
    std::unique_ptr<Transport> link_;
    hq::Collector hq_;
    std::unique_ptr<uplink::Uplink> uplink_;
};

int complain(const char* what) {
    std::fprintf(stderr, "uplink_bench: %s\n", what);
    return 1;
}

}  // namespace

int main(int argc, char** argv) {
    const std::int64_t rows = argc > 1 ? std::atoll(argv[1]) : 100'000;
    if (!kit::Mosquitto::available()) return complain("mosquitto is not installed");
    const Folder folder;
    kit::Mosquitto broker;
    auto writer = store::Store::open(folder.path.string(),
                                     {.store = StoreId{"s-0001"}, .epoch = kEpoch}, kit::kNoon);
    if (!writer || !fill(**writer, rows)) return complain("the outbox could not be filled");
    auto reader = store::StoreReader::open(folder.path.string());
    if (!reader || !broker.start()) return complain("no reader or no broker");

    Road road{**writer, **reader, (folder.path / "hq.db").string(), broker.port()};
    if (!road.connect_hq()) return complain("HQ found no broker");
    const long before_kb = resident_kb();
    const double drained_s = road.drain(rows);
    const long after_kb = resident_kb();
    const double plain_s = plain_inserts((folder.path / "plain.db").string(), rows, road.clock);
    std::printf(
        "{\"bench\":\"uplink\",\"records\":%lld,\"body_bytes\":%zu,\"drain_s\":%.3f,\"records_per_"
        "s\":%.0f,"
        "\"wire_bytes_per_record\":%.1f,\"batches\":%.0f,\"rss_before_kb\":%ld,\"rss_after_kb\":%"
        "ld,"
        "\"plain_insert_s\":%.3f}\n",
        static_cast<long long>(rows), kBodyBytes, drained_s, static_cast<double>(rows) / drained_s,
        road.total("aisle_uplink_bytes_total") / static_cast<double>(rows),
        road.total("aisle_uplink_batches_total"), before_kb, after_kb, plain_s);
    return drained_s > 0 ? 0 : 1;
}
