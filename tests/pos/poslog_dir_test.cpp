#include "drivers/pos/poslog_dir.hpp"

#include <gtest/gtest.h>

#include "drop_shop.hpp"

namespace aisle::pos {
namespace {

TEST(PoslogDir, TakesAFileOnceItStandsStill) {
    DropShop shop;
    shop.put("a.xml", document(plain_sale()));
    shop.start();
    EXPECT_TRUE(shop.sink.readings.empty());
    shop.pass(kSettled);
    ASSERT_EQ(shop.sink.sales().size(), 1U);
    EXPECT_EQ(shop.sink.sales()[0].source, "till");
    EXPECT_EQ(shop.sink.sales()[0].lineage.origin, "a.xml");
}

TEST(PoslogDir, TakesAFileOnlyOnce) {
    DropShop shop;
    shop.put("a.xml", document(plain_sale()));
    shop.start();
    shop.pass(seconds{60});
    EXPECT_EQ(shop.sink.sales().size(), 1U);
}

TEST(PoslogDir, TellsThePositionWithTheLastRecordOnly) {
    DropShop shop;
    shop.put("a.xml", document(plain_sale("1") + plain_sale("2") + plain_sale("3")));
    shop.start();
    shop.pass(kSettled);
    ASSERT_EQ(shop.sink.readings.size(), 3U);
    EXPECT_FALSE(shop.sink.readings[0].position);
    EXPECT_FALSE(shop.sink.readings[1].position);
    ASSERT_TRUE(shop.sink.readings[2].position);
    EXPECT_EQ(shop.sink.readings[2].position->item, "a.xml");
}

TEST(PoslogDir, DoesNotReadAgainWhatItsPositionSaysIsRead) {
    DropShop shop;
    shop.put("a.xml", document(plain_sale()));
    shop.start();
    shop.pass(kSettled);
    const auto position = *shop.sink.readings.back().position;
    shop.driver.reset();
    shop.sink.readings.clear();
    shop.start({position});
    shop.pass(seconds{60});
    EXPECT_TRUE(shop.sink.readings.empty());
}

TEST(PoslogDir, ReadsARewrittenFileAgain) {
    DropShop shop;
    shop.put("a.xml", document(plain_sale("1")));
    shop.start();
    shop.pass(kSettled);
    shop.put("a.xml", document(plain_sale("1") + plain_sale("2")));
    shop.pass(kNextScan + kSettled);
    EXPECT_EQ(shop.sink.sales().size(), 3U);
}

TEST(PoslogDir, WaitsForTheEndOfADocument) {
    DropShop shop;
    const std::string bytes = document(plain_sale());
    shop.put("a.xml", bytes.substr(0, bytes.size() / 2));
    shop.start();
    shop.pass(seconds{60});
    EXPECT_TRUE(shop.sink.readings.empty());
    shop.put("a.xml", bytes);
    shop.pass(kNextScan + kSettled);
    EXPECT_EQ(shop.sink.sales().size(), 1U);
}

TEST(PoslogDir, QuarantinesWhatNeverEndsAndKeepsItsWholeSales) {
    DropShop shop;
    const std::string bytes = document(plain_sale("1") + plain_sale("2"));
    shop.put("a.xml", bytes.substr(0, bytes.size() - 60));
    shop.start();
    shop.pass(milliseconds{620'000});
    EXPECT_EQ(shop.sink.sales().size(), 1U);
    ASSERT_EQ(shop.sink.rejects().size(), 1U);
    EXPECT_EQ(shop.sink.rejects()[0].reason, "incomplete");
}

TEST(PoslogDir, TakesAFileThatWasRenamedAtOnce) {
    DropShop shop;
    shop.put("a.xml.tmp", document(plain_sale()));
    shop.start();
    EXPECT_TRUE(shop.sink.readings.empty());
    fs::rename(shop.path / "a.xml.tmp", shop.path / "a.xml");
    shop.pass(milliseconds{5'000});
    EXPECT_EQ(shop.sink.sales().size(), 1U);
}

TEST(PoslogDir, TakesAFileWithADoneMarkAtOnce) {
    DropShop shop;
    shop.put("a.xml", document(plain_sale()));
    shop.put("a.xml.done", "");
    shop.start();
    EXPECT_EQ(shop.sink.sales().size(), 1U);
}

TEST(PoslogDir, LosesNothingAndDoublesNothingWhileThereIsNoRoom) {
    DropShop shop;
    shop.put("a.xml", document(plain_sale("1") + plain_sale("2") + plain_sale("3")));
    shop.sink.room = 1;
    shop.start();
    shop.pass(kSettled);
    EXPECT_EQ(shop.sink.sales().size(), 1U);
    shop.sink.room = 99;
    shop.pass(kNextScan);
    ASSERT_EQ(shop.sink.sales().size(), 3U);
    for (std::size_t i = 0; i < 3; ++i)
        EXPECT_EQ(shop.sink.sales()[i].seq, static_cast<std::int64_t>(i + 1));
}

TEST(PoslogDir, TellsThePositionOfAFileWithoutRecords) {
    DropShop shop;
    shop.put("a.xml", document(""));
    shop.start();
    shop.pass(kSettled);
    ASSERT_EQ(shop.sink.readings.size(), 1U);
    EXPECT_TRUE(std::holds_alternative<PositionReading>(shop.sink.readings[0].body));
    EXPECT_TRUE(shop.sink.readings[0].position);
}

TEST(PoslogDir, ForgetsThePositionOfAFileThatIsGone) {
    DropShop shop;
    shop.start({{"till", "old.xml", "1:2:3:4:5"}, {"other", "x", "y"}});
    ASSERT_EQ(shop.sink.readings.size(), 1U);
    EXPECT_EQ(shop.sink.readings[0].position->item, "old.xml");
    EXPECT_EQ(shop.sink.readings[0].position->position, "");
}

TEST(PoslogDir, NeverWritesInTheDirectory) {
    DropShop shop;
    shop.put("a.xml", document(plain_sale()));
    shop.start();
    shop.pass(kSettled);
    shop.sink.answer_all();
    EXPECT_EQ(std::distance(fs::directory_iterator{shop.path}, fs::directory_iterator{}), 1);
}

TEST(PoslogDir, MovesAFileOnlyAfterAllOfItHasCommitted) {
    DropShop shop;
    const fs::path done = shop.path / "done";
    fs::create_directory(done);
    shop.settings.done_dir = done.string();
    shop.put("a.xml", document(plain_sale("1") + plain_sale("2")));
    shop.start();
    shop.pass(kSettled);
    EXPECT_TRUE(fs::exists(shop.path / "a.xml"));
    shop.sink.answer_all();
    EXPECT_FALSE(fs::exists(shop.path / "a.xml"));
    EXPECT_TRUE(fs::exists(done / "a.xml"));
}

TEST(PoslogDir, ReadsAFileAgainThatDidNotCommit) {
    DropShop shop;
    shop.put("a.xml", document(plain_sale()));
    shop.start();
    shop.pass(kSettled);
    shop.sink.fail_all(unavailable("disk"));
    shop.pass(kNextScan + kSettled);
    EXPECT_EQ(shop.sink.sales().size(), 2U);
}

TEST(PoslogDir, HandsOverNothingAfterItWasStopped) {
    DropShop shop;
    shop.put("a.xml", document(plain_sale()));
    shop.start();
    shop.driver->stop();
    shop.pass(seconds{60});
    EXPECT_TRUE(shop.sink.readings.empty());
}

TEST(PoslogDir, WaitsForADirectoryThatIsMissing) {
    DropShop shop;
    shop.settings.directory = (shop.path / "later").string();
    shop.start();
    fs::create_directory(shop.path / "later");
    shop.put("later/a.xml", document(plain_sale()));
    shop.pass(kNextScan + kSettled);
    EXPECT_EQ(shop.sink.sales().size(), 1U);
}

TEST(PoslogDir, HandsOverALargeFileInBites) {
    DropShop shop;
    std::string many;
    for (int i = 1; i <= 100; ++i) many += plain_sale(std::to_string(i));
    shop.put("a.xml", document(many));
    shop.put("a.xml.done", "");
    auto made =
        make_poslog_dir(shop.settings, {shop.sink, shop.executor, shop.zone, *shop.metrics}, {});
    (*made)->start();
    shop.executor.advance(milliseconds{0});
    EXPECT_EQ(shop.sink.sales().size(), 100U);
    EXPECT_EQ(shop.sink.sales().back().seq, 100);
}

TEST(PoslogDir, RefusesAProfileItDoesNotKnow) {
    DropShop shop;
    shop.settings.profile = "acme";
    EXPECT_FALSE(
        make_poslog_dir(shop.settings, {shop.sink, shop.executor, shop.zone, *shop.metrics}, {}));
}

}  // namespace
}  // namespace aisle::pos
