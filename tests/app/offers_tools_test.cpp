#include "aislectl_run.hpp"
#include "rehearsed_week.hpp"
#include "shop_world.hpp"

// aislectl offers simulate, replay and diff, as its main() makes the calls, in this process.
namespace aisle::app {
namespace {

namespace json = boost::json;

Ran offers(Words words) {
    words.insert(words.begin(), "offers");
    return aislectl(std::move(words));
}

// A simulated day that lies in a folder.
struct KeptDay {
    KeptDay() {
        int n = 0;
        for (const std::string& text : week_campaigns())
            folder.write("c" + std::to_string(++n) + ".json", text);
        played = offers({"simulate", "--campaigns", folder.path(), "--days", "1", "--every", "600",
                         "--seed", "3", "--keep", db()});
    }
    [[nodiscard]] std::string db() const { return folder.file("db"); }

    Folder folder;
    Ran played;
};

std::int64_t number(const json::object& line, std::string_view key) {
    return line.at(key).to_number<std::int64_t>();
}

TEST(AislectlOffersSimulate, PrintsAFunnelACampaign) {
    const KeptDay day;
    EXPECT_EQ(day.played.exit, 0) << day.played.err;
    ASSERT_GT(day.played.lines().size(), 5U);
    EXPECT_TRUE(day.played.lines().front().contains("triggered"));
    EXPECT_EQ(number(day.played.lines().back(), "different"), 0);
    EXPECT_GT(number(day.played.lines().back(), "sales"), 10);
    const Ran again = offers({"simulate", "--campaigns", day.folder.path(), "--days", "1",
                              "--every", "600", "--seed", "3"});
    EXPECT_EQ(again.out, day.played.out);
}

TEST(AislectlOffersSimulate, WritesIntoNoFolderThatIsInUse) {
    const Folder folder;
    folder.write("c.json", week_campaigns().front());
    EXPECT_EQ(offers({"simulate", "--campaigns", folder.path(), "--keep", folder.path()}).exit, 65);
    EXPECT_EQ(offers({"simulate", "--campaigns", folder.path(), "--days", "0"}).exit, 64);
}

TEST(AislectlOffersReplay, ProvesADayTwiceWithTheSameBytes) {
    const KeptDay day;
    const Ran once = offers({"replay", "--db", day.db()});
    const Ran again = offers({"replay", "--db", day.db()});
    EXPECT_EQ(once.exit, 0) << once.err;
    EXPECT_EQ(once.out, again.out);
    ASSERT_EQ(once.lines().size(), 1U);
    EXPECT_EQ(number(once.lines().front(), "same"), number(once.lines().front(), "records"));
    EXPECT_EQ(number(once.lines().front(), "decisions"),
              number(day.played.lines().back(), "decisions"));
}

TEST(AislectlOffersReplay, ExplainsADecisionAndNamesWhatIsUnknown) {
    const KeptDay day;
    auto reader = store::StoreReader::open(day.db());
    ASSERT_TRUE(reader);
    const auto rows = (*reader)->read(JournalQuery{.kind = "offer", .limit = 1});
    ASSERT_EQ(rows->size(), 1U);
    const Ran ran =
        offers({"replay", "--db", day.db(), "--explain", rows->front().record.event_id});
    EXPECT_EQ(ran.exit, 0) << ran.err;
    ASSERT_EQ(ran.lines().size(), 2U);
    EXPECT_FALSE(ran.lines().front().at("considered").as_array().empty());
    EXPECT_EQ(offers({"replay", "--db", day.db(), "--explain", "nobody"}).exit, 66);
    EXPECT_EQ(offers({"replay", "--db", day.db(), "--from", "yesterday"}).exit, 65);
}

TEST(AislectlOffersDiff, ChangesNothingUnderTheSameSetAndTellsWhatADraftCosts) {
    const KeptDay day;
    const Ran same = offers({"diff", "--db", day.db(), "--draft", day.folder.path()});
    EXPECT_EQ(same.exit, 0) << same.err;
    ASSERT_EQ(same.lines().size(), 1U) << same.out;
    EXPECT_EQ(number(same.lines().back(), "changed"), 0);
    EXPECT_EQ(number(same.lines().back(), "left_out"), 0);
    const Folder draft;
    for (const std::string& text : week_campaigns()) {
        if (text.find("\"w-basket\"") != std::string::npos) draft.write("c.json", text);
    }
    const Ran other = offers({"diff", "--db", day.db(), "--draft", draft.path()});
    EXPECT_GT(number(other.lines().back(), "lost"), 0);
    EXPECT_LT(number(other.lines().back().at("after").as_object(), "offers"),
              number(other.lines().back().at("before").as_object(), "offers"));
}

}  // namespace
}  // namespace aisle::app
