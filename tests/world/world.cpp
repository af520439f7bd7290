#include "tests/world/world.hpp"

#include <algorithm>
#include <optional>
#include <set>

#include "tests/world/chain_keys.hpp"
#include "tests/world/head_office.hpp"
#include "tests/world/teeth.hpp"
#include "tests/world/verdict.hpp"

namespace aisle::world {
namespace {

constexpr milliseconds kHealing = std::chrono::hours{3};

// Something that happens after so many more tasks: a kill between any two of them.
struct Countdown {
    std::int64_t tasks = 0;
    std::function<void()> what;
};

// Backups, and what the model knows of them.
struct Image {
    kit::SimDisk::Image disk;
    Rows lineage;
};
struct HqCopy {
    kit::SimDisk::Image disk;
    HqState state;
};

Swarm swarm_of(const WorldSettings& settings, Noise& noise) {
    if (!settings.faults) return {};
    Swarm swarm = draw_swarm(noise);
    if (settings.only_fault.empty()) return swarm;
    const auto name = std::ranges::find(kFaultNames, settings.only_fault);
    swarm = {};
    if (name != kFaultNames.end())
        swarm.every.at(static_cast<std::size_t>(name - kFaultNames.begin())) = minutes{90};
    return swarm;
}

class World {
public:
    explicit World(const WorldSettings& settings);
    Report run();

private:
    void open_shops();
    void step(MonoTime until);
    void look_after_disks();
    void strike(Fault fault);
    void strike_agent(Fault fault);
    void strike_hq(Fault fault);
    void strike_network(Fault fault);
    void restore_agent_later();
    void restore_hq_later();
    void restore_hq_over_an_epoch();
    void put_agent_back(Site& site, const Image& image);
    void put_hq_back(const HqCopy& copy);
    void damage();
    void clone();
    void wrong_clock();
    void heal();
    [[nodiscard]] bool calm();
    [[nodiscard]] std::vector<Site*> sites() const;
    void end();
    void judge();

    Site& any_site() { return *sites_[index(sites_.size())]; }
    std::size_t index(std::size_t size) {
        return static_cast<std::size_t>(noise_.below(static_cast<std::int64_t>(size)));
    }
    kit::PowerLoss any_loss() { return {.seed = noise_.next()}; }
    milliseconds between(milliseconds low, milliseconds high) {
        return milliseconds{noise_.between(low.count(), high.count())};
    }
    // Unless all has been healed by then.
    void later(milliseconds wait, std::function<void()> what) {
        later_.push_back(guard_.after(wait, std::move(what)));
    }
    DayPlan day(std::string till_prefix);

