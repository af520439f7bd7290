#include "config/toml_reader.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "tests/kit/temp_folder.hpp"

namespace aisle::config {
namespace {

using Faults = std::vector<std::string>;

TEST(Table, AnswersWhatTheFileSays) {
    TomlFile file{"text = \"a\"\nyes = true\nn = 7\nat = \"23:59\"\n", "f"};
    Table root = file.root();
    EXPECT_EQ(root.text("text", "b"), "a");
    EXPECT_EQ(root.required("text"), "a");
    EXPECT_TRUE(root.flag("yes", false));
    EXPECT_EQ(root.integer("n", {1, 0, 9}), 7);
    EXPECT_EQ(root.time_of_day("at", std::chrono::minutes{0}), std::chrono::minutes{1439});
    EXPECT_EQ(file.faults(), Faults{});
}

TEST(Table, AnswersFallbacksForWhatTheFileDoesNotSay) {
    TomlFile file{"", "f"};
    Table root = file.root();
    EXPECT_EQ(root.text("text", "b"), "b");
    EXPECT_TRUE(root.flag("yes", true));
    EXPECT_EQ(root.integer("n", {5, 0, 9}), 5);
    EXPECT_EQ(root.choice("c", {"x", "y"}), 0U);
    EXPECT_EQ(root.time_of_day("at", std::chrono::minutes{60}), std::chrono::minutes{60});
    EXPECT_EQ(root.texts("list", {"q"}), std::vector<std::string>{"q"});
    EXPECT_EQ(root.integers("ns", {3}), std::vector<std::int64_t>{3});
    EXPECT_TRUE(root.tables("rows").empty());
    EXPECT_FALSE(root.has("text"));
    EXPECT_EQ(file.faults(), Faults{});
}

TEST(Table, IsAbsentAndAnswersFallbacksWhereTheFileHasNone) {
    TomlFile file{"", "f"};
    Table inner = file.root().table("a").table("b");
    EXPECT_FALSE(inner.present());
    EXPECT_EQ(inner.text("x", "y"), "y");
    EXPECT_TRUE(inner.keys().empty());
    EXPECT_TRUE(inner.tables("rows").empty());
    EXPECT_EQ(file.faults(), Faults{});
}

TEST(Table, GivesTheFallbackForEveryValueOfAWrongType) {
    TomlFile file{"a = 1\nb = \"yes\"\nc = 1.5\nd = 4\ne = [\"x\", 1]\ng = [1, \"x\"]\nh = 2\n",
                  "f"};
    Table root = file.root();
    EXPECT_EQ(root.text("a", "fall"), "fall");
    EXPECT_TRUE(root.flag("b", true));
    EXPECT_EQ(root.integer("c", {5, 0, 9}), 5);
    EXPECT_EQ(root.time_of_day("d", std::chrono::minutes{240}), std::chrono::minutes{240});
    EXPECT_EQ(root.texts("e", {"q"}), std::vector<std::string>{"q"});
    EXPECT_EQ(root.integers("g", {3}), std::vector<std::int64_t>{3});
    EXPECT_FALSE(root.table("h").present());
    EXPECT_EQ(file.faults(),
              (Faults{"f:1:5: a must be a text in quotes", "f:2:5: b must be true or false",
                      "f:3:5: c must be a whole number from 0 to 9",
                      "f:4:5: d must be a text in quotes", "f:5:5: e must be a list of texts",
                      "f:6:5: g must be a list of whole numbers", "f:7:5: h must be a table"}));
}

TEST(Table, TakesTheBoundsOfARangeAndNothingBeyond) {
    TomlFile file{"low = -3\nhigh = 9\nunder = -4\nover = 10\n", "f"};
    Table root = file.root();
    EXPECT_EQ(root.integer("low", {0, -3, 9}), -3);
    EXPECT_EQ(root.integer("high", {0, -3, 9}), 9);
    EXPECT_EQ(root.integer("under", {0, -3, 9}), 0);
    EXPECT_EQ(root.integer("over", {0, -3, 9}), 0);
    EXPECT_EQ(file.faults().size(), 2U);
}

TEST(Table, TakesATimeOfDayAndNothingLikeOne) {
    TomlFile good{"a = \"00:00\"\nb = \"04:30\"\n", "f"};
    Table root = good.root();
    EXPECT_EQ(root.time_of_day("a", std::chrono::minutes{9}), std::chrono::minutes{0});
    EXPECT_EQ(root.time_of_day("b", std::chrono::minutes{9}), std::chrono::minutes{270});
    for (const char* const bad :
         {"24:00", "12:60", "4:00", "04.00", "0400", "04:00:00", "", "-1:00", "ab:cd"}) {
        TomlFile file{std::string{"at = \""} + bad + "\"\n", "f"};
        EXPECT_EQ(file.root().time_of_day("at", std::chrono::minutes{9}), std::chrono::minutes{9});
        EXPECT_EQ(file.faults(), Faults{"f:1:6: at must be a time of day, as \"04:00\""}) << bad;
    }
}

TEST(Table, WantsARequiredTextToSaySomething) {
    TomlFile file{"[door]\nid = \"\"\n", "f"};
    Table door = file.root().table("door");
    EXPECT_EQ(door.required("id"), "");
    EXPECT_EQ(door.required("place"), "");
    EXPECT_EQ(file.faults(),
              (Faults{"f:1:1: door.place is missing", "f:2:6: door.id must not be empty"}));
}

TEST(Table, SaysOnceThatARequiredTextIsANumber) {
    TomlFile file{"id = 7\n", "f"};
    (void)file.root().required("id");
    EXPECT_EQ(file.faults(), Faults{"f:1:6: id must be a text in quotes"});
}

TEST(Table, NamesAMissingTableByTheFilesBeginning) {
    TomlFile file{"a = 1\n", "f"};
    Table root = file.root();
    (void)root.integer("a", {0, 0, 9});
    (void)root.table("store").required("id");
    EXPECT_EQ(file.faults(), Faults{"f:1:1: store.id is missing"});
}

TEST(Table, TakesOneOfTheWordsOfAChoice) {
    TomlFile file{"a = \"second\"\nb = \"First\"\nc = \"\"\n", "f"};
    Table root = file.root();
    EXPECT_EQ(root.choice("a", {"first", "second"}), 1U);
    EXPECT_EQ(root.choice("b", {"first", "second"}), 0U);
    EXPECT_EQ(root.choice("c", {"first", "second"}), 0U);
    EXPECT_EQ(file.faults(),
              (Faults{"f:2:5: b must be one of first, second (did you mean 'first'?)",
                      "f:3:5: c must be one of first, second"}));
}

TEST(Table, ReadsListsThatAreEmpty) {
    TomlFile file{"a = []\nb = []\n", "f"};
    Table root = file.root();
    EXPECT_TRUE(root.texts("a", {"q"}).empty());
    EXPECT_TRUE(root.integers("b", {1}).empty());
    EXPECT_EQ(file.faults(), Faults{});
}

TEST(Table, ReadsTheRowsOfAListInTheirOrder) {
    TomlFile file{"[[door]]\nid = \"a\"\n[[door]]\nid = \"b\"\n", "f"};
    Table root = file.root();
    std::vector<std::string> ids;
    for (Table& row : root.tables("door")) ids.push_back(row.required("id"));
    EXPECT_EQ(ids, (std::vector<std::string>{"a", "b"}));
}

TEST(Table, WantsAListOfTablesToBeOne) {
    for (const char* const text :
         {"[door]\nid = \"a\"\n", "door = 1\n", "door = [1, 2]\n", "door = [{id = \"a\"}, 2]\n"}) {
        TomlFile file{text, "f"};
        EXPECT_TRUE(file.root().tables("door").empty()) << text;
        ASSERT_EQ(file.faults().size(), 1U) << text;
        EXPECT_NE(file.faults()[0].find("must be a list of tables, as [[door]]"),
                  std::string::npos);
    }
}

TEST(Table, LetsTheFileChooseKeysOfItsOwn) {
    TomlFile file{"[doors]\nleft = \"main\"\nright = \"side\"\n", "f"};
    Table doors = file.root().table("doors");
    EXPECT_EQ(doors.keys(), (std::vector<std::string>{"left", "right"}));
    EXPECT_EQ(file.faults(), Faults{});
}

TEST(TomlFile, TellsEveryKeyNobodyAskedFor) {
    TomlFile file{"[a]\nknown = 1\nknwon = 2\nother = 3\n[b]\nx = 1\n", "f"};
    Table root = file.root();
    (void)root.table("a").integer("known", {0, 0, 9});
    EXPECT_EQ(file.faults(), (Faults{"f:3:1: unknown key 'a.knwon' (did you mean 'known'?)",
                                     "f:4:1: unknown key 'a.other'", "f:5:2: unknown key 'b'"}));
}

TEST(TomlFile, TellsUnknownKeysInTheRowsOfLists) {
    TomlFile file{"[[door]]\nid = \"a\"\n[[door]]\nid = \"b\"\nhieght = 2\n", "f"};
    Table root = file.root();
    for (Table& row : root.tables("door")) (void)row.required("id");
    EXPECT_EQ(file.faults(), Faults{"f:5:1: unknown key 'door.hieght'"});
}

TEST(TomlFile, TellsNothingOfKeysInsideAValueOfAWrongType) {
    TomlFile file{"[name]\ninner = 1\n", "f"};
    (void)file.root().text("name", "");
    EXPECT_EQ(file.faults(), Faults{"f:1:1: name must be a text in quotes"});
}

TEST(TomlFile, TellsFaultsInTheOrderOfTheFileWhateverTheOrderOfReading) {
    TomlFile file{"a = \"x\"\nb = \"x\"\nc = \"x\"\n", "f"};
    Table root = file.root();
    for (const char* const key : {"c", "a", "b"}) (void)root.integer(key, {0, 0, 1});
    const Faults faults = file.faults();
    ASSERT_EQ(faults.size(), 3U);
    EXPECT_TRUE(faults[0].starts_with("f:1:5: a "));
    EXPECT_TRUE(faults[1].starts_with("f:2:5: b "));
    EXPECT_TRUE(faults[2].starts_with("f:3:5: c "));
}

TEST(TomlFile, TellsBrokenTomlAsOneFaultAtItsPlace) {
    for (const auto& [text, place] : {std::pair{"a = \n", "f:1:"},
                                      {"a = 1\na = 2\n", "f:2:"},
                                      {"a = \"x\n", "f:1:"},
                                      {"[a\n", "f:1:"},
                                      {"x = 01\n", "f:1:"},
                                      {"k = \"\xff\"\n", "f:1:"}}) {
        TomlFile file{text, "f"};
        Table root = file.root();
        (void)root.required("id");
        const Faults faults = file.faults();
        ASSERT_EQ(faults.size(), 1U) << text;
        EXPECT_TRUE(faults[0].starts_with(place)) << faults[0];
    }
}

TEST(TomlFile, TakesFaultsOfTheCallersOwn) {
    TomlFile file{"[store]\nid = \"X\"\n", "f"};
    Table store = file.root().table("store");
    (void)store.required("id");
    store.fault("id", "is too loud");
    store.fault("absent", "would be nice");
    EXPECT_EQ(file.faults(),
              (Faults{"f:1:1: store.absent would be nice", "f:2:6: store.id is too loud"}));
}

// A file that goes with the test.
class TextFile {
public:
    explicit TextFile(const std::string& text) { std::ofstream{path(), std::ios::binary} << text; }
    [[nodiscard]] std::string path() const { return folder_.file("a.toml"); }
    [[nodiscard]] std::string folder() const { return folder_.path().string(); }

private:
    kit::TempFolder folder_;
};

TEST(ReadTextFile, GivesEveryByte) {
    std::string bytes(3 * 4096 + 17, 'x');
    bytes[5] = '\0';
    bytes[4096] = '\n';
    const TextFile file{bytes};
    EXPECT_EQ(*read_text_file(file.path()), bytes);
}

TEST(ReadTextFile, GivesNothingForAnEmptyFile) {
    const TextFile file{""};
    const auto text = read_text_file(file.path());
    ASSERT_TRUE(text) << text.error().detail;
    EXPECT_EQ(*text, "");
}

TEST(ReadTextFile, SaysWhichFileItCannotRead) {
    const TextFile file{""};
    const auto missing = read_text_file(file.folder() + "/none.toml");
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error(), unavailable("cannot read " + file.folder() + "/none.toml"));
}

TEST(ReadTextFile, DoesNotReadADirectory) {
    const TextFile file{""};
    const auto text = read_text_file(file.folder());
    ASSERT_FALSE(text);
    EXPECT_EQ(text.error().fault, Fault::Unavailable);
}

}  // namespace
}  // namespace aisle::config
