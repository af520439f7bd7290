// Durable appends through Store beside plain SQLite inserts of the same values: same page size,
// WAL, FULL, one table, one row a record, in the same run and interleaved. Prints one JSON object a
// line:
//   {"case","records_per_commit","rounds","store_us","plain_us","ratio"}
// times are medians in microseconds a commit; ratio = plain / store, the part of plain SQLite's
// speed that is left.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <random>
#include <string>
#include <vector>

#include "agent/sqlite/database.hpp"
#include "agent/store/store.hpp"

namespace {

using namespace aisle;

constexpr WallTime kStart{seconds{1'781'236'800}};

struct Case {
    const char* name;
    std::size_t records_per_commit;
    int rounds;
    std::size_t sale_percent;  // the others are footfall minutes, without an identity
};

template <typename Value>
Value must(Result<Value> result) {
    if (result) return std::move(*result);
    std::fprintf(stderr, "store_bench: %s\n", result.error().detail.c_str());
    std::exit(74);
}

void must(const Status& status) {
    if (status) return;
    std::fprintf(stderr, "store_bench: %s\n", status.error().detail.c_str());
    std::exit(74);
}

std::string hex(std::mt19937_64& random, int digits) {
    std::string text;
    for (int i = 0; i < digits; ++i) text += "0123456789abcdef"[random() % 16];
    return text;
}

std::string sale_body(std::mt19937_64& random, const std::string& id) {
    std::string body = "{\"sale\":\"" + id + "\",\"key\":\"till|s-0001|3|2026-06-12|" +
                       std::to_string(random() % 100'000) +
                       "\",\"revision\":1,\"source\":\"till\",\"type\":\"sale\",\"status\":"
                       "\"completed\",\"lines\":[";
    for (int line = 1; line <= 3; ++line) {
        const auto net = std::to_string(random() % 10'000);
        body += (line > 1 ? ",{\"n\":" : "{\"n\":") + std::to_string(line) +
                ",\"kind\":\"sale\",\"sku\":\"SKU" + std::to_string(random() % 5'000) +
                "\",\"qty_milli\":1000,\"unit\":\"ea\",\"gross\":" + net +
                ",\"discount\":0,\"net\":" + net + "}";
    }
    return body +
           "],\"tenders\":[{\"kind\":\"cash\",\"amount\":" + std::to_string(random() % 30'000) +
           ",\"change\":0}],\"total\":" + std::to_string(random() % 30'000) + "}";
}

Record make_record(std::mt19937_64& random, const Case& what, int n) {
    Record record{.stream = Stream::Footfall, .kind = "footfall_minute"};
    record.at = {.boot = 1,
                 .mono = MonoTime{milliseconds{n}},
                 .wall = kStart + milliseconds{n},
                 .quality = ClockQuality::Ntp};
    if (random() % 100 >= what.sale_percent) {
        record.body = "{\"door\":\"main\",\"start\":\"2026-06-12T04:00:00.000Z\",\"in\":" +
                      std::to_string(random() % 60) + ",\"out\":" + std::to_string(random() % 60) +
                      ",\"occupancy\":" + std::to_string(random() % 200) +
                      ",\"clamped\":0,\"blind_s\":0,\"counts\":true}";
        return record;
    }
    record.stream = Stream::Ledger;
    record.kind = "sale";
    record.event_id = hex(random, 32);
    record.revision = 1;
    record.digest = hex(random, 64);
    record.body = sale_body(random, record.event_id);
    return record;
}

// The reference: what the same values cost with nothing around them.
class PlainTable {
public:
    explicit PlainTable(const std::string& path) : database_{must(sqlite::Database::open(path))} {
        must(database_.exec(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -1000;"
            "PRAGMA wal_autocheckpoint = 1000;"
            "CREATE TABLE plain(id INTEGER PRIMARY KEY, stream INTEGER, kind TEXT, event_id TEXT, "
            "revision INTEGER,"
            "boot INTEGER, mono INTEGER, wall INTEGER, quality INTEGER, committed INTEGER, digest "
            "TEXT, body TEXT)"));
        insert_ =
            must(database_.prepare("INSERT INTO plain(stream, kind, event_id, revision, boot, "
                                   "mono, wall, quality, committed, digest, body)"
                                   "VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11)"));
    }

    void append(const Batch& batch, WallTime committed) {
        auto transaction = must(sqlite::Transaction::begin(database_));
        for (const Record& record : batch.records) {
            insert_.bind(1, static_cast<int>(record.stream))
                .bind(2, record.kind)
                .bind(3, record.event_id);
            insert_.bind(4, record.revision)
                .bind(5, record.at.boot)
                .bind(6, record.at.mono.time_since_epoch().count());
            insert_.bind(7, record.at.wall.time_since_epoch().count())
                .bind(8, static_cast<int>(record.at.quality));
            insert_.bind(9, committed.time_since_epoch().count())
                .bind(10, record.digest)
                .bind(11, record.body);
            must(insert_.run());
        }
        must(transaction.commit());
    }

private:
    sqlite::Database database_;
    sqlite::Statement insert_;
};

struct Times {
    std::vector<double> elapsed_us;
    std::vector<double> cpu_us;
};

double cpu_now_us() {
    timespec now{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

template <typename Work>
void measure(Times& times, const Work& work) {
    const auto start = std::chrono::steady_clock::now();
    const double cpu_start = cpu_now_us();
    work();
    times.cpu_us.push_back(cpu_now_us() - cpu_start);
    const std::chrono::duration<double, std::micro> elapsed =
        std::chrono::steady_clock::now() - start;
    times.elapsed_us.push_back(elapsed.count());
}

double median(std::vector<double> values) {
    std::ranges::sort(values);
    return values.at(values.size() / 2);
}

void print(const Case& what, const Times& store, const Times& plain) {
    const double store_us = median(store.elapsed_us), plain_us = median(plain.elapsed_us);
    const double store_cpu = median(store.cpu_us), plain_cpu = median(plain.cpu_us);
    std::printf(
        "{\"case\":\"%s\",\"records_per_commit\":%zu,\"rounds\":%d,\"store_us\":%.1f,\"plain_us\":%"
        ".1f,\"ratio\":%.3f,"
        "\"store_cpu_us\":%.1f,\"plain_cpu_us\":%.1f,\"cpu_ratio\":%.3f}\n",
        what.name, what.records_per_commit, what.rounds, store_us, plain_us, plain_us / store_us,
        store_cpu, plain_cpu, plain_cpu / store_cpu);
}

void run(const Case& what, const std::string& dir) {
    std::filesystem::create_directories(dir);
    auto store = must(store::Store::open(dir, {}, kStart));
    PlainTable plain{dir + "/plain.db"};
    std::mt19937_64 random{7};
    Times store_times, plain_times;
    for (int round = 0; round < what.rounds; ++round) {
        Batch batch;
        for (std::size_t i = 0; i < what.records_per_commit; ++i) {
            batch.records.push_back(make_record(random, what, round));
        }
        const WallTime committed = kStart + milliseconds{round};
        const auto through_store = [&] { must(store->append(batch, committed)); };
        const auto through_plain = [&] { plain.append(batch, committed); };
        // In turns, so that what the disk does meanwhile meets both alike.
        if (round % 2 == 0) measure(store_times, through_store);
        measure(plain_times, through_plain);
        if (round % 2 == 1) measure(store_times, through_store);
    }
    print(what, store_times, plain_times);
}

}  // namespace

// store_bench [DIR]: works in a new folder under DIR (or the system's temporary one) and removes
// it.
int main(int argc, char** argv) {
    namespace fs = std::filesystem;
    std::string dir =
        (argc > 1 ? fs::path{argv[1]} : fs::temp_directory_path()) / "aisle-store-bench-XXXXXX";
    if (::mkdtemp(dir.data()) == nullptr) return 74;
    for (const Case& what :
         {Case{"sales", 1, 1000, 100}, Case{"sales", 256, 300, 100}, Case{"mixed", 1, 1000, 40},
          Case{"mixed", 256, 300, 40}, Case{"minutes", 256, 300, 0}}) {
        run(what, dir + "/" + what.name + std::to_string(what.records_per_commit));
    }
    fs::remove_all(dir);
}
