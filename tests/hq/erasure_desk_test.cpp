#include "sync/hq/erasure_desk.hpp"

#include <gtest/gtest.h>

#include "rollout_kit.hpp"
#include "sync/hq/erasure.hpp"

namespace aisle::hq {
namespace {

const std::string kOne(32, 'a');
const std::string kOther(32, 'b');

ErasureCase wish(const std::string& id = "e1") {
    ErasureCase one{.id = id, .asked = kit::kNoon};
    one.stores["s-1"] = {.members = {kOne}, .command = id + ".s-1"};
    one.stores["s-2"] = {.members = {kOther}, .command = id + ".s-2"};
    return one;
}

Sweep with_rows(Sweep sweep, std::int64_t rows) {
    sweep.rows = rows;
    return sweep;
}

struct ErasureStage {
    void keep(DownEffects effects) { rows.take(effects.state); }
    void restart() {
        desk = {};
        ASSERT_TRUE(desk.restore(rows.of(ErasureDesk::kRoom)));
    }
    ErasureDesk desk;
    Rows rows;
};

TEST(ErasureDesk, SweepsAtOnceAndAgainAfterTheStoreHasConfirmed) {
    ErasureStage stage;
    stage.keep(*stage.desk.open(wish()));
    EXPECT_EQ(stage.desk.take_sweeps().size(), 2U);
    EXPECT_TRUE(stage.desk.take_sweeps().empty());
    stage.keep(stage.desk.confirmed({"s-1", "e1.s-1", 12}));
    const auto again = stage.desk.take_sweeps();
    ASSERT_EQ(again.size(), 1U);
    EXPECT_TRUE(again[0].last);
    EXPECT_EQ(again[0].members, std::vector{kOne});
}

TEST(ErasureDesk, IsOverWhenEveryStoreHasConfirmedAndHqHasSweptAfterwards) {
    ErasureStage stage;
    stage.keep(*stage.desk.open(wish()));
    for (const auto& sweep : stage.desk.take_sweeps())
        stage.keep(stage.desk.swept(with_rows(sweep, 2)));
    stage.keep(stage.desk.confirmed({"s-1", "e1.s-1", 12}));
    stage.keep(stage.desk.confirmed({"s-2", "e1.s-2", 0}));
    EXPECT_FALSE(stage.desk.cases().at("e1").over());
    for (const auto& sweep : stage.desk.take_sweeps())
        stage.keep(stage.desk.swept(with_rows(sweep, 1)));
    const auto& one = stage.desk.cases().at("e1");
    EXPECT_TRUE(one.over());
    EXPECT_EQ(one.stores.at("s-1").rows_there, 12);
    EXPECT_EQ(one.stores.at("s-1").rows_here, 3);
}

TEST(ErasureDesk, KeepsNoPseudonymOfWhatIsOver) {
    ErasureStage stage;
    stage.keep(*stage.desk.open(wish()));
    stage.keep(stage.desk.confirmed({"s-1", "e1.s-1", 1}));
    for (const auto& sweep : stage.desk.take_sweeps())
        stage.keep(stage.desk.swept(with_rows(sweep, 0)));
    const auto rows = stage.rows.of(ErasureDesk::kRoom);
    EXPECT_EQ(rows.at(0).bytes.find(kOne), std::string::npos);
    EXPECT_NE(rows.at(0).bytes.find(kOther), std::string::npos);
}

TEST(ErasureDesk, SweepsAgainAfterARestartWhatWasNotOver) {
    ErasureStage stage;
    stage.keep(*stage.desk.open(wish()));
    stage.keep(stage.desk.confirmed({"s-1", "e1.s-1", 1}));
    stage.restart();
    const auto sweeps = stage.desk.take_sweeps();
    ASSERT_EQ(sweeps.size(), 2U);
    EXPECT_TRUE(sweeps[0].last);
    EXPECT_FALSE(sweeps[1].last);
}

TEST(ErasureDesk, TakesAnotherStoresWordForNothing) {
    ErasureStage stage;
    stage.keep(*stage.desk.open(wish()));
    stage.keep(stage.desk.confirmed({"s-2", "e1.s-1", 1}));
    stage.keep(stage.desk.confirmed({"s-1", "another", 1}));
    for (const auto& [store, state] : stage.desk.cases().at("e1").stores)
        EXPECT_FALSE(state.confirmed);
}

TEST(ErasureDesk, SweepsTheOtherNamesThatTheShopTellsOfByTheirDigestsAlone) {
    ErasureStage stage;
    stage.keep(*stage.desk.open(wish()));
    (void)stage.desk.take_sweeps();
    stage.keep(stage.desk.confirmed({"s-1", "e1.s-1", 1, {name_digest(kOther), kOther, "", "x"}}));
    EXPECT_EQ(stage.desk.take_sweeps().at(0).digests, std::vector{name_digest(kOther)});
    stage.restart();
    EXPECT_EQ(stage.desk.take_sweeps().at(0).digests, std::vector{name_digest(kOther)});
}

TEST(ErasureDesk, FollowsAShopThatHasForgottenSomebodyByItself) {
    ErasureStage stage;
    stage.keep(*stage.desk.follow("local.7", kit::kNoon, {"s-1", "local", 4, {name_digest(kOne)}}));
    const auto sweeps = stage.desk.take_sweeps();
    ASSERT_EQ(sweeps.size(), 1U);
    EXPECT_TRUE(sweeps[0].last);
    stage.keep(stage.desk.swept(with_rows(sweeps[0], 2)));
    EXPECT_TRUE(stage.desk.cases().at("local.7").over());
    EXPECT_EQ(stage.desk.cases().at("local.7").stores.at("s-1").rows_here, 2);
    EXPECT_EQ(stage.rows.of(ErasureDesk::kRoom).at(0).bytes.find(name_digest(kOne)),
              std::string::npos);
}

TEST(ErasureDesk, HasNothingToFollowWhereNoNameWasTold) {
    ErasureStage stage;
    EXPECT_TRUE(stage.desk.follow("local.7", kit::kNoon, {"s-1", "local", 4, {}})->empty());
    EXPECT_TRUE(stage.desk.take_sweeps().empty());
}

TEST(ErasureDesk, RefusesAWishOfNobodyAndAnIdTwice) {
    ErasureStage stage;
    EXPECT_FALSE(stage.desk.open({.id = "e1"}));
    auto nobody = wish();
    nobody.stores["s-1"].members.clear();
    EXPECT_FALSE(stage.desk.open(nobody));
    ASSERT_TRUE(stage.desk.open(wish()));
    EXPECT_FALSE(stage.desk.open(wish()));
}

TEST(ErasedBody, OfASaleIsTheReceiptWithoutItsMember) {
    const auto body =
        erased_body("sale", R"({"total":900,"member":")" + kOne + R"(","member_key":"k"})", {kOne});
    EXPECT_EQ(body, R"({"total":900,"member":"","member_key":"k"})");
}

TEST(ErasedBody, OfAnythingElseSaysOnlyThatItWasErased) {
    EXPECT_EQ(erased_body("offer", R"({"member":")" + kOne + R"("})", {kOther, kOne}), kErasedBody);
}

TEST(NamesBehindDigests, AreFoundAmongTheWordsOfABody) {
    const std::string body = R"({"a":")" + kOne + R"(","b":"app:)" + kOther + R"(","c":")" + kOne +
                             kOther + R"(","d":")" + kOne + R"("})";
    EXPECT_EQ(names_behind({name_digest(kOther)}, body), std::vector{kOther});
    EXPECT_EQ(names_behind({name_digest(kOne)}, body), std::vector{kOne});
    EXPECT_TRUE(names_behind({name_digest(std::string(32, 'c'))}, body).empty());
    EXPECT_TRUE(names_behind({}, body).empty());
}

TEST(ErasedBody, IsLeftAloneWhereNobodyIsNamed) {
    EXPECT_FALSE(erased_body("offer", R"({"member":")" + kOne + R"("})", {kOther}));
}

}  // namespace
}  // namespace aisle::hq
