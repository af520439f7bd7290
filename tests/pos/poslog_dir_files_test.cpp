#include <gtest/gtest.h>

#include "drop_shop.hpp"

namespace aisle::pos {
namespace {

TEST(PoslogDirFiles, MarkedAsDoneAreReadThoughTheyNeverEnd) {
    DropShop shop;
    const std::string bytes = document(plain_sale("1") + plain_sale("2"));
    shop.put("a.xml", bytes.substr(0, bytes.size() - 60));
    shop.put("a.xml.done", "");
    shop.start();
    EXPECT_EQ(shop.sink.sales().size(), 1U);
    ASSERT_EQ(shop.sink.rejects().size(), 1U);
    EXPECT_EQ(shop.sink.rejects()[0].reason, "incomplete");
}

TEST(PoslogDirFiles, AreTakenAtOnceWhenTheMarkComesLater) {
    DropShop shop;
    shop.settings.settle = milliseconds{60'000};
    shop.put("a.xml", document(plain_sale()));
    shop.start();
    shop.pass(kNextScan);
    EXPECT_TRUE(shop.sink.readings.empty());
    shop.put("a.xml.done", "");
    shop.pass(kNextScan);
    EXPECT_EQ(shop.sink.sales().size(), 1U);
}

TEST(PoslogDirFiles, RenamedFromAPartAreTakenAtOnce) {
    DropShop shop;
    shop.settings.settle = milliseconds{60'000};
    shop.put("a.part", document(plain_sale()));
    shop.start();
    fs::rename(shop.path / "a.part", shop.path / "a.xml");
    shop.pass(kNextScan);
    EXPECT_EQ(shop.sink.sales().size(), 1U);
}

TEST(PoslogDirFiles, ThatAreStillPartialAreNeverRead) {
    DropShop shop;
    shop.put("a.tmp", document(plain_sale("1")));
    shop.put("b.part", document(plain_sale("2")));
    shop.put(".hidden", document(plain_sale("3")));
    shop.start();
    shop.pass(milliseconds{700'000});
    EXPECT_TRUE(shop.sink.readings.empty());
}

TEST(PoslogDirFiles, ThatVanishBeforeTheyAreReadAreForgotten) {
    DropShop shop;
    shop.put("a.xml", document(plain_sale()));
    shop.start();
    fs::remove(shop.path / "a.xml");
    shop.pass(kSettled + kNextScan);
    EXPECT_TRUE(shop.sink.readings.empty());
}

TEST(PoslogDirFiles, ThatVanishWhileTheyAreHandedOverAreReadToTheirEnd) {
    DropShop shop;
    shop.put("a.xml", document(plain_sale("1") + plain_sale("2")));
    shop.sink.room = 1;
    shop.start();
    shop.pass(kSettled);
    fs::remove(shop.path / "a.xml");
    shop.sink.room = 99;
    shop.pass(kNextScan);
    EXPECT_EQ(shop.sink.sales().size(), 2U);
}

TEST(PoslogDirFiles, OfNoFormatAreRejectedWhole) {
    DropShop shop;
    shop.put("a.csv", "date;till;total\n1;2;3\n");
    shop.start();
    shop.pass(kSettled);
    ASSERT_EQ(shop.sink.rejects().size(), 1U);
    EXPECT_EQ(shop.sink.rejects()[0].reason, "format");
    EXPECT_EQ(shop.sink.rejects()[0].origin, "a.csv");
    EXPECT_TRUE(shop.sink.readings[0].position);
}

TEST(PoslogDirFiles, ThatAreEmptyWaitAndThenAreIncomplete) {
    DropShop shop;
    shop.put("a.xml", "");
    shop.start();
    shop.pass(milliseconds{599'000});
    EXPECT_TRUE(shop.sink.readings.empty());
    shop.pass(milliseconds{10'000});
    ASSERT_EQ(shop.sink.rejects().size(), 1U);
    EXPECT_EQ(shop.sink.rejects()[0].reason, "incomplete");
}

TEST(PoslogDirFiles, MayBeJsonLines) {
    DropShop shop;
    shop.put("a.jsonl", posted_sale("1") + "\n" + posted_sale("2") + "\n");
    shop.start();
    shop.pass(kSettled);
    EXPECT_EQ(shop.sink.sales().size(), 2U);
    EXPECT_EQ(shop.sink.sales()[0].lineage.profile, "");
}

TEST(PoslogDirFiles, OfJsonLinesWaitForALineThatStopsBehindABrace) {
    DropShop shop;
    const std::string bytes = posted_sale("1") + "\n";
    shop.put("a.jsonl", bytes.substr(0, bytes.find("1250}") + 5));
    shop.start();
    shop.pass(seconds{60});
    EXPECT_TRUE(shop.sink.readings.empty());
    shop.put("a.jsonl", bytes);
    shop.pass(kNextScan + kSettled);
    EXPECT_EQ(shop.sink.sales().size(), 1U);
    EXPECT_TRUE(shop.sink.rejects().empty());
}

TEST(PoslogDirFiles, TellWhereARejectStood) {
    DropShop shop;
    const std::string poison = "<Transaction><a></b></Transaction>";
    const std::string bytes = document(plain_sale("1") + poison + plain_sale("2"));
    shop.put("a.xml", bytes);
    shop.start();
    shop.pass(shop.settings.settle);
    ASSERT_EQ(shop.sink.rejects().size(), 1U);
    const auto reject = shop.sink.rejects()[0];
    EXPECT_EQ(reject.source, "till");
    EXPECT_EQ(reject.reason, "schema");
    EXPECT_EQ(static_cast<std::size_t>(reject.byte_from), bytes.find(poison));
    EXPECT_EQ(reject.byte_to - reject.byte_from, static_cast<std::int64_t>(poison.size()));
    EXPECT_EQ(reject.at, shop.clock.now());
}

TEST(PoslogDirFiles, AreScannedAtTheirInterval) {
    DropShop shop;
    shop.settings.scan = milliseconds{30'000};
    shop.start();
    shop.put("a.xml", document(plain_sale()));
    shop.pass(milliseconds{29'000});
    EXPECT_TRUE(shop.sink.readings.empty());
    shop.pass(milliseconds{1'000} + kSettled);
    EXPECT_EQ(shop.sink.sales().size(), 1U);
}

TEST(PoslogDirFiles, OfADirectoryThatVanishesAreReadWhenItIsBack) {
    DropShop shop;
    shop.settings.directory = (shop.path / "share").string();
    fs::create_directory(shop.path / "share");
    shop.start();
    fs::remove(shop.path / "share");
    shop.pass(kNextScan);
    fs::create_directory(shop.path / "share");
    shop.put("share/a.xml", document(plain_sale()));
    shop.pass(kNextScan + kSettled);
    EXPECT_EQ(shop.sink.sales().size(), 1U);
}

TEST(PoslogDirSettings, NeedADirectoryANameAndAKnownProfile) {
    DropShop shop;
    const PoslogDirPorts ports{shop.sink, shop.executor, shop.zone, *shop.metrics};
    auto nameless = shop.settings;
    nameless.name.clear();
    EXPECT_EQ(make_poslog_dir(nameless, ports, {}).error().detail, "name: missing");
    auto homeless = shop.settings;
    homeless.directory.clear();
    EXPECT_EQ(make_poslog_dir(homeless, ports, {}).error().detail, "directory: missing");
    auto strange = shop.settings;
    strange.profile = "acme";
    EXPECT_EQ(make_poslog_dir(strange, ports, {}).error().detail, "profile: unknown: acme");
}

TEST(PoslogDir, ReadsNothingBeforeItIsStarted) {
    DropShop shop;
    shop.put("a.xml", document(plain_sale()));
    auto made =
        make_poslog_dir(shop.settings, {shop.sink, shop.executor, shop.zone, *shop.metrics}, {});
    shop.pass(seconds{60});
    EXPECT_TRUE(shop.sink.readings.empty());
    ASSERT_TRUE(made);
    (*made)->start();
    (*made)->start();
    shop.pass(kSettled);
    EXPECT_EQ(shop.sink.sales().size(), 1U) << "a second start changes nothing";
}

}  // namespace
}  // namespace aisle::pos
