#include "tests/fault/sweep.hpp"

#include "agent/sqlite/database.hpp"
#include "agent/store/migrations.hpp"
#include "tests/fault/draws.hpp"
#include "tests/fault/failing_memory.hpp"
#include "tests/fault/shop_folder.hpp"
#include "tests/kit/builders.hpp"

namespace aisle::fault {
namespace {

constexpr const char* kEpoch = "00000000000000e1";

class Run {
public:
    Run(const Scenario& scenario, const Sweep& what, SweepSums& sums)
        : scenario_{scenario}, what_{what}, sums_{sums} {
        disk_.load(scenario.before);
        possible_.push_back(scenario.model);
    }

    // True: the n-th call was reached and failed.
    bool meet(std::int64_t nth) {
        nth_ = nth;
        if (!scenario_.opens) open();
        arm(disk_, what_, nth_);
        if (store_ == nullptr) open();
        if (store_ != nullptr) work();
        store_.reset();
        const std::int64_t failed = disarm(disk_, what_);
        sums_.failures += failed;
        ++sums_.runs;
        recover();
        return failed > 0;
    }

private:
    void trouble(const std::string& what) {
        if (sums_.trouble.empty()) sums_.trouble = "n = " + std::to_string(nth_) + ": " + what;
    }
    void open() {
        auto opened = store::Store::open(shop_folder(), sweep_settings(disk_), kit::kNoon);
        if (opened) {
            store_ = std::move(*opened);
        } else {
            ++sums_.refused;
        }
    }
    void work();
    void recover();
    // A file that can never be read, or whose log has no index: a start takes that for damage and
    // serves with a new database. What was set aside must come back whole.
    [[nodiscard]] bool takes_away_the_whole() const {
        return what_.for_ever &&
               (what_.call == kit::DiskCall::Read || what_.call == kit::DiskCall::ShmGrow);
    }

    const Scenario& scenario_;
    const Sweep& what_;
    SweepSums& sums_;
    std::int64_t nth_ = 0;
    kit::SimDisk disk_;
    std::vector<Model> possible_;  // as in power_cuts.cpp: the first is what was answered
    std::unique_ptr<store::Store> store_;
};

void Run::work() {
    for (const Step& step : scenario_.steps) {
        if (perform(*store_, step)) {
            for (Model& maybe : possible_) maybe.apply(step);
            continue;
        }
        // As the agent does: an error that stays ends the process.
        ++sums_.refused;
        possible_.push_back(possible_.front());
        possible_.back().apply(step);
        return;
    }
}

// The fault is over: the store opens, holds what it said, is whole, and takes the next sale.
void Run::recover() {
    open();
    if (store_ == nullptr) return trouble("cannot be opened afterwards");
    const store::Opening& opening = store_->opening();
    if (opening.salvaged && takes_away_the_whole()) {
        if (opening.rows_lost > 0)
            trouble("salvage lost " + std::to_string(opening.rows_lost) + " rows");
        return;
    }
    if (opening.salvaged || (opening.epoch_began && !opening.is_new))
        return trouble("was thought to be damaged: " + opening.why);
    std::string difference = "no model";
    for (Model& maybe : possible_) {
        maybe.forget_pruned(*store_);
        difference = maybe.difference_from(*store_);
        if (!difference.empty()) continue;
        const Step more = Draws{static_cast<std::uint64_t>(nth_)}.sale(maybe);
        if (auto done = perform(*store_, more); !done) return trouble(done.error().detail);
        maybe.apply(more);
        difference = maybe.difference_from(*store_);
        break;
    }
    if (!difference.empty()) return trouble(difference);
    auto database = sqlite::Database::open(
        shop_folder() + "/aisle.db",
        {.read_only = true, .checkpoint_on_close = false, .vfs = disk_.vfs()});
    const auto whole = database ? database->integrity_check() : Status{database.error()};
    if (!whole) trouble("integrity_check: " + whole.error().detail);
}

}  // namespace

store::StoreSettings sweep_settings(kit::SimDisk& disk) {
    store::StoreSettings settings;
    settings.store = StoreId{"s-0001"};
    settings.epoch = kEpoch;
    settings.vfs = disk.vfs();
    settings.disk = &disk;
    settings.checkpoint_pages = 12;
    settings.ballast_bytes = 64 * 1024;
    return settings;
}

void arm(kit::SimDisk& disk, const Sweep& what, std::int64_t nth) {
    if (!what.call) return FailingMemory::fail(nth, what.for_ever);
    disk.fail({.call = *what.call, .nth = nth, .fault = what.fault, .for_ever = what.for_ever});
}

std::int64_t disarm(kit::SimDisk& disk, const Sweep& what) {
    const std::int64_t failed = what.call ? disk.failed_calls() : FailingMemory::heal();
    disk.heal();
    return failed;
}

SweepSums sweep(const Scenario& scenario, const Sweep& what) {
    SweepSums sums;
    for (std::int64_t nth = 1; sums.trouble.empty();
         nth += nth < what.each_up_to ? 1 : what.stride) {
        if (!Run{scenario, what, sums}.meet(nth)) break;
    }
    return sums;
}

std::vector<Step> next_steps(const Scenario& scenario, std::uint64_t seed, int count) {
    Model model = scenario.model;
    Draws draws{seed};
    std::vector<Step> steps;
    for (int i = 0; i < count; ++i) {
        steps.push_back(draws.next(model));
        model.apply(steps.back());
    }
    return steps;
}

Scenario lived_in(std::uint64_t seed, int steps) {
    Scenario scenario = of_schema(0);
    kit::SimDisk disk;
    auto opened = store::Store::open(shop_folder(), sweep_settings(disk), kit::kNoon);
    if (!opened) return scenario;
    for (const Step& step : next_steps(scenario, seed, steps)) {
        if (perform(**opened, step)) scenario.model.apply(step);
    }
    scenario.model.forget_pruned(**opened);
    opened->reset();
    scenario.before = disk.image();
    return scenario;
}

Scenario of_schema(std::size_t schema) {
    Scenario scenario;
    scenario.model.named(kEpoch);
    if (schema == 0) return scenario;
    kit::SimDisk disk;
    {
        auto database = sqlite::Database::open(shop_folder() + "/aisle.db", {.vfs = disk.vfs()});
        if (!database || !database->exec("PRAGMA journal_mode = WAL")) return scenario;
        (void)store::migrate(*database, schema);
        (void)database->exec(std::string{"INSERT INTO meta VALUES ('store', 's-0001'), "
                                         "('created', '1'), ('epoch', '"} +
                             kEpoch + "')");
    }
    scenario.before = disk.image();
    return scenario;
}

}  // namespace aisle::fault