    WorldSettings settings_;
    Report report_;
    Trace trace_;
    Timeline timeline_;
    Noise noise_;
    Swarm swarm_;
    DeviceClock true_clock_;
    Node guard_;
    std::vector<runtime::TimerHandle> later_;
    Network network_;
    Headquarters hq_;
    Oracle oracle_;
    std::vector<std::unique_ptr<Site>> sites_;
    std::vector<std::unique_ptr<Customers>> customers_;
    std::unique_ptr<HeadOffice> office_;
    SetBacks set_backs_;
    runtime::TimerHandle looking_;
    std::vector<Countdown> countdowns_;
    std::set<std::string> cloned_;
    MonoTime begin_;
    MonoTime end_;
};

World::World(const WorldSettings& settings)
    : settings_{settings},
      noise_{settings.seed, 1},
      swarm_{swarm_of(settings, noise_)},
      guard_{timeline_, true_clock_},
      network_{timeline_, settings.seed, trace_},
      hq_{timeline_, network_, settings.seed * 7 + 5, wrap_of(settings.tooth)} {
    report_.seed = settings.seed;
    begin_ = timeline_.now();
    end_ = begin_ + settings.length;
    if (settings.tooth == Tooth::LyingDisk)
        swarm_.every.at(static_cast<std::size_t>(Fault::AgentPowerCut)) = minutes{30};
    if (settings.tooth == Tooth::HqSetBackUnsaid)
        swarm_.every.at(static_cast<std::size_t>(Fault::HqRestore)) = minutes{40};
    if (settings.tooth == Tooth::EndedUnsaid) return;
    if (settings.tooth != Tooth::None)
        swarm_.every.at(static_cast<std::size_t>(Fault::BadWeather)) = minutes{40};
}

DayPlan World::day(std::string till_prefix) {
    DayPlan plan{.from = timeline_.now() + seconds{5}, .to = end_};
    const auto share = [&](std::int64_t of_a_day) {
        const auto span = std::chrono::duration_cast<seconds>(plan.to - plan.from).count();
        return std::max<std::int64_t>(1, of_a_day * span / 86'400);
    };
    plan.sales = share(plan.sales);
    plan.visits = share(plan.visits);
    plan.tag_visits = share(plan.tag_visits);
    plan.taps = share(plan.taps);
    plan.oversized_permille = swarm_.has(Fault::Oversized) ? 20 : 0;
    plan.till_prefix = std::move(till_prefix);
    return plan;
}

void World::open_shops() {
    const int shops = hq_.shops;
    for (int n = 1; n <= shops; ++n) {
        const std::string store = store_name(n);
        const std::uint64_t seed = noise_.next();
        sites_.push_back(
            std::make_unique<Site>(timeline_, network_,
                                   SiteSettings{.name = store,
                                                .store = store,
                                                .seed = seed,
                                                .campaigns_dir = settings_.campaigns_dir,
                                                .transport = transport_of(settings_.tooth)}));
        Site& site = *sites_.back();
        site.disk.set_lying(settings_.tooth == Tooth::LyingDisk);
        site.switch_on();
        customers_.push_back(std::make_unique<Customers>(timeline_, site, day({}), noise_.next()));
    }
    HeadOffice::Plan plan{.from = timeline_.now() + minutes{2},
                          .to = end_,
                          .stores = {},
                          .campaigns_dir = settings_.campaigns_dir};
    for (int n = 1; n <= shops; ++n) plan.stores.push_back(store_name(n));
    office_ = std::make_unique<HeadOffice>(timeline_, hq_, std::move(plan), noise_.next());
    looking_ = runtime::every(guard_, minutes{1},
                              [this] { office_->look_at_budget(sites(), set_backs_); });
    report_.store_days =
        static_cast<double>(shops) * static_cast<double>(settings_.length.count()) / 86'400'000.0;
}

void World::step(MonoTime until) {
    while (timeline_.run_one(until)) {
        look_after_disks();
        for (std::size_t i = 0; i < countdowns_.size();) {
            if (--countdowns_[i].tasks > 0) {
                ++i;
                continue;
            }
            const auto what = std::move(countdowns_[i].what);
            countdowns_.erase(countdowns_.begin() + static_cast<std::ptrdiff_t>(i));
            what();
        }
    }
}

void World::look_after_disks() {
    for (const auto& site : sites_) {
        site->look();
        if (site->up() && site->disk.is_off())
            site->cut_power(any_loss(), between(seconds{5}, minutes{2}));
    }
    if (hq_.up() && hq_.disk.is_off()) hq_.cut_power(any_loss(), between(seconds{5}, minutes{2}));
}

void World::strike(Fault fault) {
    ++report_.plagues[std::string{kFaultNames.at(static_cast<std::size_t>(fault))}];
    switch (fault) {
        case Fault::AgentKill:
        case Fault::AgentPowerCut:
        case Fault::DiskFull:
        case Fault::Replay:
            return strike_agent(fault);
        case Fault::HqKill:
        case Fault::HqPowerCut:
            return strike_hq(fault);
        case Fault::LineCut:
        case Fault::BrokerRestart:
        case Fault::BadWeather:
        case Fault::SmallPackets:
        case Fault::StaleMessages:
            return strike_network(fault);
        case Fault::Clone:
            return clone();
        case Fault::AgentRestore:
            return restore_agent_later();
        case Fault::HqRestore:
            return restore_hq_later();
        case Fault::HqRestoreOverEpoch:
            return restore_hq_over_an_epoch();
        case Fault::DamagedDatabase:
            return damage();
        case Fault::WrongClock:
            return wrong_clock();
        case Fault::Oversized:
            return;  // is in the tills' day
    }
}

void World::strike_agent(Fault fault) {
    const std::size_t which = index(sites_.size());
    Site& site = *sites_[which];
    const milliseconds pause = between(milliseconds{200}, minutes{1});
    if (fault == Fault::Replay)
        return customers_[which]->replay(static_cast<std::size_t>(noise_.between(1, 50)));
    if (!site.up()) return;
    if (fault == Fault::AgentKill) {
        countdowns_.push_back({noise_.between(1, 300), [&site, pause] {
                                   if (site.up()) site.kill(pause);
                               }});
    }
    if (fault == Fault::AgentPowerCut) site.disk.cut_after(noise_.between(1, 60));
    if (fault == Fault::DiskFull) {
        site.disk.set_capacity(site.disk.used_bytes() + noise_.below(100'000));
        later(between(minutes{5}, minutes{40}), [&site] { site.disk.set_capacity({}); });
    }
}

void World::strike_hq(Fault fault) {
    if (!hq_.up()) return;
    const milliseconds pause = between(milliseconds{200}, minutes{10});
    if (fault == Fault::HqPowerCut) return hq_.disk.cut_after(noise_.between(1, 60));
    countdowns_.push_back({noise_.between(1, 300), [this, pause] {
                               if (hq_.up()) hq_.kill(pause);
                           }});
}

void World::strike_network(Fault fault) {
    Weather& weather = network_.weather;
    if (fault == Fault::BrokerRestart) return network_.restart_broker();
    if (fault == Fault::StaleMessages) return network_.repeat_an_old_message();
    if (fault == Fault::LineCut) {
        const std::string name = noise_.chance(200) ? "hq" : any_site().settings().name;
        network_.cut(name, true);
        return later(between(minutes{1}, minutes{60}), [this, name] { network_.cut(name, false); });
    }
    if (fault == Fault::SmallPackets) {
        weather.packet_bytes_max = static_cast<std::size_t>(noise_.between(4'000, 20'000));
        weather.retains = noise_.chance(500);
        network_.restart_broker();
        return later(between(minutes{20}, minutes{180}), [this] {
            network_.weather.packet_bytes_max = 1024 * 1024;
            network_.weather.retains = true;
            network_.restart_broker();
        });
    }
    weather.lost_permille = noise_.below(300);
    weather.doubled_permille = noise_.below(300);
    weather.slow_permille = noise_.below(300);
    later(between(minutes{5}, minutes{60}), [this] {
        network_.weather.lost_permille = 0;
        network_.weather.doubled_permille = 0;
        network_.weather.slow_permille = 0;
    });
}

// A second device from a copy of the first one's disk, with tills of its own.
void World::clone() {
    const std::size_t which = index(sites_.size());
    Site& site = *sites_[which];
    const std::string store = site.settings().store;
    if (!site.up() || !cloned_.insert(store).second) return;
    SiteSettings settings = site.settings();
    settings.name = store + "-clone";
    settings.seed = noise_.next();
    sites_.push_back(std::make_unique<Site>(timeline_, network_, settings));
    Site& copy = *sites_.back();
    ++set_backs_.stores[store];
    oracle_.note_copy(site, copy);
    copy.disk.load(site.disk.image());
    copy.switch_on();
    customers_.push_back(std::make_unique<Customers>(timeline_, copy, day("9"), noise_.next()));
}

void World::put_agent_back(Site& site, const Image& image) {
    site.take_down();
    ++set_backs_.stores[site.settings().store];
    oracle_.set_back(site, image.lineage);
    site.disk.load(image.disk);
    site.cut_power(any_loss(), between(seconds{5}, minutes{5}));
}

void World::put_hq_back(const HqCopy& copy) {
    if (!hq_.up()) return;
    const HqState before = hq_.state();
    if (!hq_.readable()) return;
    if (settings_.tooth != Tooth::HqSetBackUnsaid) oracle_.hq_set_back(before, copy.state);
    ++set_backs_.hq;
    hq_.take_down();
    hq_.disk.load(copy.disk);
    hq_.accept_another = true;
    hq_.cut_power(any_loss(), between(seconds{5}, minutes{5}));
}

void World::restore_agent_later() {
    Site& site = any_site();
    oracle_.note(site);
    auto image = std::make_shared<Image>(Image{site.disk.image(), oracle_.lineage(site)});
    later(between(minutes{10}, std::chrono::hours{3}),
          [this, &site, image] { put_agent_back(site, *image); });
}

void World::restore_hq_later() {
    if (!hq_.up()) return;
    auto copy = std::make_shared<const HqCopy>(HqCopy{hq_.disk.image(), hq_.state()});
    if (!hq_.readable()) return;
    later(between(minutes{10}, std::chrono::hours{3}), [this, copy] { put_hq_back(*copy); });
}

// HQ's backup is of before an old image made a shop begin another epoch: what HQ had acknowledged
// of the ended one in between is on no outbox any more.
void World::restore_hq_over_an_epoch() {
    if (!hq_.up()) return;
    auto copy = std::make_shared<const HqCopy>(HqCopy{hq_.disk.image(), hq_.state()});
    if (!hq_.readable()) return;
    Site& site = any_site();
    later(between(minutes{10}, minutes{60}), [this, &site, copy] {
        oracle_.note(site);
        auto image = std::make_shared<Image>(Image{site.disk.image(), oracle_.lineage(site)});
        later(between(minutes{2}, minutes{20}), [this, &site, copy, image] {
            put_agent_back(site, *image);
            later(between(minutes{2}, minutes{60}), [this, copy] { put_hq_back(*copy); });
        });
    });
}

void World::damage() {
    Site& site = any_site();
    site.take_down();
    ++set_backs_.stores[site.settings().store];
    oracle_.damaged(site, hq_);
    const std::string file = shop_dir() + "/aisle.db";
    switch (noise_.below(4)) {
        case 0:
            site.disk.put(file, "");
            break;
        case 1:
            site.disk.erase(file);
            site.disk.erase(file + "-wal");
            break;
        case 2:
            site.disk.damage(file, 0, std::string(100, '\x5a'));
            break;
        default: {
            const auto size = static_cast<std::int64_t>(site.disk.bytes_of(file).size());
            site.disk.put(file, site.disk.bytes_of(file).substr(
                                    0, static_cast<std::size_t>(size / 4096 / 2 * 4096)));
        }
    }
    site.cut_power(any_loss(), between(seconds{5}, minutes{2}));
}

void World::wrong_clock() {
    Site& site = any_site();
    static constexpr std::array kOff{std::chrono::days{30}, std::chrono::days{-30},
                                     std::chrono::days{-20'000}, std::chrono::days{1}};
    site.clock.off = kOff.at(index(kOff.size()));
    site.clock.quality = noise_.chance(500) ? ClockQuality::None : ClockQuality::Rtc;
    if (noise_.chance(300)) site.cut_power(any_loss(), between(seconds{5}, minutes{1}));
    later(between(minutes{10}, std::chrono::hours{8}), [&site] {
        site.clock.off = {};
        site.clock.quality = ClockQuality::Ntp;
    });
}

void World::heal() {
    countdowns_.clear();
    later_.clear();
    network_.weather = {};
    network_.cut("hq", false);
    for (const auto& site : sites_) {
        network_.cut(site->settings().name, false);
        site->disk.heal();
        site->disk.set_capacity({});
        site->disk.cut_after(0);
        site->clock.off = {};
        site->clock.quality = ClockQuality::Ntp;
        if (!site->up()) site->switch_on();
    }
    hq_.disk.cut_after(0);
    if (!hq_.up()) hq_.start();
    network_.restart_broker();
}

std::vector<Site*> World::sites() const {
    std::vector<Site*> all;
    for (const auto& site : sites_) all.push_back(site.get());
    return all;
}

// The tills have their answers, and what must not wait does not wait.
bool World::calm() {
    for (const auto& one : customers_)
        if (!one->all_answered()) return false;
    for (const auto& site : sites_) {
        if (!site->up()) return false;
        const auto status = site->shop()->uplink()->status();
        if (status.streams[0].rows > 0 || status.streams[1].rows > 0) return false;
        if (status.streams[2].rows + status.streams[3].rows > 20) return false;
    }
    return office_->at_rest(sites());
}

void World::end() {
    const MonoTime patience = timeline_.now() + kHealing;
    office_->finish();
    step(timeline_.now() + minutes{1});
    while (!calm() && timeline_.now() < patience) step(timeline_.now() + seconds{30});
    const auto down = office_->compare(sites(), set_backs_);
    report_.faults.insert(report_.faults.end(), down.begin(), down.end());
    report_.down = office_->done();
    for (const auto& one : customers_) one->stop();
    step(timeline_.now() + minutes{3});
    for (const auto& site : sites_) site->stop();
    step(timeline_.now() + seconds{20});
}

void World::judge() {
    for (const auto& fault : faults_of_completeness(hq_)) report_.faults.push_back(fault);
    for (const auto& fault : faults_of_outboxes(sites())) report_.faults.push_back(fault);
    for (const auto& site : sites_) oracle_.note(*site);
    std::vector<const Customers*> customers;
    for (const auto& one : customers_) {
        customers.push_back(one.get());
        report_.sales += static_cast<std::int64_t>(one->sold().size());
        if (!one->all_answered()) report_.faults.emplace_back("a till never got its answer");
    }
    const auto faults = oracle_.compare(sites(), customers, hq_);
    report_.faults.insert(report_.faults.end(), faults.begin(), faults.end());
    std::set<std::string> epochs;
    for (const HqRow& row : hq_.events()) {
        epochs.insert(row.store + row.epoch);
        ++(row.kind == "gap" ? report_.gaps_at_hq : report_.rows_at_hq);
        trace_.add(row.store + row.epoch + row.stream + std::to_string(row.seq));
        trace_.add(row.body);
    }
    report_.epochs_at_hq = static_cast<std::int64_t>(epochs.size());
    report_.hash = trace_.hash();
    report_.messages = static_cast<std::int64_t>(network_.carried());
    report_.bytes = static_cast<std::int64_t>(network_.bytes());
    report_.tasks = timeline_.ran();
}

Report World::run() {
    hq_.shops = static_cast<int>(noise_.between(settings_.shops_min, settings_.shops_max));
    hq_.start();
    open_shops();
    for (const Plague& plague : schedule(swarm_, begin_ + minutes{1}, end_, noise_)) {
        step(plague.at);
        strike(plague.fault);
    }
    step(end_);
    heal();
    end();
    judge();
    return report_;
}

}  // namespace

Report run_world(const WorldSettings& settings) { return World{settings}.run(); }

}  // namespace aisle::world
