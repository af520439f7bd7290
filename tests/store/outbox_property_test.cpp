#include <gtest/gtest.h>

#include <map>
#include <random>

#include "agent/store/store.hpp"
#include "store_kit.hpp"

// The outbox over many random lives: what HQ would be told is dense, and never changes once sent.
namespace aisle::store {
namespace {

// What went out, by seq: a line that was sent must come out again as it was.
using Sent = std::map<std::int64_t, std::string>;

struct Life {
    explicit Life(std::uint64_t seed) : random{seed} {}

    std::int64_t below(std::int64_t n) {
        return static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(n));
    }
    StreamDepth depth() { return depth_of(*store, Stream::Footfall); }

    void append() {
        const int count = static_cast<int>(below(20)) + 1;
        ASSERT_TRUE(store->append(minutes_of(made + 1, count), kit::kNoon));
        made += count;
    }
    // Freezes and reads some rows, as the uplink does before it sends.
    void send() {
        const auto to = depth().first + below(30);
        ASSERT_TRUE(store->freeze(Stream::Footfall, to));
        for (const auto& row : rows_of(*store, Stream::Footfall)) {
            if (row.seq > to) break;
            const std::string line = std::to_string(row.from) + row.record.kind + row.record.body;
            const auto [place, fresh] = sent.emplace(row.seq, line);
            EXPECT_TRUE(fresh || place->second == line) << row.seq;
        }
    }
    void acknowledge() {
        if (sent.empty()) return;
        const auto place = std::next(sent.begin(), below(static_cast<std::int64_t>(sent.size())));
        const std::int64_t next = place->first + 1;
        ASSERT_TRUE(store->acknowledged(Stream::Footfall, next, std::to_string(next)));
        acked = std::max(acked, next);
        sent.erase(sent.begin(), sent.upper_bound(place->first));
    }
    void drop() {
        const auto now = depth();
        const auto from = std::max(now.first, now.frozen_to + 1) + below(5);
        const auto to = from + below(8);
        (void)store->replace_by_gap(Stream::Footfall, from, to, "quota");
    }
    void restart() {
        store.reset();
        store = open_store(dir);
    }
    void expect_dense() {
        const auto now = depth();
        EXPECT_EQ(now.first, acked);
        EXPECT_EQ(now.acked_check, acked == 1 ? "" : std::to_string(acked));
        EXPECT_EQ(now.next, made + 1);
        std::int64_t expected = acked;
        for (const auto& row : rows_of(*store, Stream::Footfall)) {
            ASSERT_EQ(row.from, expected);
            ASSERT_GE(row.seq, row.from);
            expected = row.seq + 1;
        }
        if (made - acked < 400) {  // one read gives 500 rows
            EXPECT_EQ(expected, made + 1);
        }
    }

    std::mt19937_64 random;
    TempDir dir;
    std::unique_ptr<Store> store = open_store(dir);
    Sent sent;
    int made = 0;
    std::int64_t acked = 1;
};

class OutboxLives : public testing::TestWithParam<std::uint64_t> {};

TEST_P(OutboxLives, StayDenseAndNeverChangeWhatWasSent) {
    Life life{GetParam()};
    for (int step = 0; step < 120; ++step) {
        switch (life.below(8)) {
            case 0:
            case 1:
                life.append();
                break;
            case 2:
            case 3:
                life.send();
                break;
            case 4:
            case 5:
                life.acknowledge();
                break;
            case 6:
                life.drop();
                break;
            default:
                life.restart();
                break;
        }
        if (step % 10 == 9) life.expect_dense();
        if (testing::Test::HasFailure()) return;
    }
}

INSTANTIATE_TEST_SUITE_P(Seeds, OutboxLives, testing::Range<std::uint64_t>(1, 6));

}  // namespace
}  // namespace aisle::store
