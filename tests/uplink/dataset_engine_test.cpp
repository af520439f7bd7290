#include "sync/uplink/dataset_engine.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "sealed_kit.hpp"

namespace aisle::uplink {
namespace {

using wire::Dataset;
using wire::DatasetHeader;
using wire::Refused;
using Texts = std::vector<std::string>;

std::string stock(const std::string& sku, int qty) {
    return R"({"sku":")" + sku + R"(","qty":)" + std::to_string(qty) + "}\n";
}
std::string gone(const std::string& key) {
    return R"({"key":")" + key + R"(","gone":true})" + "\n";
}

DatasetHeader header_of(std::int64_t version, std::optional<std::int64_t> base = std::nullopt,
                        Dataset name = Dataset::Stock) {
    return {.store = "s-0001",
            .name = name,
            .version = version,
            .base = base,
            .valid_until = kit::kNoon + std::chrono::hours{24}};
}

// The parts as HQ would seal them.
Texts sealed(DatasetHeader header, const Texts& parts) {
    header.sha256 = wire::rows_digest(parts);
    header.parts = static_cast<std::int64_t>(parts.size());
    for (const std::string& part : parts) header.n += std::ranges::count(part, '\n');
    Texts out;
    for (const std::string& part : parts) {
        header.part = static_cast<std::int64_t>(out.size()) + 1;
        out.push_back(
            wire::seal(wire::Purpose::Data, hq_key(), wire::header_line(header) + "\n" + part));
    }
    return out;
}

// A shop's stock as the steps have told it, and what is durable.
class Shop {
public:
    Shop() { start(); }
    void start() {
        engine_.emplace(DatasetSettings{.store = StoreId{"s-0001"},
                                        .member_keys = {"k1"},
                                        .pseudonym = [](std::string_view raw) {
                                            return raw == "?" ? std::string{}
                                                              : std::string(32 - raw.size(), '0') +
                                                                    std::string{raw};
                                        }});
        told.clear();
        for (const DatasetStep& step : engine_->restore(rows_.all())) tell(step);
    }
    DatasetEffects send(const DatasetHeader& header, const Texts& parts, std::int64_t s = 0) {
        DatasetEffects last;
        for (const std::string& message : sealed(header, parts)) last = one(message, s);
        return last;
    }
    DatasetEffects one(const std::string& message, std::int64_t s = 0) {
        return keep(engine_->received(message, ring_of(), at_s(s)));
    }
    DatasetEffects keep(DatasetEffects effects) {
        for (const DatasetStep& step : effects.steps) {
            if (steps_left == 0) break;
            --steps_left;
            rows_.apply(step.state);
            tell(step);
        }
        return effects;
    }
    void tell(const DatasetStep& step) {
        for (const std::string& key : step.gone) told.erase("stock." + key);
        for (const ReferenceRow& row : step.rows) {
            if (const auto* fact = std::get_if<FactRow>(&row))
                told[fact->key] = std::get<std::int64_t>(fact->value);
            if (const auto* member = std::get_if<MemberRow>(&row)) told[member->member] = 1;
        }
        for (const DatasetNote& note : step.notes)
            said.push_back(note.state + " " + std::to_string(note.version) +
                           (note.reason.empty() ? "" : " " + note.reason));
    }
    [[nodiscard]] std::int64_t version() const {
        const auto held = engine_->held();
        return held.empty() ? 0 : held.front().head.version;
    }
    DatasetEngine& engine() { return *engine_; }

