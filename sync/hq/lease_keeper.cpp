#include "sync/hq/lease_keeper.hpp"

#include <utility>

#include "agent/runtime/log.hpp"

namespace aisle::hq {

struct LeaseKeeper::Core {
    Core(Parts given, const LeaseSettings& within)
        : parts{std::move(given)},
          settings{within},
          count{
              parts.metrics.gauge("aisle_hq_partitions", "Partitions that this collector serves")},
          failures{parts.metrics.counter("aisle_hq_lease_failures_total",
                                         "Renewals that the database did not answer")},
          changes{parts.metrics.counter("aisle_hq_lease_changes_total",
                                        "Times at which the served partitions changed")} {}

    void round();
    void answered(const Result<HeldLeases>& answer, MonoTime asked);
    void hold(const HeldLeases& now);
    void stop(std::function<void()> done);

    Parts parts;
    LeaseSettings settings;
    runtime::Gauge& count;
    runtime::Counter& failures;
    runtime::Counter& changes;
    HeldLeases held;
    MonoTime good_until{};  // by our own clock, from before the question: never later than the
                            // database's
    bool asking = false;
    bool told = false;
    runtime::TimerHandle tick;
    runtime::TimerHandle overdue;
    std::shared_ptr<Core*> self = std::make_shared<Core*>(this);
};

void LeaseKeeper::Core::round() {
    const MonoTime now = parts.loop.clock().now().mono;
    if (!held.partitions.empty() && now >= good_until) {
        log::warn("hq.leases_ran_out");
        hold({});
    }
    if (asking) return;
    asking =
        parts.storage([weak = std::weak_ptr{self}, now, table = &parts.table, loop = &parts.loop] {
            auto answer = table->renew();
            loop->post([weak, now, answer = std::move(answer)] {
                if (const auto core = weak.lock()) (*core)->answered(answer, now);
            });
        });
    if (!asking) failures.add();
}

void LeaseKeeper::Core::answered(const Result<HeldLeases>& answer, MonoTime asked) {
    asking = false;
    if (!answer) {
        failures.add();
        log::warn("hq.leases_not_renewed", {{"why", answer.error().detail}});
        return;
    }
    good_until = asked + settings.life;
    if (*answer != held || !told) hold(*answer);
}

void LeaseKeeper::Core::hold(const HeldLeases& now) {
    told = true;
    held = now;
    changes.add();
    count.set(static_cast<double>(held.partitions.size()));
    log::info("hq.leases",
              {{"partitions", held.partitions.size()}, {"rollout", held.rollout ? "yes" : "no"}});
    if (parts.changed) parts.changed(held);
}

void LeaseKeeper::Core::stop(std::function<void()> done) {
    constexpr milliseconds kGiveBackMax{1'000};
    tick.cancel();
    parts.changed = nullptr;
    auto once = std::make_shared<std::function<void()>>(std::move(done));
    const auto finish = [once] {
        if (const auto go = std::exchange(*once, nullptr)) go();
    };
    overdue = parts.loop.after(kGiveBackMax, finish);
    const bool taken = parts.storage(
        [weak = std::weak_ptr{self}, finish, table = &parts.table, loop = &parts.loop] {
            (void)table->release();
            loop->post([weak, finish] {
                if (weak.lock()) finish();
            });
        });
    if (!taken) overdue = parts.loop.after(milliseconds{0}, finish);
}

LeaseKeeper::LeaseKeeper(Parts parts, const LeaseSettings& settings)
    : core_{std::make_unique<Core>(std::move(parts), settings)} {}
LeaseKeeper::~LeaseKeeper() = default;

void LeaseKeeper::start() {
    core_->tick = runtime::every(core_->parts.loop, core_->settings.renew_every,
                                 [core = core_.get()] { core->round(); });
    core_->round();
}
void LeaseKeeper::stop(std::function<void()> done) { core_->stop(std::move(done)); }
const HeldLeases& LeaseKeeper::held() const { return core_->held; }

}  // namespace aisle::hq
