#include "tests/fault/bundle_switch.hpp"

#include "agent/records/downlink_records.hpp"
#include "sync/uplink/bundle_engine.hpp"
#include "tests/fault/shop_folder.hpp"
#include "tests/kit/builders.hpp"

namespace aisle::fault {
namespace {

constexpr std::int64_t kOld = 1, kNew = 2;
constexpr std::int64_t kCampaigns = 60;  // a slot of several pages
constexpr int kSecondsMax = 90;

wire::SigningKey hq_key() {
    std::array<std::uint8_t, 32> bytes{};
    bytes.fill(1);
    return wire::signing_key("hq-1", bytes);
}

wire::Bundle bundle_of(std::int64_t version) {
    wire::Bundle bundle{.version = version};
    for (std::int64_t n = 0; n < kCampaigns; ++n)
        bundle.campaigns.push_back(R"({"id":"c-)" + std::to_string(version) + "-" +
                                   std::to_string(n) + R"(","note":")" + std::string(200, 'n') +
                                   "\"}");
    return bundle;
}

const std::string& sealed(std::int64_t version) {
    static std::map<std::int64_t, std::string> made;
    std::string& one = made[version];
    if (one.empty())
        one = wire::seal(wire::Purpose::Bundle, hq_key(), wire::to_json(bundle_of(version)));
    return one;
}

wire::Keyring keys() {
    wire::Keyring ring;
    (void)ring.add(hq_key().public_key());
    return ring;
}

// The agent's side of a switch: each step is one transaction, and an error ends the process.
class Shop {
public:
    explicit Shop(kit::SimDisk& disk) : disk_{disk} {}

    bool open() {
        auto opened = store::Store::open(shop_folder(), sweep_settings(disk_), kit::kNoon);
        if (!opened) return why(opened.error());
        store_ = std::move(*opened);
        const auto rows = store_->read_state(uplink::kBundleRoom);
        if (!rows) return why(rows.error());
        std::vector<StateChange> changes;
        for (const store::StateRow& row : *rows)
            changes.push_back({std::string{uplink::kBundleRoom}, row.key, row.bytes});
        if (auto done = engine_.restore(changes); !done) return why(done.error());
        return true;
    }
    // HQ sends it again until it is taken, and time goes by until it is healthy.
    bool switch_to(std::int64_t version) {
        if (!step(engine_.started(now()))) return false;
        if (engine_.newest() < version && !step(engine_.received(sealed(version), keys(), now())))
            return false;
        const auto arrived = [&] {
            return engine_.version() == version && engine_.state() == "healthy";
        };
        for (int second = 0; second < kSecondsMax && !arrived(); ++second) {
            ++seconds_;
            if (!step(engine_.tick(now(), {}))) return false;
        }
        return true;
    }
    void close() { store_.reset(); }

    // Empty: one whole slot runs.
    [[nodiscard]] std::string fault() const {
        if (engine_.version() != kOld && engine_.version() != kNew)
            return "version " + std::to_string(engine_.version()) + " runs";
        if (engine_.running() == nullptr) return "nothing runs";
        if (engine_.running()->campaigns != bundle_of(engine_.version()).campaigns)
            return "the slot is not whole";
        return {};
    }
    // How often the ledger tells that the version became active.
    [[nodiscard]] std::int64_t times_active(std::int64_t version) {
        std::int64_t n = 0;
        const auto rows = store_->read(JournalQuery{.kind = "bundle_state", .limit = 1000});
        for (const JournalRow& row : *rows) {
            const auto state = records::bundle_state_from_json(row.record.body);
            n += state && state->version == version && state->state == "active";
        }
        return n;
    }
    [[nodiscard]] const uplink::BundleEngine& engine() const { return engine_; }
    [[nodiscard]] const std::string& last_error() const { return error_; }

private:
    bool why(const Error& error) {
        error_ = error.detail;
        return false;
    }
    [[nodiscard]] Stamp now() const {
        Stamp at = kit::at(seconds{seconds_});
        at.quality = ClockQuality::Ntp;
        return at;
    }
    bool step(const uplink::BundleEffects& effects) {
        Batch batch;
        batch.state = effects.state;
        for (const uplink::BundleNote& note : effects.notes)
            batch.records.push_back(records::bundle_state_record({.version = note.version,
                                                                  .state = note.state,
                                                                  .reason = note.reason,
                                                                  .detail = note.detail,
                                                                  .slot = note.slot,
                                                                  .active = note.active,
                                                                  .figures = note.figures,
                                                                  .at = now()}));
        if (!batch.state.empty() || !batch.records.empty()) {
            if (auto done = store_->append(batch, now().wall); !done) return why(done.error());
        }
        if (!effects.dry_run || engine_.candidate() == nullptr) return true;
        return step(engine_.dry_run_done(engine_.candidate()->version, {}, now()));
    }

