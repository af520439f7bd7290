#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "agent/app/desk.hpp"
#include "agent/app/heartbeat.hpp"
#include "agent/app/restore.hpp"
#include "agent/app/storage.hpp"
#include "agent/runtime/inline_executor.hpp"
#include "tests/kit/builders.hpp"

// A whole shop in one thread, around a real store in a folder of its own.
namespace aisle::app {

// A folder under the system's temporary one; goes with all that is in it.
class Folder {
public:
    Folder() {
        std::string name = std::filesystem::temp_directory_path() / "aisle-app-XXXXXX";
        if (::mkdtemp(name.data()) == nullptr) std::abort();
        path_ = name;
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder() { std::filesystem::remove_all(path_); }
    [[nodiscard]] const std::string& path() const { return path_; }
    [[nodiscard]] std::string file(const std::string& name) const { return path_ + "/" + name; }
    std::string write(const std::string& name, const std::string& text) const {
        std::ofstream{file(name), std::ios::binary} << text;
        return file(name);
    }

private:
    std::string path_;
};

inline std::string bytes_of(const std::string& path) {
    std::ostringstream text;
    text << std::ifstream{path, std::ios::binary}.rdbuf();
    return text.str();
}

inline ShopKeys test_keys() {
    ShopKeys keys{.pseudonyms = {.bytes = {}, .id = "k1"}, .codes = "a store's secret"};
    keys.pseudonyms.bytes.fill(7);
    return keys;
}

// One door that counts, two zones of one scanner each.
inline config::AgentConfig shop_config() {
    config::AgentConfig config;
    config.store.id = "s-0001";
    config.doors.push_back({.id = "main"});
    config.zones.push_back({.id = "shoes", .scanners = {"gw-shoes"}});
    config.zones.push_back({.id = "bags", .scanners = {"gw-bags"}});
    return config;
}

// A campaign with nobody held out, unless `parts` tell otherwise.
inline std::string campaign(const std::string& id, const std::string& trigger,
                            const std::string& parts = R"("experiment": {"holdout": 0})") {
    return R"({"schema": 1, "id": ")" + id + R"(", "trigger": )" + trigger +
           R"(, "action": {"type": "spend_tiers", "tiers": [[10000, 1000]]}, )" + parts + "}";
}
inline const std::string kOnSeen = R"({"type": "member_seen"})";
inline const std::string kOnBasket = R"({"type": "basket"})";
inline const std::string kOnSale = R"({"type": "sale"})";
inline const std::string kAllHeldOut = R"("experiment": {"holdout": 1})";

inline std::shared_ptr<const offers::CampaignSet> campaigns_of(
    const std::vector<std::string>& texts) {
    static const kit::FixedZone shanghai;
    std::vector<offers::CampaignFile> files;
    for (const std::string& text : texts) files.push_back({.name = "c.json", .text = text});
    auto set = offers::CampaignSet::load(files, {.store = &shanghai});
    if (set) return std::make_shared<const offers::CampaignSet>(std::move(*set));
    ADD_FAILURE() << to_text(set.error().front());
    return std::make_shared<const offers::CampaignSet>();
}

// As a driver would hand it over: nothing that is ours; `member` raw.
inline Sale draft(std::int64_t total_minor, std::int64_t seq = 1, const std::string& member = {}) {
    Sale sale = kit::sale_of(total_minor, seq);
    sale.sale = {};
    sale.key.clear();
    sale.revision = 0;
    sale.reconciled = {};
    sale.member = member;
    return sale;
}

inline Reading reading_of(ReadingBody body, const std::string& position = {}) {
    Reading reading{.body = std::move(body), .position = std::nullopt};
    if (!position.empty())
        reading.position = SourcePosition{.source = "dir", .item = "file", .position = position};
    return reading;
}

struct ShopWorld {
    explicit ShopWorld(const std::vector<std::string>& campaigns = {},
                       const Folder* folder = nullptr, Stamp now = kit::at(),
                       const ShopKeys& keys = test_keys())
        : own{folder == nullptr ? std::make_unique<Folder>() : nullptr},
          path{folder == nullptr ? own->path() : folder->path()},
          clock{now},
          engines{std::move(*Engines::make(shop_config(), keys, zone))} {
        engines->offers->load(campaigns_of(campaigns));
        EXPECT_TRUE(restore_engines(*store, *engines, clock.now()));
        EXPECT_TRUE(restore_readings(*store, readings));
        EXPECT_TRUE(restore_floor(*store, floor));
    }

