// Durable appends through Store beside plain SQLite inserts of the same values: same page size,
// WAL, FULL, one table, one row a record, in the same run and interleaved. Prints one JSON object a
// line:
//   {"case","records_per_commit","rounds","store_us","plain_us","ratio"}
// times are medians in microseconds a commit; ratio = plain / store, the part of plain SQLite's
// speed that is left.
//
// Then what HQ's drain costs the store, what reaches the disk for each record of 214 bytes on a
// simulated disk that counts, and an outbox that is filled to ten times its quota:
//   {"case":"drain","rows","read_us_row","ack_us_row"}
//   {"case":"written","page_bytes","checkpoint_pages","day_bytes","at_64_bytes"}
//   {"case":"quota","records","ledger","dropped","rolled_up","seconds"}
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
#include "tests/kit/sim_disk.hpp"

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

// Reads and acknowledges as the uplink does: 500 rows a batch, an answer for every 16.
void drain(const std::string& dir, int rows) {
    std::filesystem::create_directories(dir);
    auto store = must(store::Store::open(dir, {}, kStart));
    std::mt19937_64 random{7};
    const Case what{"drain", 256, rows / 256, 40};
    for (int round = 0; round * 256 < rows; ++round) {
        Batch batch;
        for (int i = 0; i < 256; ++i) {
            batch.records.push_back(make_record(random, what, round));
            if (i % 3 == 0) batch.records.back().stream = Stream::Offers;
        }
        must(store->append(batch, kStart));
    }
    auto reader = must(store::StoreReader::open(dir));
    Times reads, acks, asks;
    measure(asks, [&] { (void)must(reader->depths()); });
    for (const Stream stream : kUpStreams) {
        std::int64_t from = 1;
        for (int batches = 1;; ++batches) {
            std::vector<OutboxRow> page;
            measure(reads, [&] {
                page = must(reader->read(OutboxRead{.stream = stream, .from_seq = from}));
            });
            if (!page.empty()) from = page.back().seq + 1;
            if (batches % 16 != 0 && !page.empty()) continue;
            measure(acks, [&] { must(store->acknowledged(stream, from, "0123456789abcdef")); });
            if (page.empty()) break;
        }
    }
    const auto per_row = [&](const std::vector<double>& times) {
        double sum = 0;
        for (const double time : times) sum += time;
        return sum / rows;
    };
    std::printf(
        "{\"case\":\"drain\",\"rows\":%d,\"read_us_row\":%.3f,\"ack_us_row\":%.3f,"
        "\"depths_us\":%.1f}\n",
        rows, per_row(reads.cpu_us), per_row(acks.cpu_us), asks.cpu_us.at(0));
}

// A record whose values take 214 bytes.
Record record_of_214(std::mt19937_64& random, Stream stream, int n) {
    Record record{.stream = stream, .kind = "footfall_minute"};
    record.at = {.boot = 1,
                 .mono = MonoTime{seconds{n}},
                 .wall = kStart + seconds{n},
                 .quality = ClockQuality::Ntp};
    if (stream == Stream::Ledger) {
        record.kind = "sale", record.event_id = hex(random, 32), record.revision = 1;
        record.digest = hex(random, 64);
    }
    const std::size_t others = record.kind.size() + record.event_id.size() + record.digest.size();
    record.body = "{\"pad\":\"" + hex(random, static_cast<int>(204 - others)) + "\"}";
    return record;
}

struct Writing {
    std::int64_t page_bytes;
    std::int64_t checkpoint_pages;
};

// A shop's day: 1,500 sales, each committed at once with a change of state and the till file's
// position, acknowledged when HQ has it; 8,500 visits and minutes, gathered for a second (which is
// one record, seldom two), acknowledged every 30 s.
double day_bytes(const Writing& how) {
    kit::SimDisk disk;
    auto store = must(store::Store::open("/d",
                                         {.checkpoint_pages = how.checkpoint_pages,
                                          .page_bytes = how.page_bytes,
                                          .disk = &disk,
                                          .ballast_bytes = 0},
                                         kStart));
    std::mt19937_64 random{7};
    disk.reset_counters();
    std::int64_t sales = 0, others = 0, sent = 0;
    for (int second = 0; second < 12 * 3600; ++second) {
        Batch batch;
        if (random() % 28'800 < 1'000) {
            batch.records.push_back(record_of_214(random, Stream::Ledger, second));
            batch.state.push_back({"footfall", "till", hex(random, 200)});
            batch.positions.push_back({"till", "file", std::to_string(second)});
            ++sales;
        } else if (random() % 41'700 < 8'500) {
            batch.records.push_back(record_of_214(random, Stream::Footfall, second));
            batch.state.push_back(
                {"presence", "tag" + std::to_string(random() % 100), hex(random, 200)});
            ++others;
        }
        if (!batch.empty()) must(store->append(batch, kStart + seconds{second}));
        if (!batch.empty() && batch.records[0].stream == Stream::Ledger) {
            if (sales % 500 == 1) must(store->freeze(Stream::Ledger, sales + 500));
            must(store->acknowledged(Stream::Ledger, sales + 1, "0123456789abcdef"));
        }
        if (second % 30 != 0 || others == sent) continue;
        if (others / 500 != sent / 500) must(store->freeze(Stream::Footfall, others + 500));
        must(store->acknowledged(Stream::Footfall, others + 1, "0123456789abcdef"));
        sent = others;
    }
    return static_cast<double>(disk.counters().bytes_written) / static_cast<double>(sales + others);
}

