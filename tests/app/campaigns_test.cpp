#include "agent/app/campaigns.hpp"

#include "shop_world.hpp"

namespace aisle::app {
namespace {

const kit::FixedZone kShanghai;

// What is wrong with what lies at the path; empty: nothing.
std::string faults(const std::string& path) {
    const auto set = load_campaigns(path, kShanghai);
    return set ? "" : set.error().detail;
}

TEST(LoadCampaigns, GivesAnEmptySetForNoPath) {
    const auto set = load_campaigns("", kShanghai);
    ASSERT_TRUE(set);
    EXPECT_TRUE((*set)->all().empty());
}

TEST(LoadCampaigns, GivesAnEmptySetForAnEmptyDirectory) {
    const Folder folder;
    EXPECT_TRUE((*load_campaigns(folder.path(), kShanghai))->all().empty());
}

TEST(LoadCampaigns, ReadsOneFile) {
    const Folder folder;
    const auto file = folder.write("one.json", campaign("c", kOnSeen));
    EXPECT_EQ((*load_campaigns(file, kShanghai))->all().size(), 1U);
}

TEST(LoadCampaigns, ReadsTheJsonFilesOfADirectoryAsOneSet) {
    const Folder folder;
    folder.write("a.json", campaign("a", kOnSeen));
    folder.write("b.json", "[" + campaign("b", kOnSeen) + "," + campaign("c", kOnSale) + "]");
    folder.write("README.md", "no campaign");
    folder.write("d.json~", "a left-over");
    EXPECT_EQ((*load_campaigns(folder.path(), kShanghai))->all().size(), 3U);
}

TEST(LoadCampaigns, NamesTheSetWhateverTheFilesAreCalled) {
    const Folder one;
    one.write("1.json", campaign("a", kOnSeen));
    one.write("2.json", campaign("b", kOnSeen));
    const Folder other;
    other.write("9.json", campaign("a", kOnSeen));
    other.write("0.json", campaign("b", kOnSeen));
    EXPECT_EQ((*load_campaigns(one.path(), kShanghai))->digest(),
              (*load_campaigns(other.path(), kShanghai))->digest());
}

TEST(LoadCampaigns, NamesFileAndLineOfEachFault) {
    const Folder folder;
    folder.write("a.json", "{\"schema\": 1,\n\"id\": \"a\",\n\"nonsense\": true}");
    folder.write("b.json", "{\n");
    const std::string told = faults(folder.path());
    EXPECT_NE(told.find("a.json:3: nonsense"), std::string::npos) << told;
    EXPECT_NE(told.find("b.json:"), std::string::npos) << told;
    EXPECT_LT(told.find("a.json"), told.find("b.json"));
}

TEST(LoadCampaigns, RefusesTheWholeSetForOneFault) {
    const Folder folder;
    folder.write("a.json", campaign("a", kOnSeen));
    folder.write("b.json", "[]]");
    EXPECT_NE(faults(folder.path()), "");
}

TEST(LoadCampaigns, RefusesOneIdInTwoFiles) {
    const Folder folder;
    folder.write("a.json", campaign("same", kOnSeen));
    folder.write("b.json", campaign("same", kOnSale));
    EXPECT_NE(faults(folder.path()).find("b.json"), std::string::npos);
}

TEST(LoadCampaigns, IsUnavailableWhereNothingIs) {
    const auto set = load_campaigns("/nowhere/campaigns", kShanghai);
    ASSERT_FALSE(set);
    EXPECT_EQ(set.error().fault, Fault::Unavailable);
}

TEST(LoadCampaigns, TakesTheZoneThatACampaignNames) {
    const Folder folder;
    folder.write("a.json", campaign("a", kOnSeen, R"("tz": "Europe/Berlin")"));
    EXPECT_EQ(faults(folder.path()), "");
}

TEST(LoadCampaigns, RefusesAZoneThatThereIsNot) {
    const Folder folder;
    folder.write("a.json", campaign("a", kOnSeen, R"("tz": "Europe/Atlantis")"));
    const std::string told = faults(folder.path());
    EXPECT_NE(told.find("a.json:1"), std::string::npos) << told;
    EXPECT_NE(told.find("tz"), std::string::npos) << told;
}

}  // namespace
}  // namespace aisle::app
