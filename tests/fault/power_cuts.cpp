#include "tests/fault/power_cuts.hpp"

#include <vector>

#include "agent/sqlite/database.hpp"
#include "tests/fault/draws.hpp"
#include "tests/fault/shop_folder.hpp"
#include "tests/kit/builders.hpp"

namespace aisle::fault {
namespace {

// A store that no longer answers anything must end a life too.
constexpr int kStepsMax = 400;
constexpr const char* kFirstEpoch = "00000000000000e0";

class Life {
public:
    Life(std::uint64_t seed, const LifeSettings& settings)
        : seed_{seed}, settings_{settings}, disk_{seed}, draws_{seed} {
        disk_.set_lying(settings.lying);
        possible_.resize(1);
        possible_.front().named(kFirstEpoch);
    }

    LifeSums run() {
        sums_.lives = 1;
        while (sums_.trouble.empty() && sums_.cuts < settings_.cuts) one_cut();
        store_.reset();
        return std::move(sums_);
    }

private:
    [[nodiscard]] const Model& model() const { return possible_.front(); }
    void trouble(const std::string& what) {
        if (!sums_.trouble.empty()) return;
        sums_.trouble = "seed " + std::to_string(seed_) + ", cut " + std::to_string(sums_.cuts) +
                        ": " + what + "; repeat with: " + repeat_command(seed_);
        ++sums_.broken;
    }
    void damaged(const std::string& what) {
        trouble(what);
        ++sums_.corrupt;
    }

    store::StoreSettings store_settings();
    bool open();
    void one_cut();
    void take_steps();
    void note(const Step& step, const Status& done);
    void break_something();
    void lose_power();
    void check();
    void check_pages();

    std::uint64_t seed_;
    LifeSettings settings_;
    kit::SimDisk disk_;
    Draws draws_;
    // The first is what was answered. The others have not yet heard HQ's latest words, or hold one
    // step more that failed and yet may have reached the disk: which is true only a restart tells.
    std::vector<Model> possible_;
    std::unique_ptr<store::Store> store_;
    LifeSums sums_;
};

store::StoreSettings Life::store_settings() {
    store::StoreSettings settings;
    settings.store = StoreId{"s-0001"};
    settings.epoch = kFirstEpoch;
    settings.vfs = disk_.vfs();
    settings.disk = &disk_;
    settings.checkpoint_pages = 12;  // many checkpoints
    settings.ballast_bytes = 64 * 1024;
    settings.random = [this] { return draws_.bits(); };
    return settings;
}

// False: the power went meanwhile.
bool Life::open() {
    auto opened = store::Store::open(shop_folder(), store_settings(), kit::kNoon);
    if (disk_.is_off()) {
        ++sums_.cut_openings;
        return false;
    }
    if (!opened) {
        damaged("cannot be opened: " + opened.error().detail);
        return false;
    }
    store_ = std::move(*opened);
    const store::Opening& opening = store_->opening();
    if (opening.salvaged || (opening.epoch_began && !opening.is_new))
        damaged("was thought to be damaged: " + opening.why);
    return sums_.trouble.empty();
}

void Life::break_something() {
    constexpr kit::DiskCall kCalls[] = {kit::DiskCall::Write, kit::DiskCall::Sync,
                                        kit::DiskCall::Truncate};
    if (!settings_.single_faults || !draws_.one_in(5)) return;
    disk_.fail({.call = kCalls[draws_.below(3)],
                .nth = 1 + draws_.below(60),
                .fault = draws_.one_in(2) ? kit::DiskFault::IoError : kit::DiskFault::ShortWrite});
}

void Life::note(const Step& step, const Status& done) {
    if (done) {
        // What HQ has said is not worth an fsync: it says it again to who has forgotten it.
        if (step.kind == Step::Kind::Acknowledge) {
            possible_.push_back(model());
            possible_.front().apply(step);
        } else {
            if (model().surely_written_by(step)) possible_.resize(1);
            for (Model& maybe : possible_) maybe.apply(step);
        }
        ++sums_.acked_steps;
        sums_.acked_records += static_cast<std::int64_t>(step.batch.records.size());
        return;
    }
    const bool of_the_disk = disk_.is_off() || disk_.failed_calls() > 0;
    if (!of_the_disk) return trouble(to_text(step.kind) + " was refused: " + done.error().detail);
    // Rows that were old enough may go, even where the checkpoint after it is what failed.
    if (step.kind == Step::Kind::Prune) return possible_.front().apply(step);
    possible_.push_back(model());
    possible_.back().apply(step);
}

void Life::take_steps() {
    for (int steps = 0; steps < kStepsMax && !disk_.is_off() && sums_.trouble.empty(); ++steps) {
        const Step step = draws_.next(model());
        note(step, perform(*store_, step));
    }
}

void Life::lose_power() {
    disk_.heal();
    const bool only_the_process = draws_.one_in(16);
    disk_.restart(
        {.mode = only_the_process ? kit::PowerLoss::Mode::KeepAll : kit::PowerLoss::Mode::Drawn,
         .seed = draws_.bits()});
    ++sums_.cuts;
}

void Life::check_pages() {
    auto database = sqlite::Database::open(
        shop_folder() + "/aisle.db",
        {.read_only = true, .checkpoint_on_close = false, .vfs = disk_.vfs()});
    const auto whole = database ? database->integrity_check() : Status{database.error()};
    if (!whole) damaged("integrity_check: " + whole.error().detail);
}

// One of the possible models must be what is there, to the byte.
void Life::check() {
    check_pages();
    if (!sums_.trouble.empty()) return;
    std::string difference;
    for (Model& maybe : possible_) {
        maybe.forget_pruned(*store_);
        const auto told = maybe.difference_from(*store_);
        if (told.empty()) {
            possible_ = std::vector<Model>{std::move(maybe)};
            return;
        }
        if (difference.empty()) difference = told;
    }
    sums_.lost += model().missing_in(*store_);
    trouble(difference);
}

void Life::one_cut() {
    disk_.cut_after(1 + draws_.below(settings_.calls_max));
    if (store_ == nullptr && open()) check();
    if (store_ != nullptr && sums_.trouble.empty()) {
        break_something();
        take_steps();
    }
    store_.reset();
    lose_power();
    disk_.cut_after(0);
    // Half of the time the next cut may already hit the start.
    if (sums_.trouble.empty() && draws_.one_in(2) && open()) check();
}

}  // namespace

LifeSums& LifeSums::operator+=(const LifeSums& more) {
    lives += more.lives;
    cuts += more.cuts;
    cut_openings += more.cut_openings;
    acked_steps += more.acked_steps;
    acked_records += more.acked_records;
    lost += more.lost;
    corrupt += more.corrupt;
    broken += more.broken;
    if (trouble.empty()) trouble = more.trouble;
    return *this;
}

LifeSums live(std::uint64_t seed, const LifeSettings& settings) {
    return Life{seed, settings}.run();
}

std::string repeat_command(std::uint64_t seed) {
    return "build/release/bin/fault_driver --seed " + std::to_string(seed);
}

}  // namespace aisle::fault
