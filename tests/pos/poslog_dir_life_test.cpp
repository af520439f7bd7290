#include <gtest/gtest.h>

#include "drop_shop.hpp"

namespace aisle::pos {
namespace {

std::vector<std::int64_t> seqs(const DropShop& shop) {
    std::vector<std::int64_t> out;
    for (const auto& sale : shop.sink.sales()) out.push_back(sale.seq);
    return out;
}

double counted(DropShop& shop, const std::string& what) {
    return shop.metrics->counter("aisle_pos_" + what + "_total", "", {{"source", "till"}}).value();
}

// Three sales in one document, with the given numbers.
std::string three(const std::string& a, const std::string& b, const std::string& c) {
    return document(plain_sale(a) + plain_sale(b) + plain_sale(c));
}

std::string with_done_dir(DropShop& shop) {
    const fs::path done = shop.path / "done";
    fs::create_directory(done);
    shop.settings.done_dir = done.string();
    return done.string();
}

TEST(PoslogDirOrder, IsThatOfTheNames) {
    DropShop shop;
    for (const char* name : {"20.xml", "10.xml", "30.xml", "05.xml"})
        shop.put(name, document(plain_sale(std::string{name}.substr(0, 2))));
    shop.start();
    shop.pass(kSettled);
    EXPECT_EQ(seqs(shop), (std::vector<std::int64_t>{5, 10, 20, 30}));
}

TEST(PoslogDirOrder, HandsOverOneFileAfterTheOther) {
    DropShop shop;
    shop.put("a.xml", three("1", "2", "3"));
    shop.put("b.xml", three("4", "5", "6"));
    shop.sink.room = 2;
    shop.start();
    shop.pass(kSettled);
    for (int i = 0; i < 3; ++i) {
        shop.sink.room = 2;
        shop.pass(kNextScan);
    }
    EXPECT_EQ(seqs(shop), (std::vector<std::int64_t>{1, 2, 3, 4, 5, 6}));
}

TEST(PoslogDirShops, TakeTheNumberThatTheTillsUseForOurName) {
    DropShop shop;
    shop.settings.vendor_store = "0417";
    std::string bytes = document(plain_sale());
    bytes.replace(bytes.find("s-0001"), 6, "0417");
    shop.put("a.xml", bytes);
    shop.put("a.xml.done", "");
    shop.start();
    EXPECT_EQ(shop.sink.sales().at(0).store.value, "s-0001");
}

TEST(PoslogDirShops, KeepTheNameOfAShopThatIsAnother) {
    DropShop shop;
    shop.settings.vendor_store = "0417";
    std::string bytes = document(plain_sale());
    bytes.replace(bytes.find("s-0001"), 6, "0418");
    shop.put("a.xml", bytes);
    shop.put("a.xml.done", "");
    shop.start();
    EXPECT_EQ(shop.sink.sales().at(0).store.value, "0418");
}

TEST(PoslogDirPressure, IsCountedAndLeavesTheFile) {
    DropShop shop;
    shop.put("a.xml", document(plain_sale()));
    shop.sink.room = 0;
    shop.start();
    shop.pass(kSettled + kNextScan);
    EXPECT_GE(counted(shop, "postponed"), 1);
    EXPECT_EQ(counted(shop, "sales"), 0);
    shop.sink.room = 1;
    shop.pass(kNextScan);
    EXPECT_EQ(counted(shop, "sales"), 1);
    EXPECT_EQ(counted(shop, "files"), 1);
}

TEST(PoslogDirPressure, HoldsThePositionOfAFileWithoutRecordsBack) {
    DropShop shop;
    shop.put("a.xml", document(""));
    shop.sink.room = 0;
    shop.start();
    shop.pass(kSettled);
    EXPECT_EQ(counted(shop, "files"), 0);
    shop.sink.room = 1;
    shop.pass(kNextScan);
    EXPECT_EQ(counted(shop, "files"), 1);
    EXPECT_EQ(shop.sink.readings.size(), 1U);
}

TEST(PoslogDirPressure, AtEveryRecordLosesAndDoublesNothing) {
    DropShop shop;
    std::string many;
    for (int i = 1; i <= 40; ++i) many += plain_sale(std::to_string(i));
    shop.put("a.xml", document(many));
    shop.sink.room = 0;
    shop.start();
    shop.pass(kSettled);
    for (int i = 0; i < 40; ++i) {
        shop.sink.room = 1;
        shop.pass(kNextScan);
    }
    ASSERT_EQ(seqs(shop).size(), 40U);
    for (std::size_t i = 0; i < 40; ++i) EXPECT_EQ(seqs(shop)[i], static_cast<std::int64_t>(i + 1));
    EXPECT_TRUE(shop.sink.readings.back().position);
}

TEST(PoslogDirRewrites, WhileAFileIsHandedOverAreReadAfterwards) {
    DropShop shop;
    shop.put("a.xml", three("1", "2", "3"));
    shop.sink.room = 1;
    shop.start();
    shop.pass(kSettled);
    shop.put("a.xml", three("4", "5", "6") + "\n");
    shop.pass(kNextScan);
    shop.sink.room = 99;
    shop.pass(kNextScan + kSettled + kNextScan);
    EXPECT_EQ(seqs(shop), (std::vector<std::int64_t>{1, 2, 3, 4, 5, 6}));
}

TEST(PoslogDirRewrites, BeforeTheCommitAreNeverMovedUnread) {
    DropShop shop;
    const std::string done = with_done_dir(shop);
    shop.put("a.xml", document(plain_sale("1")));
    shop.start();
    shop.pass(kSettled);
    shop.put("a.xml", document(plain_sale("1") + plain_sale("2")));
    shop.sink.answer_all();
    EXPECT_TRUE(fs::exists(shop.path / "a.xml"));
    shop.pass(kNextScan + kSettled);
    EXPECT_EQ(seqs(shop), (std::vector<std::int64_t>{1, 1, 2}));
    shop.sink.answer_all();
    EXPECT_FALSE(fs::exists(shop.path / "a.xml"));
}

TEST(PoslogDirRewrites, OfALaterFileOfTheSameNameAreAnotherFile) {
    DropShop shop;
    const std::string done = with_done_dir(shop);
    for (const char* seq : {"1", "2", "3"}) {
        shop.put("a.xml", document(plain_sale(seq)));
        if (seq[0] == '1') shop.start();
        shop.pass(kNextScan + kSettled);
        shop.sink.answer_all();
        shop.pass(kNextScan);
    }
    EXPECT_EQ(seqs(shop), (std::vector<std::int64_t>{1, 2, 3}));
    for (const char* name : {"a.xml", "a.xml.1", "a.xml.2"})
        EXPECT_TRUE(fs::exists(fs::path{done} / name)) << name;
}

TEST(PoslogDirRewrites, StartTheSettlingAnew) {
    DropShop shop;
    shop.put("a.xml", document(plain_sale("1")));
    shop.start();
    shop.pass(milliseconds{1'500});
    shop.put("a.xml", document(plain_sale("1") + plain_sale("2")));
    shop.pass(milliseconds{600});
    EXPECT_TRUE(shop.sink.readings.empty()) << "it changed half a second ago";
    shop.pass(kSettled);
    EXPECT_EQ(seqs(shop).size(), 2U);
}

TEST(PoslogDirRestarts, MoveAFileThatHadCommittedBefore) {
    DropShop shop;
    const std::string done = with_done_dir(shop);
    shop.put("a.xml", document(plain_sale()));
    shop.start();
    shop.pass(kSettled);
    const auto position = *shop.sink.readings.back().position;
    shop.driver.reset();
    shop.sink = {};
    shop.start({position});
    EXPECT_TRUE(shop.sink.sales().empty());
    EXPECT_TRUE(fs::exists(fs::path{done} / "a.xml"));
}

TEST(PoslogDirRestarts, InTheMiddleOfAFileReadItFromItsBeginning) {
    DropShop shop;
    shop.put("a.xml", three("1", "2", "3"));
    shop.sink.room = 2;
    shop.start();
    shop.pass(kSettled);
    shop.driver.reset();
    shop.sink = {};
    shop.start();
    shop.pass(kSettled);
    EXPECT_EQ(seqs(shop), (std::vector<std::int64_t>{1, 2, 3}));
}

TEST(PoslogDirRestarts, ReadAFileAgainWhosePositionSaysAnythingElse) {
    DropShop shop;
    shop.put("a.xml", document(plain_sale()));
    shop.start({{"till", "a.xml", "1:2:3:4:5"}});
    shop.pass(kSettled);
    EXPECT_EQ(seqs(shop).size(), 1U);
}

TEST(PoslogDirRestarts, LeavePositionsOfOtherSourcesAlone) {
    DropShop shop;
    shop.start({{"other", "x.xml", "1:2:3:4:5"}});
    shop.pass(kNextScan);
    EXPECT_TRUE(shop.sink.readings.empty());
}

TEST(PoslogDirRestarts, ForgetManyPositionsAFewAtATime) {
    DropShop shop;
    std::vector<SourcePosition> positions;
    for (int i = 0; i < 150; ++i) positions.push_back({"till", std::to_string(i), "1:2:3:4:5"});
    shop.start(positions);
    EXPECT_EQ(shop.sink.readings.size(), 64U);
    shop.pass(kNextScan);
    EXPECT_EQ(shop.sink.readings.size(), 128U);
    shop.pass(kNextScan);
    EXPECT_EQ(shop.sink.readings.size(), 150U);
}

TEST(PoslogDirRestarts, ForgetNothingWhileThereIsNoRoom) {
    DropShop shop;
    shop.sink.room = 0;
    shop.start({{"till", "gone.xml", "1:2:3:4:5"}});
    shop.pass(kNextScan);
    shop.sink.room = 9;
    shop.pass(kNextScan);
    ASSERT_EQ(shop.sink.readings.size(), 1U);
    EXPECT_EQ(shop.sink.readings[0].position->item, "gone.xml");
}

TEST(PoslogDirRestarts, AfterAStopGoOnWithTheFileThatWasCutShort) {
    DropShop shop;
    shop.put("a.xml", three("1", "2", "3"));
    shop.sink.room = 1;
    shop.start();
    shop.pass(kSettled);
    shop.driver->stop();
    shop.sink.room = 99;
    shop.driver->start();
    shop.pass(kNextScan);
    EXPECT_EQ(seqs(shop), (std::vector<std::int64_t>{1, 1, 2, 3}));
}

TEST(PoslogDirCommits, OfPartOfAFileMoveNothing) {
    DropShop shop;
    const std::string done = with_done_dir(shop);
    shop.put("a.xml", document(plain_sale("1") + plain_sale("2")));
    shop.start();
    shop.pass(kSettled);
    ASSERT_EQ(shop.sink.answers.size(), 2U);
    shop.sink.answers[1](Accepted{});
    EXPECT_TRUE(fs::exists(shop.path / "a.xml"));
    shop.sink.answers[0](Accepted{});
    EXPECT_FALSE(fs::exists(shop.path / "a.xml"));
}

TEST(PoslogDirCommits, TakeAQuarantinedRecordForCommitted) {
    DropShop shop;
    const std::string done = with_done_dir(shop);
    shop.put("a.xml", document(plain_sale()));
    shop.start();
    shop.pass(kSettled);
    shop.sink.fail_all(malformed("signs"));
    EXPECT_TRUE(fs::exists(fs::path{done} / "a.xml"));
    shop.pass(kNextScan + kSettled);
    EXPECT_EQ(seqs(shop).size(), 1U);
}

TEST(PoslogDirCommits, ThatFailMoveNothingAndReadAgain) {
    for (const auto& error : {unavailable("disk"), full("disk"), denied("disk")}) {
        DropShop shop;
        const std::string done = with_done_dir(shop);
        shop.put("a.xml", document(plain_sale()));
        shop.start();
        shop.pass(kSettled);
        shop.sink.fail_all(error);
        EXPECT_TRUE(fs::exists(shop.path / "a.xml")) << error.detail;
        shop.pass(kNextScan + kSettled);
        shop.sink.answer_all();
        EXPECT_EQ(seqs(shop).size(), 2U);
        EXPECT_TRUE(fs::exists(fs::path{done} / "a.xml"));
    }
}

TEST(PoslogDirCommits, MoveAFileWithoutAnyRecordAtOnce) {
    DropShop shop;
    const std::string done = with_done_dir(shop);
    shop.put("a.xml", document(""));
    shop.start();
    shop.pass(kSettled);
    EXPECT_TRUE(fs::exists(fs::path{done} / "a.xml"));
}

TEST(PoslogDirCommits, AfterTheDriverIsGoneDoNothing) {
    DropShop shop;
    const std::string done = with_done_dir(shop);
    shop.put("a.xml", document(plain_sale()));
    shop.start();
    shop.pass(kSettled);
    shop.driver.reset();
    shop.sink.answer_all();
    EXPECT_TRUE(fs::exists(shop.path / "a.xml"));
}

TEST(PoslogDirCommits, LeaveAFileThatCannotBeMoved) {
    DropShop shop;
    shop.settings.done_dir = (shop.path / "nowhere" / "at" / "all").string();
    shop.put("a.xml", document(plain_sale()));
    shop.start();
    shop.pass(kSettled);
    shop.sink.answer_all();
    EXPECT_TRUE(fs::exists(shop.path / "a.xml"));
    shop.pass(kNextScan + kSettled);
    EXPECT_EQ(seqs(shop).size(), 1U) << "it has been read all the same";
}

}  // namespace
}  // namespace aisle::pos
