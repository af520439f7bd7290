// Batches of 500 records of about 214 bytes into HQ's SQLite store, opened and read, beside plain
// prepared inserts of the same rows into a table of the same shape (WAL, FULL, 8,000 rows a
// transaction), in the same run and interleaved. Prints one JSON object a line:
//   {"rows","rounds","hq_rows_s","plain_rows_s","ratio","read_rows_s","hq_rows_cpu_s",
//    "plain_rows_cpu_s"}
// rates are medians; `read_rows_s` is opening and reading alone, without a database; the last two
// are by the processor's time, which a busy machine does not stretch.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <random>
#include <string>
#include <vector>

#include "agent/runtime/system_clock.hpp"
#include "agent/sqlite/database.hpp"
#include "sync/hq/event_line.hpp"
#include "sync/hq/event_store.hpp"
#include "sync/wire/line.hpp"
#include "sync/wire/topics.hpp"

namespace {

using namespace aisle;

constexpr std::int64_t kRowsABatch = 500;
constexpr std::int64_t kRowsATransaction = 8'000;
constexpr std::int64_t kRows = 300'000;
constexpr int kRounds = 5;
constexpr WallTime kStart{seconds{1'781'236'800}};

template <typename Value>
Value must(Result<Value> result) {
    if (result) return std::move(*result);
    std::fprintf(stderr, "hq_bench: %s\n", result.error().detail.c_str());
    std::exit(74);
}

void must(const Status& status) {
    if (status) return;
    std::fprintf(stderr, "hq_bench: %s\n", status.error().detail.c_str());
    std::exit(74);
}

double seconds_of(clockid_t clock) {
    timespec now{};
    clock_gettime(clock, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

// Rows a second since it was made.
struct Watch {
    double wall_start = seconds_of(CLOCK_MONOTONIC);
    double cpu_start = seconds_of(CLOCK_PROCESS_CPUTIME_ID);

    [[nodiscard]] double rate() const {
        return static_cast<double>(kRows) / (seconds_of(CLOCK_MONOTONIC) - wall_start);
    }
    [[nodiscard]] double cpu_rate() const {
        return static_cast<double>(kRows) / (seconds_of(CLOCK_PROCESS_CPUTIME_ID) - cpu_start);
    }
};
struct Rates {
    std::vector<double> by_wall;
    std::vector<double> by_cpu;

    void add(const Watch& watch) {
        by_wall.push_back(watch.rate());
        by_cpu.push_back(watch.cpu_rate());
    }
};

std::string hex(std::mt19937_64& random, int digits) {
    std::string text;
    for (int i = 0; i < digits; ++i) text += "0123456789abcdef"[random() % 16];
    return text;
}

OutboxRow row_of(std::mt19937_64& random, std::int64_t seq) {
    const std::string id = hex(random, 32);
    OutboxRow row{.seq = seq, .from = seq};
    row.record = {.kind = seq % 10 < 4 ? "offer" : "outcome",
                  .event_id = seq % 10 < 4 ? id : "",
                  .at = {.boot = 7,
                         .mono = MonoTime{microseconds{seq * 1'733}},
                         .wall = kStart + milliseconds{seq * 17},
                         .quality = ClockQuality::Ntp}};
    row.record.body =
        "{\"offer\":\"" + id + "\",\"member\":\"" + hex(random, 32) + "\",\"campaign\":\"autumn-" +
        std::to_string(random() % 40) + "\",\"zone\":\"z" + std::to_string(random() % 30) +
        "\",\"price\":" + std::to_string(random() % 90'000) + ",\"reason\":\"tier\",\"shares\":[" +
        std::to_string(random() % 900) + "," + std::to_string(random() % 900) + "],\"revision\":1}";
    return row;
}

std::vector<hq::Inbound> batches() {
    std::mt19937_64 random{7};
    std::vector<hq::Inbound> all;
    std::string prev;
    for (std::int64_t first = 1; first <= kRows; first += kRowsABatch) {
        std::vector<std::string> lines;
        for (std::int64_t seq = first; seq < first + kRowsABatch; ++seq)
            lines.push_back(wire::line_of(row_of(random, seq)));
        const wire::BatchHeader header{.store = StoreId{"s-0001"},
                                       .epoch = "0123456789abcdef",
                                       .stream = Stream::Offers,
                                       .first = first,
                                       .last = first + kRowsABatch - 1,
                                       .prev = prev,
                                       .sent_at = kStart};
        prev = wire::check_of(lines.back());
        all.push_back({wire::to_text({header.store, wire::Channel::Up, header.stream}),
                       wire::pack_batch(header, lines), kStart});
    }
    return all;
}

void into_hq(const std::string& path, const std::vector<hq::Inbound>& all, Rates& rates) {
    const auto store = must(hq::open_event_store("sqlite:" + path));
    const runtime::SystemClock clock{1};
    const Watch watch;
    for (std::span<const hq::Inbound> rest{all}; !rest.empty();)
        rest = rest.subspan(must(store->apply(rest, clock)).consumed);
    rates.add(watch);
}

void read_only(const std::vector<hq::Inbound>& all, Rates& rates) {
    wire::Unpacker unpacker;
    hq::LineReader reader;
    const Watch watch;
    for (const auto& one : all) {
        const auto batch = must(unpacker.open(one.payload));
        (void)must(reader.read(batch));
    }
    rates.add(watch);
}

struct PlainRow {
    std::string kind;
    std::string id;
    std::string body;
};

void plain(const std::string& path, const std::vector<PlainRow>& rows, Rates& rates) {
    auto database = must(sqlite::Database::open(path));
    must(database.exec(
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE event(key INTEGER PRIMARY "
        "KEY, from_seq INTEGER, kind TEXT, event_id TEXT, revision INTEGER, at INTEGER, boot "
        "INTEGER, mono INTEGER, clock TEXT, received_at INTEGER, body TEXT)"));
    auto insert = must(database.prepare("INSERT INTO event VALUES(?,NULL,?,?,1,?,7,?,?,?,?)"));
    const std::string_view ntp = "ntp";
    const Watch watch;
    for (std::size_t i = 0; i < rows.size();) {
        auto transaction = must(sqlite::Transaction::begin(database));
        const std::size_t end = std::min(rows.size(), i + kRowsATransaction);
        for (; i < end; ++i) {
            const auto& row = rows[i];
            insert.bind(1, i + 1).bind(2, row.kind).bind(3, row.id).bind(4, i * 17);
            insert.bind(5, i * 1'733).bind(6, ntp).bind(7, i * 17).bind(8, row.body);
            must(insert.run());
        }
        must(transaction.commit());
    }
    rates.add(watch);
}

std::vector<PlainRow> plain_rows() {
    std::mt19937_64 random{7};
    std::vector<PlainRow> rows;
    for (std::int64_t seq = 1; seq <= kRows; ++seq) {
        const auto row = row_of(random, seq);
        rows.push_back({row.record.kind, row.record.event_id, row.record.body});
    }
    return rows;
}

double median(std::vector<double> values) {
    std::ranges::sort(values);
    return values[values.size() / 2];
}

}  // namespace

int main() {
    std::string folder = (std::filesystem::temp_directory_path() / "hq-bench-XXXXXX").string();
    if (mkdtemp(folder.data()) == nullptr) return 74;
    const auto all = batches();
    const auto rows = plain_rows();
    Rates hq;
    Rates plainly;
    Rates reading;
    for (int round = 0; round < kRounds; ++round) {
        const std::string name = folder + "/" + std::to_string(round);
        into_hq(name + "-hq.db", all, hq);
        plain(name + "-plain.db", rows, plainly);
        read_only(all, reading);
    }
    std::printf(
        "{\"rows\":%lld,\"rounds\":%d,\"hq_rows_s\":%.0f,\"plain_rows_s\":%.0f,\"ratio\":%.2f,"
        "\"read_rows_s\":%.0f,\"hq_rows_cpu_s\":%.0f,\"plain_rows_cpu_s\":%.0f}\n",
        static_cast<long long>(kRows), kRounds, median(hq.by_wall), median(plainly.by_wall),
        median(hq.by_wall) / median(plainly.by_wall), median(reading.by_wall), median(hq.by_cpu),
        median(plainly.by_cpu));
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
    return 0;
}