double bytes_at_64(const Writing& how) {
    kit::SimDisk disk;
    auto store = must(store::Store::open("/d",
                                         {.checkpoint_pages = how.checkpoint_pages,
                                          .page_bytes = how.page_bytes,
                                          .disk = &disk,
                                          .ballast_bytes = 0},
                                         kStart));
    std::mt19937_64 random{7};
    disk.reset_counters();
    constexpr int kRounds = 400;
    for (int round = 0; round < kRounds; ++round) {
        Batch batch;
        for (int i = 0; i < 64; ++i) {
            const Stream stream = i % 5 < 2 ? Stream::Ledger : Stream::Footfall;
            batch.records.push_back(record_of_214(random, stream, round));
        }
        batch.state.push_back({"presence", std::to_string(random() % 100), hex(random, 200)});
        must(store->append(batch, kStart + seconds{round}));
        if (round % 8 != 7) continue;
        for (const auto& depth : must(store->depths())) {
            must(store->acknowledged(depth.stream, depth.next, "0123456789abcdef"));
        }
    }
    return static_cast<double>(disk.counters().bytes_written) / (kRounds * 64.0);
}

void count_written() {
    for (const std::int64_t page : {1024, 2048, 4096, 8192}) {
        for (const std::int64_t pages : {250, 1000, 4000}) {
            const Writing how{page, pages};
            std::printf(
                "{\"case\":\"written\",\"page_bytes\":%lld,\"checkpoint_pages\":%lld,"
                "\"day_bytes\":%.0f,\"at_64_bytes\":%.0f}\n",
                static_cast<long long>(page), static_cast<long long>(pages), day_bytes(how),
                bytes_at_64(how));
        }
    }
}

// 50 MB, filled ten times over with minutes, offers, health and some of the ledger.
void overflow(const std::string& dir, std::int64_t quota_bytes) {
    std::filesystem::create_directories(dir);
    auto store = must(store::Store::open(dir, {}, kStart));
    std::mt19937_64 random{7};
    const store::OutboxQuota quota{.bytes_max = quota_bytes};
    std::int64_t records = 0, ledger = 0, dropped = 0, rolled_up = 0;
    const auto start = std::chrono::steady_clock::now();
    for (std::int64_t given = 0; given < 10 * quota_bytes;) {
        Batch batch;
        for (int i = 0; i < 256; ++i, ++records) {
            const int kind = static_cast<int>(random() % 100);
            const Stream stream = kind < 2    ? Stream::Ledger
                                  : kind < 30 ? Stream::Offers
                                  : kind < 40 ? Stream::Health
                                              : Stream::Footfall;
            Record record = make_record(random, {"", 0, 0, stream == Stream::Footfall ? 0u : 100u},
                                        static_cast<int>(records));
            record.stream = stream;
            ledger += stream == Stream::Ledger;
            given += static_cast<std::int64_t>(record.body.size()) + store::kOutboxRowBytes;
            batch.records.push_back(std::move(record));
        }
        must(store->append(batch, kStart));
        store::QuotaWork work;
        do {
            work = must(store->enforce_quota(quota, {}));
            dropped += work.dropped, rolled_up += work.rolled_up;
        } while (work.more);
    }
    std::int64_t covered = 0, kept = 0, ledger_rows = 0;
    for (const auto& depth : must(store->depths())) {
        for (std::int64_t from = depth.first; from < depth.next;) {
            for (const auto& row :
                 must(store->read(OutboxRead{.stream = depth.stream, .from_seq = from}))) {
                if (row.from != from) must(Status{malformed("a hole in the outbox")});
                const bool gap = row.record.kind == "gap";
                (gap ? covered : kept) += row.seq - row.from + 1;
                ledger_rows += !gap && depth.stream == Stream::Ledger;
                from = row.seq + 1;
            }
        }
    }
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    std::printf(
        "{\"case\":\"quota\",\"records\":%lld,\"ledger\":%lld,\"ledger_kept\":%lld,"
        "\"in_gaps\":%lld,\"kept\":%lld,\"unaccounted\":%lld,\"rolled_up\":%lld,"
        "\"seconds\":%.1f}\n",
        static_cast<long long>(records), static_cast<long long>(ledger),
        static_cast<long long>(ledger_rows), static_cast<long long>(covered),
        static_cast<long long>(kept), static_cast<long long>(records - covered - kept),
        static_cast<long long>(rolled_up), took.count());
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
    drain(dir + "/drain", 100'000);
    overflow(dir + "/quota", 50'000'000);
    count_written();
    fs::remove_all(dir);
}
