#include <boost/json.hpp>

#include "agent/app/keys.hpp"
#include "aislectl_run.hpp"
#include "shop_world.hpp"
#include "tests/kit/program.hpp"
#include "till_samples.hpp"

// aislectl's calls as its main() makes them, in this process.
namespace aisle::app {
namespace {

namespace json = boost::json;

std::string text_of(const json::object& line, const char* key) {
    return std::string{line.at(key).as_string()};
}

TEST(AislectlPos, PrintsASaleALine) {
    const Folder folder;
    const auto file = folder.write("a.xml", poslog(poslog_sale("1") + poslog_sale("2")));
    const Ran ran = aislectl({"pos", "read", file, "--tz", "Asia/Shanghai"});
    EXPECT_EQ(ran.exit, 0) << ran.err;
    ASSERT_EQ(ran.lines().size(), 2U);
    EXPECT_EQ(ran.lines()[0].at("total").as_int64(), 1250);
    EXPECT_EQ(text_of(ran.lines()[0], "business_date"), "2026-06-12");
    EXPECT_EQ(ran.lines()[1].at("seq").as_int64(), 2);
}

TEST(AislectlPos, ReadsPostedSalesToo) {
    const Folder folder;
    const auto file = folder.write("a.jsonl", posted_sale("1") + "\n" + posted_sale("2") + "\n");
    const Ran ran = aislectl({"pos", "read", "--format", "jsonl", file});
    EXPECT_EQ(ran.exit, 0) << ran.err;
    EXPECT_EQ(ran.lines().size(), 2U);
}

TEST(AislectlPos, GivesBothRoadsTheSameSaleId) {
    const Folder folder;
    const auto xml = folder.write("a.xml", poslog(poslog_sale("7")));
    const auto jsonl = folder.write("a.jsonl", posted_sale("7") + "\n");
    EXPECT_EQ(text_of(aislectl({"pos", "read", xml}).lines().at(0), "sale"),
              text_of(aislectl({"pos", "read", jsonl}).lines().at(0), "sale"));
}

TEST(AislectlPos, PutsAsideWhatItCannotReadAndGoesOn) {
    const Folder folder;
    const std::string bad = poslog_sale("8", "much");
    const auto file = folder.write("a.xml", poslog(bad + poslog_sale("9")));
    const Ran ran = aislectl({"pos", "read", file, "--quarantine", folder.file("q.jsonl")});
    EXPECT_EQ(ran.lines().size(), 1U) << ran.out;
    EXPECT_EQ(ran.exit, 0);
    const auto aside = json::parse(bytes_of(folder.file("q.jsonl"))).as_object();
    EXPECT_FALSE(aside.at("reason").as_string().empty());
    EXPECT_LT(aside.at("from").as_int64(), aside.at("to").as_int64());
}

TEST(AislectlPos, EndsWith65WhereNothingCouldBeRead) {
    const Folder folder;
    const auto file = folder.write("a.xml", "<POSLog><Transaction>");
    const Ran ran = aislectl({"pos", "read", file});
    EXPECT_EQ(ran.exit, 65);
    EXPECT_TRUE(ran.out.empty());
    EXPECT_NE(ran.err.find("reason"), std::string::npos);
}

TEST(AislectlPos, TakesSalesOfOneStoreOnly) {
    const Folder folder;
    const auto file = folder.write("a.xml", poslog(poslog_sale("1")));
    EXPECT_EQ(aislectl({"pos", "read", file, "--store", "s-0001"}).lines().size(), 1U);
    const Ran other = aislectl({"pos", "read", file, "--store", "s-0002"});
    EXPECT_TRUE(other.out.empty());
    EXPECT_NE(other.err.find("unknown_store"), std::string::npos) << other.err;
}

TEST(AislectlPos, ReadsTheOtherFilesWhenOneIsMissing) {
    const Folder folder;
    const auto file = folder.write("a.xml", poslog(poslog_sale("1")));
    const Ran ran = aislectl({"pos", "read", folder.file("absent.xml"), file});
    EXPECT_EQ(ran.exit, 66);
    EXPECT_EQ(ran.lines().size(), 1U);
}

TEST(AislectlPos, RefusesZonesAndFormatsThatThereAreNot) {
    const Folder folder;
    const auto file = folder.write("a.xml", poslog(poslog_sale("1")));
    EXPECT_EQ(aislectl({"pos", "read", file, "--tz", "Europe/Atlantis"}).exit, 64);
    EXPECT_EQ(aislectl({"pos", "read", file, "--format", "edifact"}).exit, 64);
}

TEST(AislectlBeacon, DecodesHexLines) {
    const Folder folder;
    const auto file =
        folder.write("a.hex", "0201061aff4c000215fda50693a4e24fb1afcfc6eb07647825000a0007c5\n");
    const Ran ran = aislectl({"beacon", "decode", file});
    EXPECT_EQ(ran.exit, 0) << ran.err;
    ASSERT_EQ(ran.lines().size(), 1U);
    EXPECT_EQ(text_of(ran.lines()[0], "kind"), "ibeacon");
    EXPECT_EQ(ran.lines()[0].at("major").as_int64(), 10);
    EXPECT_EQ(ran.lines()[0].at("minor").as_int64(), 7);
}

TEST(AislectlBeacon, EndsWith65OnlyWhereNothingCouldBeDecoded) {
    const Folder folder;
    const Ran mixed =
        aislectl({"beacon", "decode", "--format", "hex", folder.write("a.hex", "020106\nzz\n")});
    EXPECT_EQ(mixed.exit, 0);
    EXPECT_NE(mixed.err.find(R"("reason":"hex")"), std::string::npos) << mixed.err;
    EXPECT_EQ(aislectl({"beacon", "decode", "--format", "hex", folder.write("b.hex", "zz\n")}).exit,
              65);
    EXPECT_EQ(aislectl({"beacon", "decode", folder.file("absent")}).exit, 66);
    EXPECT_EQ(aislectl({"beacon", "decode", "--format", "x", folder.file("a.hex")}).exit, 64);
}

const std::string kContext = R"({"now": "2026-06-12T12:00:00+08:00", "trigger": "basket",
  "basket": {"key": "b1", "till": "2", "lines": [{"sku": "SKU1", "gross": 15000}]}})";