    // What was submitted has committed, and what followed from that.
    void settle() {
        for (int round = 0; round < 2; ++round) {
            const auto done = std::make_shared<bool>(false);
            Work mark{.apply = [done](Turn& turn, std::span<const Found>) {
                turn.after.push_back([done] { *done = true; });
            }};
            mark.waits = true;
            pipeline.submit_inner(std::move(mark));
            loop.run_ready();
            for (int i = 0; i < 20 && !*done; ++i) loop.advance(seconds{1});
            EXPECT_TRUE(*done);
        }
    }
    // What accept() answered once all has settled; Full if it was not taken.
    Result<Accepted> take(Reading reading) {
        Result<Accepted> answer{unavailable("no answer")};
        const Status taken =
            readings.accept(std::move(reading), [&](const auto& said) { answer = said; });
        if (!taken) return taken.error();
        settle();
        return answer;
    }
    Result<Accepted> sell(const Sale& sale) { return take(reading_of(SaleReading{sale, {}})); }
    void tell(const std::string& file, std::vector<ReferenceRow> rows) {
        EXPECT_TRUE(take(reading_of(
            ReferenceReading{.source = "reference", .file = file, .rows = std::move(rows)})));
    }
    // The bodies of a kind, oldest first.
    std::vector<std::string> journal(const std::string& kind) {
        std::vector<std::string> bodies;
        const auto rows = store->read(JournalQuery{.kind = kind, .limit = 100'000});
        for (const JournalRow& row : *rows) bodies.push_back(row.record.body);
        return bodies;
    }
    [[nodiscard]] MemberKey member(const std::string& raw) const {
        return engines->intake.pseudonym(raw);
    }
    [[nodiscard]] TagKey tag(const std::string& raw) const {
        return engines->intake.tag_pseudonym(raw);
    }
    // Says on the shop floor that the member agrees (or no longer).
    void agree(const MemberKey& who, std::string_view purpose, bool granted = true) {
        Status answer{unavailable("no answer")};
        desk.set_consent({.member = who,
                          .purpose = std::string{purpose},
                          .granted = granted,
                          .version = "v1",
                          .by = "s-2",
                          .at = {}},
                         [&](const Status& said) { answer = said; });
        settle();
        EXPECT_TRUE(answer);
    }
    staff::CheckedIn check_in(const std::string& raw) {
        Result<staff::CheckedIn> answer{unavailable("no answer")};
        desk.check_in({.member = raw, .by = "s-2"}, [&](auto said) { answer = std::move(said); });
        settle();
        if (!answer) ADD_FAILURE() << answer.error().detail;
        return answer ? std::move(*answer) : staff::CheckedIn{};
    }
    staff::ActAnswer act(const OfferId& offer, OfferAction action, const std::string& by) {
        staff::ActAnswer answer{.outcome = staff::ActOutcome::NotNow, .offer = {}};
        desk.act({.offer = offer, .action = action, .by = by, .reason = {}},
                 [&](auto said) { answer = std::move(said); });
        settle();
        return answer;
    }
    BasketDecision decide(const std::string& key, std::int64_t amount,
                          const std::string& member_raw = {}, bool cancel = false) {
        Basket basket{.key = key, .till = TillId{"2"}, .member = {}, .lines = {}};
        basket.lines.push_back({.n = 1,
                                .sku = "SKU1",
                                .category = {},
                                .brand = {},
                                .qty_milli = 1000,
                                .gross = Money::minor(amount),
                                .discount = {}});
        Result<BasketDecision> answer{unavailable("no answer")};
        desk.decide({.basket = std::move(basket), .member_raw = member_raw, .cancel = cancel},
                    [&](const auto& said) { answer = said; });
        settle();
        if (!answer) ADD_FAILURE() << answer.error().detail;
        return answer ? *answer : BasketDecision{};
    }

    // For each thread of the real agent: it takes `room` tasks and then no more.
    Run run = [this](runtime::Task task) {
        if (room == 0) return false;
        --room;
        loop.post(std::move(task));
        return true;
    };

    std::unique_ptr<Folder> own;
    std::string path;
    runtime::ManualClock clock;
    runtime::InlineExecutor loop{clock};
    std::unique_ptr<runtime::Metrics> metrics = runtime::make_metrics();
    kit::FixedZone zone;
    std::unique_ptr<store::Store> store =
        std::move(*store::Store::open(path, {.store = StoreId{"s-0001"}}, clock.now().wall));
    std::unique_ptr<Engines> engines;
    Storage storage{{*store, *store, run, run, loop}};
    Pipeline pipeline{{},
                      {.journal = storage,
                       .loop = loop,
                       .metrics = *metrics,
                       .wake = [this](Stream stream, std::size_t n) { woken[stream] += n; },
                       .make_room = [this] { heartbeat.prune(); },
                       .broken = [this](const Error& error) { broken = error.detail; }}};
    Floor floor{*engines, [this](const Offer& offer) { announced.push_back(offer); }};
    Readings readings{{pipeline, *engines, floor, clock, [this] { ++enrolments; }}};
    Desk desk{{pipeline, *engines, floor, readings, clock,
               [this](staff::ShopStatus& status) { status.outbox_rows = outbox_rows; }}};
    Heartbeat heartbeat{{loop, *metrics, pipeline, floor, readings, desk, storage,
                         [] { return 4096.0; }, retention_of({})}};

    std::size_t room = 1'000'000'000;
    std::map<Stream, std::size_t> woken;
    std::vector<Offer> announced;
    std::string broken;
    int enrolments = 0;
    std::int64_t outbox_rows = 0;
};

}  // namespace aisle::app
