#include "tests/fault/chain.hpp"

#include <algorithm>

#include "agent/sqlite/database.hpp"
#include "tests/fault/draws.hpp"
#include "tests/fault/shop_folder.hpp"
#include "tests/kit/builders.hpp"

namespace aisle::fault {
namespace {

constexpr const char* kHqFile = "/hq/hq.db";
constexpr minutes kUnderFault{3};
constexpr minutes kAfterwards{60};  // the longest waits of an uplink are in it several times

std::string integrity(kit::SimDisk& disk, const std::string& path) {
    auto database = sqlite::Database::open(
        path, {.read_only = true, .checkpoint_on_close = false, .vfs = disk.vfs()});
    const auto whole = database ? database->integrity_check() : Status{database.error()};
    return whole ? std::string{} : path + ": " + whole.error().detail;
}

}  // namespace

Chain::Chain(const Before& before) {
    shop.load(before.shop);
    hq.load(before.hq);
}

std::string Chain::start_shop() {
    auto opened = store::Store::open(shop_folder(), sweep_settings(shop), kit::kNoon);
    if (!opened) return opened.error().detail;
    store_ = std::move(*opened);
    const auto epoch = store_->epoch();
    if (!epoch) return epoch.error().detail;
    storage_ =
        std::make_unique<app::Storage>(app::Storage::Parts{*store_, *store_, run_, run_, loop_});
    link_ = broker_.client();
    uplink_ = uplink::make_uplink(
        {*storage_, *link_, loop_, *metrics_},
        {.store = StoreId{"s-0001"}, .epoch = *epoch, .version = "test", .batch_rows_max = 12});
    uplink_->start();
    return {};
}

std::string Chain::start_hq() {
    auto opened = hq::open_event_store(std::string{"sqlite:"} + kHqFile, {.disk = &hq});
    if (!opened) return opened.error().detail;
    archive_ = std::move(*opened);
    hq_link_ = broker_.client();
    collector_ = std::make_unique<hq::Collector>(
        hq::Collector::Parts{*hq_link_, *archive_, loop_, *metrics_, run_});
    collector_->start();
    return {};
}

// In one thread the tasks that hold the stores are run first, as a process's end joins its threads.
void Chain::stop() {
    loop_.run_ready();
    uplink_.reset(), link_.reset(), storage_.reset();
    collector_.reset(), hq_link_.reset();
    loop_.run_ready();
    archive_.reset(), store_.reset();
}

bool Chain::drained() {
    const auto depths = store_->depths();
    if (!depths) return false;
    return std::ranges::all_of(*depths,
                               [](const StreamDepth& depth) { return depth.first == depth.next; });
}

bool Chain::drain(minutes limit) {
    const MonoTime end = clock_.now().mono + limit;
    while (clock_.now().mono < end) {
        loop_.run_ready();
        if (broker_.run_one()) continue;
        if (store_ != nullptr && collector_ != nullptr && drained()) return true;
        loop_.advance(milliseconds{500});
    }
    return false;
}

std::string Chain::epoch() {
    auto name = store_->epoch();
    return name ? std::move(*name) : std::string{};
}

std::vector<StreamDepth> Chain::depths() {
    auto all = store_->depths();
    return all ? std::move(*all) : std::vector<StreamDepth>{};
}

std::vector<OutboxRow> Chain::outbox(Stream stream) {
    constexpr std::size_t kAll = 100'000;
    auto rows = store_->read(OutboxRead{.stream = stream, .rows_max = kAll, .bytes_max = 1U << 30});
    return rows ? std::move(*rows) : std::vector<OutboxRow>{};
}

std::vector<std::string> Chain::at_hq() {
    std::vector<std::string> lines;
    auto database = sqlite::Database::open(
        kHqFile, {.read_only = true, .checkpoint_on_close = false, .vfs = hq.vfs()});
    if (!database) return {database.error().detail};
    auto rows = database->prepare(
        "SELECT epoch || ' ' || stream || ' ' || from_seq || '-' || seq || ' ' || kind || ' ' || "
        "body FROM events ORDER BY store, epoch, stream, seq");
    if (!rows) return {rows.error().detail};
    for (auto more = rows->step(); more && *more; more = rows->step())
        lines.push_back(rows->text(0));
    return lines;
}

std::string Chain::damage() {
    const std::string ours = integrity(shop, shop_folder() + "/aisle.db");
    return ours.empty() ? integrity(hq, kHqFile) : ours;
}

namespace {

// One run with the n-th call failing. True: it was reached.
bool meet(const Chain::Before& before, Side side, const Sweep& what, std::int64_t nth,
          const std::vector<std::string>& expected, SweepSums& sums) {
    Chain chain{before};
    kit::SimDisk& disk = side == Side::Shop ? chain.shop : chain.hq;
    const auto trouble = [&](const std::string& why) {
        if (sums.trouble.empty()) sums.trouble = "n = " + std::to_string(nth) + ": " + why;
    };
    // Starts of the shop's store are swept for themselves; those of HQ's are part of this.
    if (side == Side::Shop && !chain.start_shop().empty()) trouble("the shop does not start");
    arm(disk, what, nth);
    const bool hq_up = chain.start_hq().empty();
    const bool shop_up = side == Side::Shop || chain.start_shop().empty();
    if (!hq_up || !shop_up) ++sums.refused;
    if (hq_up && shop_up && !chain.drain(kUnderFault)) ++sums.refused;
    chain.stop();
    const std::int64_t failed = disarm(disk, what);
    sums.failures += failed;
    ++sums.runs;
    if (const auto why = chain.start_hq(); !why.empty()) trouble("HQ afterwards: " + why);
    if (const auto why = chain.start_shop(); !why.empty()) trouble("the shop afterwards: " + why);
    if (!sums.trouble.empty()) return failed > 0;
    if (!chain.drain(kAfterwards)) trouble("HQ never acknowledged all");
    chain.stop();
    const auto there = chain.at_hq();
    for (std::size_t i = 0; i < std::max(there.size(), expected.size()); ++i) {
        const std::string is = i < there.size() ? there[i] : "nothing";
        const std::string was = i < expected.size() ? expected[i] : "nothing";
        if (is == was) continue;
        trouble("HQ has " + is + " instead of " + was);
        break;
    }
    if (const auto why = chain.damage(); !why.empty()) trouble(why);
    return failed > 0;
}

}  // namespace

Chain::Before unsent(std::uint64_t seed, int batches) {
    return {.shop = with_more({}, seed, batches), .hq = {}};
}

Chain::Before lived_in_alone(std::uint64_t seed, int steps) {
    return {.shop = lived_in(seed, steps).before, .hq = {}};
}

kit::SimDisk::Image with_more(const kit::SimDisk::Image& shop, std::uint64_t seed, int batches) {
    kit::SimDisk disk;
    disk.load(shop);
    Draws draws{seed};
    Model model;
    auto opened = store::Store::open(shop_folder(), sweep_settings(disk), kit::kNoon);
    while (opened && batches > 0) {
        const Step step = draws.next(model);
        if (step.kind != Step::Kind::Append || !perform(**opened, step)) continue;
        model.apply(step);
        --batches;
    }
    if (opened) opened->reset();
    return disk.image();
}

SweepSums sweep_sync(const Chain::Before& before, Side side, const Sweep& what) {
    SweepSums sums;
    std::vector<std::string> expected;
    {
        Chain chain{before};
        sums.trouble = chain.start_hq() + chain.start_shop();
        if (sums.trouble.empty() && !chain.drain(kAfterwards)) sums.trouble = "it does not drain";
        chain.stop();
        expected = chain.at_hq();
    }
    if (expected.empty()) sums.trouble = "nothing to send";
    for (std::int64_t nth = 1; sums.trouble.empty();
         nth += nth < what.each_up_to ? 1 : what.stride) {
        if (!meet(before, side, what, nth, expected, sums)) break;
    }
    return sums;
}

}  // namespace aisle::fault