    kit::SimDisk& disk_;
    std::unique_ptr<store::Store> store_;
    uplink::BundleEngine engine_{{.store = StoreId{"s-0001"}, .agent = "0.1.0"},
                                 [](const wire::Bundle&) { return std::vector<std::string>{}; }};
    std::int64_t seconds_ = 0;
    std::string error_;
};

const kit::SimDisk::Image& with_the_old_one() {
    static const kit::SimDisk::Image image = [] {
        kit::SimDisk disk;
        Shop shop{disk};
        if (shop.open()) (void)shop.switch_to(kOld);
        shop.close();
        return disk.image();
    }();
    return image;
}

// One life in which something fails; `end` takes the fault away and tells whether it was met.
bool live(kit::SimDisk& disk, const std::function<void()>& begin, const std::function<bool()>& end,
          SweepSums& sums) {
    disk.load(with_the_old_one());
    bool met = false;
    {
        Shop shop{disk};
        if (!shop.open()) sums.trouble = "cannot be opened: " + shop.last_error();
        begin();
        if (sums.trouble.empty() && !shop.switch_to(kNew)) ++sums.refused;
        shop.close();
        met = end();
    }
    ++sums.runs;
    sums.failures += met;
    Shop shop{disk};
    if (!shop.open()) {
        sums.trouble = "cannot be opened afterwards: " + shop.last_error();
        return met;
    }
    sums.trouble = shop.fault();
    if (!sums.trouble.empty()) return met;
    if (!shop.switch_to(kNew)) sums.trouble = "does not go on: " + shop.last_error();
    if (sums.trouble.empty()) sums.trouble = shop.fault();
    if (sums.trouble.empty() && shop.engine().version() != kNew) sums.trouble = "stays old";
    if (sums.trouble.empty() && shop.times_active(kNew) != 1)
        sums.trouble = "told " + std::to_string(shop.times_active(kNew)) + " times";
    return met;
}

}  // namespace

SweepSums sweep_switch(const Sweep& what) {
    SweepSums sums;
    for (std::int64_t nth = 1; sums.trouble.empty();
         nth += nth < what.each_up_to ? 1 : what.stride) {
        kit::SimDisk disk;
        const bool met = live(
            disk, [&] { arm(disk, what, nth); }, [&] { return disarm(disk, what) > 0; }, sums);
        if (!sums.trouble.empty())
            sums.trouble = "n = " + std::to_string(nth) + ": " + sums.trouble;
        if (!met) break;
    }
    return sums;
}

SweepSums cut_switch(std::uint64_t seed) {
    SweepSums sums;
    for (std::int64_t nth = 1; sums.trouble.empty(); ++nth) {
        kit::SimDisk disk;
        const bool met = live(
            disk, [&] { disk.cut_after(nth); },
            [&] {
                const bool off = disk.is_off();
                disk.cut_after(0);
                if (off) disk.restart({.seed = seed + static_cast<std::uint64_t>(nth)});
                return off;
            },
            sums);
        if (!sums.trouble.empty())
            sums.trouble = "n = " + std::to_string(nth) + ": " + sums.trouble;
        if (!met) break;
    }
    return sums;
}

}  // namespace aisle::fault