    std::map<std::string, std::int64_t> told;
    Texts said;
    std::size_t steps_left = std::numeric_limits<std::size_t>::max();

private:
    Rows rows_;
    std::optional<DatasetEngine> engine_;
};

using Told = std::map<std::string, std::int64_t>;

TEST(DatasetEngine, LoadsASnapshot) {
    Shop shop;
    const auto effects = shop.send(header_of(1), {stock("A", 1) + stock("B", 2)});
    EXPECT_EQ(shop.told, (Told{{"stock.A", 1}, {"stock.B", 2}}));
    EXPECT_EQ(shop.said, Texts{"loaded 1"});
    EXPECT_TRUE(effects.first);
    EXPECT_EQ(shop.version(), 1);
}

TEST(DatasetEngine, ASnapshotTakesAwayWhatItDoesNotName) {
    Shop shop;
    shop.send(header_of(1), {stock("A", 1) + stock("B", 2)});
    const auto effects = shop.send(header_of(2), {stock("B", 2) + stock("C", 3)});
    EXPECT_EQ(shop.told, (Told{{"stock.B", 2}, {"stock.C", 3}}));
    EXPECT_FALSE(effects.first);
}

TEST(DatasetEngine, TellsOnlyWhatHasChanged) {
    Shop shop;
    shop.send(header_of(1), {stock("A", 1) + stock("B", 2)});
    const auto effects = shop.send(header_of(2), {stock("A", 1) + stock("B", 3)});
    ASSERT_EQ(effects.steps.size(), 1U);
    EXPECT_EQ(effects.steps[0].rows.size(), 1U);
}

TEST(DatasetEngine, MergesADelta) {
    Shop shop;
    shop.send(header_of(1), {stock("A", 1) + stock("B", 2)});
    shop.send(header_of(2, 1), {gone("A") + stock("B", 5) + stock("C", 3)});
    EXPECT_EQ(shop.told, (Told{{"stock.B", 5}, {"stock.C", 3}}));
    EXPECT_EQ(shop.version(), 2);
}

TEST(DatasetEngine, AppliesRowsInTheirOrder) {
    Shop shop;
    shop.send(header_of(1), {stock("A", 1) + stock("A", 2)});
    EXPECT_EQ(shop.told, (Told{{"stock.A", 2}}));
    shop.send(header_of(2, 1), {gone("A") + stock("A", 3)});
    EXPECT_EQ(shop.told, (Told{{"stock.A", 3}}));
    shop.send(header_of(3, 2), {stock("A", 4) + gone("A")});
    EXPECT_TRUE(shop.told.empty());
    EXPECT_EQ(shop.version(), 3);
}

TEST(DatasetEngine, AsksForASnapshotWhenADeltaDoesNotFit) {
    Shop shop;
    shop.send(header_of(1), {stock("A", 1)});
    shop.send(header_of(3, 2), {stock("A", 9)});
    EXPECT_EQ(shop.said, (Texts{"loaded 1", "refused 3 base"}));
    EXPECT_EQ(shop.told.at("stock.A"), 1);
    // HQ repeats itself; it is told once in ten minutes.
    shop.send(header_of(3, 2), {stock("A", 9)}, 599);
    EXPECT_EQ(shop.said.size(), 2U);
    shop.send(header_of(3, 2), {stock("A", 9)}, 600);
    EXPECT_EQ(shop.said.size(), 3U);
}

TEST(DatasetEngine, GathersPartsInAnyOrder) {
    Shop shop;
    const Texts parts = sealed(header_of(1), {stock("A", 1), stock("B", 2), stock("C", 3)});
    for (const std::size_t i : {2U, 0U, 2U}) shop.one(parts[i]);
    EXPECT_TRUE(shop.told.empty());
    shop.one(parts[1]);
    EXPECT_EQ(shop.told.size(), 3U);
}

TEST(DatasetEngine, DropsThePartsOfAnotherVersion) {
    Shop shop;
    const Texts one = sealed(header_of(1), {stock("A", 1), stock("B", 2)});
    const Texts two = sealed(header_of(2), {stock("C", 1), stock("D", 2)});
    for (const std::string& part : {one[0], two[0], one[1]}) shop.one(part);
    EXPECT_TRUE(shop.told.empty());
    shop.one(two[0]), shop.one(two[1]);
    EXPECT_EQ(shop.told, (Told{{"stock.C", 1}, {"stock.D", 2}}));
}

TEST(DatasetEngine, RefusesPartsThatAreNotOfOneDataset) {
    Shop shop;
    DatasetHeader header = header_of(1);
    header.sha256 = std::string(64, '0');
    header.n = 1;
    shop.one(wire::seal(wire::Purpose::Data, hq_key(),
                        wire::header_line(header) + "\n" + stock("A", 1)));
    EXPECT_EQ(shop.said, Texts{"refused 1 digest"});
    EXPECT_TRUE(shop.told.empty());
}

TEST(DatasetEngine, RefusesWhatIsOldOverOrForAnother) {
    Shop shop;
    shop.send(header_of(2), {stock("A", 1)});
    shop.said.clear();
    EXPECT_EQ(shop.send(header_of(1), {stock("A", 9)}).refused->why, Refused::Older);
    DatasetHeader over = header_of(3);
    over.valid_until = kit::kNoon;
    EXPECT_EQ(shop.send(over, {stock("A", 9)}).refused->why, Refused::Expired);
    DatasetHeader other = header_of(3);
    other.store = "s-0002";
    EXPECT_EQ(shop.send(other, {stock("A", 9)}).refused->why, Refused::WrongStore);
    EXPECT_EQ(shop.told, (Told{{"stock.A", 1}}));
}

TEST(DatasetEngine, StaysQuietAboutTheVersionThatItHolds) {
    Shop shop;
    shop.send(header_of(1), {stock("A", 1)});
    shop.said.clear();
    EXPECT_FALSE(shop.send(header_of(1), {stock("A", 1)}).refused);
    EXPECT_TRUE(shop.said.empty());
}

TEST(DatasetEngine, IsOverWhenItsTimeIsAndSaysSoOnce) {
    Shop shop;
    shop.send(header_of(1), {stock("A", 1)});
    shop.said.clear();
    const std::int64_t day = 86'400;
    EXPECT_FALSE(shop.engine().over(Dataset::Stock, at_s(day - 1)));
    EXPECT_TRUE(shop.engine().over(Dataset::Stock, at_s(day)));
    EXPECT_FALSE(shop.engine().over(Dataset::Stock, at_s(day, ClockQuality::None)));
    for (int i = 0; i < 3; ++i) shop.keep(shop.engine().tick(at_s(day + i)));
    EXPECT_EQ(shop.said, Texts{"expired 1"});
}

TEST(DatasetEngine, RemembersAfterARestart) {
    Shop shop;
    shop.send(header_of(1), {stock("A", 1) + stock("B", 2)});
    shop.start();
    EXPECT_EQ(shop.told, (Told{{"stock.A", 1}, {"stock.B", 2}}));
    shop.send(header_of(2, 1), {stock("B", 3)});
    EXPECT_EQ(shop.told, (Told{{"stock.A", 1}, {"stock.B", 3}}));
}

Texts many(int rows) {
    std::string part;
    for (int i = 0; i < rows; ++i) part += stock(std::to_string(i), i);
    return {part};
}

TEST(DatasetEngine, CutsALongLoadIntoTransactions) {
    Shop shop;
    const auto effects = shop.send(header_of(1), many(1'000));
    EXPECT_GE(effects.steps.size(), 5U);
    for (const DatasetStep& step : effects.steps) EXPECT_LE(step.rows.size(), kRowsPerStep);
    EXPECT_EQ(shop.told.size(), 1'000U);
}

// Whichever steps were committed: afterwards HQ's snapshot makes it whole.
TEST(DatasetEngine, AsksForASnapshotOfWhatACrashLeftHalfLoaded) {
    for (std::size_t cut = 1; cut < 5; ++cut) {
        Shop shop;
        shop.send(header_of(1), {stock("0", 99) + stock("old", 1)});
        shop.steps_left = cut;
        shop.send(header_of(2), many(1'000));
        shop.steps_left = 1'000;
        shop.start();
        EXPECT_EQ(shop.version(), 0);
        shop.said.clear();
        shop.keep(shop.engine().started(at_s(1)));
        EXPECT_EQ(shop.said, Texts{"refused 0 base"}) << cut;
        shop.send(header_of(3, 1), {stock("0", 5)});
        EXPECT_EQ(shop.version(), 0) << "a delta on what is half loaded";
        shop.send(header_of(2), many(1'000), 2);
        EXPECT_EQ(shop.version(), 2);
        EXPECT_EQ(shop.told.size(), 1'000U);
        EXPECT_EQ(shop.told.at("stock.0"), 0);
    }
}

TEST(DatasetEngine, ADeltaThatFitsOneTransactionIsWholeOrNotThere) {
    Shop shop;
    shop.send(header_of(1), many(1'000));
    const auto effects = shop.send(header_of(2, 1), {stock("0", 7) + stock("1", 7)});
    EXPECT_EQ(effects.steps.size(), 1U);
}

std::string member(const std::string& id) { return R"({"member":")" + id + "\"}\n"; }

TEST(DatasetEngine, MembersBecomePseudonymsBeforeAnythingIsKept) {
    Shop shop;
    const auto effects = shop.send(header_of(1, std::nullopt, Dataset::Members), {member("1001")});
    const std::string pseudonym = std::string(28, '0') + "1001";
    EXPECT_TRUE(shop.told.contains(pseudonym));
    for (const DatasetStep& step : effects.steps) {
        for (const StateChange& change : step.state)
            EXPECT_EQ(change.bytes.find("\"1001\""), std::string::npos) << change.bytes;
    }
}

TEST(DatasetEngine, TakesPseudonymsUnderItsOwnKeyOnly) {
    Shop shop;
    DatasetHeader header = header_of(1, std::nullopt, Dataset::Members);
    header.member_key = "k2";
    EXPECT_EQ(shop.send(header, {member(std::string(32, 'a'))}).refused->why, Refused::MemberKey);
    header.member_key = "k1";
    shop.send(header, {member(std::string(32, 'a'))});
    EXPECT_TRUE(shop.told.contains(std::string(32, 'a')));
    header.version = 2;
    EXPECT_EQ(shop.send(header, {member("1001")}).refused->why, Refused::Malformed);
}

TEST(DatasetEngine, OneMemberThatIsNoneRefusesTheWhole) {
    Shop shop;
    shop.send(header_of(1, std::nullopt, Dataset::Members), {member("1001") + member("?")});
    EXPECT_TRUE(shop.told.empty());
}

}  // namespace
}  // namespace aisle::uplink