TEST(AislectlOffers, DecideOnAContext) {
    const Folder folder;
    const auto set = folder.write("c.json", campaign("c", kOnBasket));
    const auto context = folder.write("context", kContext);
    const Ran ran = aislectl({"offers", "decide", "--campaigns", set, context});
    EXPECT_EQ(ran.exit, 0) << ran.err;
    EXPECT_EQ(text_of(ran.lines().at(0), "chosen"), "c");
    EXPECT_EQ(ran.lines()[0].at("price").as_int64(), 1'000);
}

TEST(AislectlOffers, SayWhatIsWrongWithAContext) {
    const Folder folder;
    const auto set = folder.write("c.json", campaign("c", kOnBasket));
    const auto bad = folder.write("context", "{");
    EXPECT_EQ(aislectl({"offers", "decide", "--campaigns", set, bad}).exit, 65);
    EXPECT_EQ(aislectl({"offers", "decide", "--campaigns", set, folder.file("no")}).exit, 66);
    EXPECT_EQ(aislectl({"offers", "decide", bad}).exit, 64);
    EXPECT_EQ(aislectl({"offers", "decide", "--campaigns", set, bad, "--tz", "Mars/Olympus"}).exit,
              64);
}

TEST(AislectlOffers, HoldVectorsAndAnswerOneWhereACaseFails) {
    const Folder folder;
    const auto good = folder.write(
        "good", R"({"hash": [["seed", "b", 2, 0.2696]], "decrypt": [["a", "b", "c", null]]})");
    const Ran passed = aislectl({"offers", "vectors", good});
    EXPECT_EQ(passed.exit, 0) << passed.err;
    ASSERT_EQ(passed.lines().size(), 2U);
    EXPECT_EQ(text_of(passed.lines()[0], "group"), "hash");
    EXPECT_EQ(passed.lines()[0].at("passed").as_int64(), 1);
    EXPECT_EQ(passed.lines()[1].at("skipped").as_int64(), 1);
    const auto wrong = folder.write("wrong", R"({"hash": [["seed", "b", 2, 0.5]]})");
    const Ran failed = aislectl({"offers", "vectors", wrong});
    EXPECT_EQ(failed.exit, 1);
    EXPECT_EQ(failed.lines().at(0).at("failed").as_int64(), 1);
    EXPECT_NE(failed.err.find("hash: case 0 b"), std::string::npos) << failed.err;
    EXPECT_EQ(aislectl({"offers", "vectors", folder.file("absent")}).exit, 66);
    EXPECT_EQ(aislectl({"offers", "vectors", folder.write("bad", "[]")}).exit, 65);
}

TEST(AislectlOffers, CheckASet) {
    const Folder folder;
    folder.write("c.json", campaign("c", kOnBasket));
    const Ran good = aislectl({"offers", "check", folder.path()});
    EXPECT_EQ(good.exit, 0);
    EXPECT_EQ(good.lines().at(0).at("campaigns").as_int64(), 1);
    EXPECT_EQ(text_of(good.lines()[0], "digest").size(), 64U);
    folder.write("d.json", "{\n  \"schema\": 2\n}");
    const Ran bad = aislectl({"offers", "check", folder.path()});
    EXPECT_EQ(bad.exit, 65);
    EXPECT_TRUE(bad.out.empty());
    EXPECT_NE(bad.err.find("d.json:"), std::string::npos) << bad.err;
    EXPECT_EQ(aislectl({"offers", "check", folder.file("absent")}).exit, 69);
}

// A data directory with two sales and one reading put aside; the agent still holds it.
struct UsedShop : ShopWorld {
    UsedShop() {
        EXPECT_TRUE(sell(draft(1000, 1)));
        EXPECT_TRUE(sell(draft(2000, 2)));
        (void)take(reading_of(RejectedReading{
            {.source = "till", .reason = "schema", .detail = "d", .payload = "<masked/>"}}));
    }
};

TEST(AislectlFiles, ShowWhatWaitsForHeadquarters) {
    const UsedShop shop;
    const Ran ran = aislectl({"outbox", "--data", shop.path});
    EXPECT_EQ(ran.exit, 0) << ran.err;
    ASSERT_EQ(ran.lines().size(), 4U);
    EXPECT_EQ(text_of(ran.lines()[0], "stream"), "ledger");
    EXPECT_EQ(ran.lines()[0].at("rows").as_int64(), 2);
    EXPECT_EQ(text_of(ran.lines()[0], "oldest"), "2026-06-12T04:00:00.000Z");
    EXPECT_EQ(ran.lines()[1].at("rows").as_int64(), 0);
    EXPECT_FALSE(ran.lines()[1].contains("oldest"));
}

TEST(AislectlFiles, ExportTheJournal) {
    UsedShop shop;
    shop.agree(shop.member("M1"), kConsentMarketing);
    const auto ids = [&](const Words& more) {
        Words words{"journal", "export", "--data", shop.path};
        words.insert(words.end(), more.begin(), more.end());
        std::vector<std::int64_t> all;
        for (const auto& line : aislectl(words).lines()) all.push_back(line.at("id").as_int64());
        return all;
    };
    using Ids = std::vector<std::int64_t>;
    EXPECT_EQ(ids({}), (Ids{1, 2, 3, 4}));
    EXPECT_EQ(ids({"--kind", "sale"}), (Ids{1, 2}));
    EXPECT_EQ(ids({"--after", "2"}), (Ids{3, 4}));
    EXPECT_EQ(ids({"--limit", "1"}), Ids{1});
    EXPECT_EQ(ids({"--limit", "0"}), Ids{});
    EXPECT_EQ(ids({"--kind", "nothing"}), Ids{});
}

TEST(AislectlFiles, ExportMoreThanAPage) {
    ShopWorld shop;
    for (int batch = 0; batch < 10; ++batch) {
        Batch rows;
        for (int i = 0; i < 250; ++i)
            rows.records.push_back(
                {.stream = Stream::Local, .kind = "crossing", .at = kit::at(), .body = "{}"});
        EXPECT_TRUE(shop.store->append(rows, kit::kNoon));
    }
    const auto all = aislectl({"journal", "export", "--data", shop.path}).lines();
    ASSERT_EQ(all.size(), 2'500U);
    EXPECT_EQ(all.back().at("id").as_int64(), 2'500);
    EXPECT_EQ(
        aislectl({"journal", "export", "--data", shop.path, "--limit", "1001"}).lines().size(),
        1'001U);
}

TEST(AislectlFiles, ShowWhatWasPutAside) {
    const UsedShop shop;
    const auto rows = aislectl({"quarantine", "--data", shop.path}).lines();
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_EQ(text_of(rows[0], "reason"), "schema");
    EXPECT_FALSE(rows[0].contains("payload"));
    const auto whole = aislectl({"quarantine", "--data", shop.path, "--payloads"}).lines();
    EXPECT_EQ(text_of(whole.at(0), "payload"), "<masked/>");
    EXPECT_TRUE(
        aislectl({"quarantine", "--data", shop.path, "--reason", "doctype"}).lines().empty());
}

TEST(AislectlFiles, AreNotThereBeforeTheAgentHasRun) {
    const Folder folder;
    for (const Words& call : {Words{"outbox"}, Words{"journal", "export"}, Words{"quarantine"}}) {
        Words words = call;
        words.insert(words.end(), {"--data", folder.path()});
        const Ran ran = aislectl(words);
        EXPECT_EQ(ran.exit, 69) << call.front();
        EXPECT_FALSE(ran.err.empty());
    }
}

TEST(AislectlLive, SaysThatNobodyAnswers) {
    const Folder folder;
    for (const char* call : {"status", "today", "cards"}) {
        const Ran ran = aislectl({call, "--socket", folder.file("none.sock")});
        EXPECT_EQ(ran.exit, 69);
        EXPECT_NE(ran.err.find("--data DIR"), std::string::npos);
    }
}

TEST(AislectlSetup, MakesTheKeysOnce) {
    const Folder folder;
    EXPECT_EQ(aislectl({"init", "--data", folder.path()}).exit, 0);
    EXPECT_TRUE(load_keys(folder.path()));
    EXPECT_EQ(aislectl({"init", "--data", folder.path()}).exit, 77);
}

std::string settings(const Folder& folder, const std::string& more = {}) {
    return folder.write("aisle.toml",
                        "[store]\nid = \"s-0001\"\ndata_dir = \"" + folder.path() + "\"\n" + more);
}

TEST(AislectlSetup, ChecksSettings) {
    const Folder folder;
    const Ran good = aislectl({"config", "check", "--config", settings(folder)});
    EXPECT_EQ(good.exit, 0) << good.err;
    EXPECT_EQ(text_of(good.lines().at(0), "store"), "s-0001");
    const Ran bad = aislectl({"config", "check", "--config", settings(folder, "nonsense = 1\n")});
    EXPECT_EQ(bad.exit, 78);
    EXPECT_NE(bad.err.find("aisle.toml:4"), std::string::npos) << bad.err;
    EXPECT_EQ(aislectl({"config", "check", "--config", folder.file("absent")}).exit, 66);
}

// What the doctor finds ill, by the name of its look.
std::vector<std::string> ills(const Ran& ran) {
    std::vector<std::string> all;
    for (const auto& line : ran.lines())
        if (!line.at("good").as_bool()) all.push_back(text_of(line, "check"));
    return all;
}

TEST(AislectlDoctor, FindsNothingWhereAllIsThere) {
    const Folder folder;
    ASSERT_TRUE(create_keys(folder.path()));
    const ShopWorld shop{{}, &folder};
    const Ran ran = aislectl({"doctor", "--config", settings(folder)});
    EXPECT_EQ(ran.exit, 0) << ran.out;
    EXPECT_GE(ran.lines().size(), 6U);
}

TEST(AislectlDoctor, NamesAllThatIsMissing) {
    const Folder folder;
    const Ran ran =
        aislectl({"doctor", "--config",
                  settings(folder,
                           "zone = \"Asia/Shanghai\"\n[offers]\ncampaigns_dir = \"/nowhere/c\"\n"
                           "[reference]\ndirectory = \"/nowhere/r\"\n[[pos.poslog_dir]]\n"
                           "source = \"till\"\ndirectory = \"/nowhere/t\"\n")});
    EXPECT_EQ(ran.exit, 69);
    EXPECT_EQ(ills(ran),
              (Words{"keys", "database", "campaigns", "till directory", "reference directory"}));
}

TEST(AislectlDoctor, GoesNoFurtherWithoutSettings) {
    const Folder folder;
    const Ran ran = aislectl({"doctor", "--config", folder.file("absent")});
    EXPECT_EQ(ran.exit, 78);
    EXPECT_EQ(ills(ran), Words{"config"});
    EXPECT_EQ(ran.lines().size(), 1U);
}

TEST(Aislectl, PrintsForPeopleOnDemand) {
    const UsedShop shop;
    const std::string out = aislectl({"--pretty", "outbox", "--data", shop.path}).out;
    EXPECT_TRUE(out.starts_with("{\n  \"stream\": \"ledger\",\n  \"first\": 1,\n")) << out;
}

TEST(Aislectl, EndsWith64ForCallsThatThereAreNot) {
    for (const Words& call : {Words{}, Words{"nothing"}, Words{"pos"}, Words{"pos", "read"},
                              Words{"journal"}, Words{"outbox", "--no-such-option"}})
        EXPECT_EQ(aislectl(call).exit, 64);
}

TEST(AislectlFootfall, RefusesFramesThatAreNoRange) {
    for (const char* frames : {"5", "5-", "-5", "0-5", "6-5", "a-b", "1-2-3"}) {
        EXPECT_EQ(aislectl({"footfall", "count", "v.avi", "--scene", "s.toml",
                            std::string{"--frames="} + frames})
                      .exit,
                  64)
            << frames;
    }
}

// A program that stands where no module lies beside it.
TEST(AislectlFootfall, SaysWhereItLookedForTheCamerasModule) {
    const std::string built = AISLE_BIN_DIR "/aislectl";
    if (!std::filesystem::exists(built)) GTEST_SKIP() << "not built: " << built;
    const Folder folder;
    std::filesystem::create_directory(folder.file("bin"));
    std::filesystem::copy_file(built, folder.file("bin/aislectl"));
    kit::Program program{{"env", "-u", "AISLE_MODULES", folder.file("bin/aislectl"), "footfall",
                          "count", "v.avi", "--scene", "s.toml"},
                         folder.file("log")};
    EXPECT_EQ(program.wait(), 69);
    const std::string log = bytes_of(folder.file("log"));
    EXPECT_NE(log.find("no camera module; looked for " + folder.file("lib/aisle-camera.so")),
              std::string::npos)
        << log;
}

}  // namespace
}  // namespace aisle::app
