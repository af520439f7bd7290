// A player among broken directories, silent brokers, other clocks and files that others tore.
#include <gtest/gtest.h>

#include <algorithm>

#include "drivers/simulated/signals.hpp"
#include "stage.hpp"

namespace aisle::simulated {
namespace {

// Short, and busy enough for every kind of dirt.
PlanSettings short_play() {
    PlanSettings settings = two_minutes();
    settings.length = seconds{60};
    settings.between_shoppers = milliseconds{400};
    return settings;
}

Player player_on(Stage& stage, const PlayerSettings& settings, Transport* broker = nullptr) {
    return {make_plan(short_play()), settings, stage.loop, broker};
}

std::string text_of(const fs::path& path) {
    std::ostringstream text;
    text << std::ifstream{path, std::ios::binary}.rdbuf();
    return text.str();
}

// All files of a play that was written at once.
struct Whole {
    Whole() { EXPECT_TRUE(player_on(stage, stage.settings()).write_all()); }
    [[nodiscard]] std::map<std::string, std::string> tills() const {
        return files_in(stage.folder / "tills");
    }
    [[nodiscard]] std::string truth() const { return text_of(stage.folder / "truth.jsonl"); }
    Stage stage;
};

// A path below a regular file, which root cannot make either.
std::string impossible(const Stage& stage) {
    std::ofstream{stage.folder / "file"} << "x";
    return (stage.folder / "file" / "inner").string();
}

TEST(Player, SaysThatItsTillsDirectoryCannotBeWritten) {
    Stage stage;
    PlayerSettings settings = stage.settings();
    settings.till_dir = impossible(stage);
    const Status written = player_on(stage, settings).write_all();
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().fault, Fault::Unavailable);
    EXPECT_NE(written.error().detail.find(settings.till_dir), std::string::npos);
}

TEST(Player, SaysThatItsReferenceDirectoryCannotBeWritten) {
    Stage stage;
    PlayerSettings settings = stage.settings();
    settings.reference_dir = impossible(stage);
    const Status started = player_on(stage, settings).start([] {});
    ASSERT_FALSE(started);
    EXPECT_EQ(started.error().detail,
              "cannot write " + settings.reference_dir + "/members.jsonl.part");
}

TEST(Player, SaysThatItsTruthCannotBeWritten) {
    Stage stage;
    PlayerSettings settings = stage.settings();
    settings.truth_file = (stage.folder / "absent" / "truth.jsonl").string();
    EXPECT_FALSE(player_on(stage, settings).write_all());
}

TEST(Player, SaysThatADirectoryStandsWhereItsTruthShould) {
    Stage stage;
    fs::create_directories(stage.folder / "truth.jsonl" / "inner");
    const Status written = player_on(stage, stage.settings()).write_all();
    ASSERT_FALSE(written);
    EXPECT_TRUE(written.error().detail.starts_with("cannot rename ")) << written.error().detail;
}

TEST(Player, CatchesUpWhenItsDirectoryComesBack) {
    const Whole whole;
    Stage stage;
    Player player = player_on(stage, stage.settings());
    ASSERT_TRUE(player.start([] {}));
    stage.loop.advance(seconds{35});
    fs::rename(stage.folder / "tills", stage.folder / "away");
    testing::internal::CaptureStderr();
    stage.loop.advance(seconds{10});
    EXPECT_NE(testing::internal::GetCapturedStderr().find("simulation_stuck"), std::string::npos);
    fs::rename(stage.folder / "away", stage.folder / "tills");
    stage.loop.advance(seconds{16});
    EXPECT_EQ(files_in(stage.folder / "tills"), whole.tills());
}

TEST(Player, TellsTheSameTruthAtOnceAndInTime) {
    const Whole whole;
    Stage stage;
    Player player = player_on(stage, stage.settings());
    ASSERT_TRUE(player.start([] {}));
    stage.loop.advance(seconds{61});
    EXPECT_EQ(text_of(stage.folder / "truth.jsonl"), whole.truth());
}

TEST(Player, TellsNothingOfWhatComesAfterTheEndHoweverLateItStarts) {
    const Whole whole;
    Stage late;
    late.clock.advance(std::chrono::hours{5});
    bool done = false;
    Player player = player_on(late, late.settings());
    ASSERT_TRUE(player.start([&] { done = true; }));
    EXPECT_EQ(text_of(late.folder / "truth.jsonl"), whole.truth());
    EXPECT_EQ(files_in(late.folder / "tills"), whole.tills());
    late.loop.advance(milliseconds{100});
    EXPECT_TRUE(done);
}

TEST(Player, PlaysInTimeWhenItsTicksFallBesideTheSeconds) {
    const Whole whole;
    Stage stage;
    stage.clock.advance(milliseconds{37});
    Player player = player_on(stage, stage.settings());
    ASSERT_TRUE(player.start([] {}));
    stage.loop.advance(seconds{61});
    EXPECT_EQ(text_of(stage.folder / "truth.jsonl"), whole.truth());
    EXPECT_EQ(files_in(stage.folder / "tills"), whole.tills());
}

TEST(Player, WaitsForAStartThatIsYetToCome) {
    Stage stage;
    Stamp early = kit::at();
    early.wall -= seconds{10};
    stage.clock.set(early);
    Player player = player_on(stage, stage.settings());
    ASSERT_TRUE(player.start([] {}));
    stage.loop.advance(seconds{10});
    EXPECT_TRUE(files_in(stage.folder / "tills").empty());
    EXPECT_EQ(text_of(stage.folder / "truth.jsonl"), "");
    stage.loop.advance(seconds{61});
    EXPECT_EQ(files_in(stage.folder / "tills"), Whole{}.tills());
}

TEST(Player, SaysOnceThatItHasEnded) {
    Stage stage;
    int ended = 0;
    Player player = player_on(stage, stage.settings());
    ASSERT_TRUE(player.start([&] { ++ended; }));
    stage.loop.advance(milliseconds{59'900});
    EXPECT_EQ(ended, 0);
    stage.loop.advance(seconds{10});
    EXPECT_EQ(ended, 1);
}

TEST(Player, KeepsNoClockRunningAfterWritingAtOnce) {
    Stage stage;
    Player player = player_on(stage, stage.settings());
    ASSERT_TRUE(player.write_all());
    fs::remove(stage.folder / "truth.jsonl");
    stage.loop.advance(seconds{5});
    EXPECT_FALSE(fs::exists(stage.folder / "truth.jsonl"));
}

TEST(Player, LeavesNoPartsBehind) {
    const Whole whole;
    for (const auto& [name, bytes] : whole.tills()) {
        EXPECT_TRUE(name.ends_with(".xml")) << name;
        EXPECT_TRUE(bytes.ends_with("</POSLog>\n")) << name;
    }
    EXPECT_FALSE(fs::exists(whole.stage.folder / "truth.jsonl.part"));
}

TEST(Player, DropsADoubledReceiptUnderTwoNames) {
    const auto tills = Whole{}.tills();
    std::ptrdiff_t doubled = 0;
    for (const auto& [name, bytes] : tills) {
        if (!name.ends_with(".again.xml")) continue;
        const std::string first = name.substr(0, name.size() - 10) + ".xml";
        ASSERT_TRUE(tills.contains(first)) << name;
        EXPECT_EQ(tills.at(first), bytes);
        ++doubled;
    }
    EXPECT_EQ(doubled,
              std::ranges::count(make_plan(short_play()).receipts, Drop::Twice, &Receipt::drop));
    EXPECT_GT(doubled, 0);
}

TEST(Player, NamesFilesInTheOrderInWhichTheyAppear) {
    const Plan plan = make_plan(short_play());
    std::vector<std::string> sequences;
    for (const auto& [name, bytes] : Whole{}.tills()) {
        if (name.ends_with(".again.xml")) continue;
        const auto from = bytes.find("<SequenceNumber>") + 16;
        sequences.push_back(bytes.substr(from, bytes.find('<', from) - from));
    }
    ASSERT_EQ(sequences.size(), plan.receipts.size());
    for (std::size_t i = 0; i < sequences.size(); ++i) {
        EXPECT_EQ(sequences[i], std::to_string(plan.receipts[i].sale.seq)) << i;
    }
}

TEST(Player, MendsAFileThatWasTornAnywhere) {
    const Whole whole;
    const auto tills = whole.tills();
    for (const std::size_t left : {0U, 1U, 100U}) {
        const std::string name = tills.begin()->first;
        const fs::path path = whole.stage.folder / "tills" / name.c_str();
        std::ofstream{path, std::ios::binary | std::ios::trunc}
            << tills.begin()->second.substr(0, left);
        Stage again;
        PlayerSettings settings = again.settings();
        settings.till_dir = (whole.stage.folder / "tills").string();
        ASSERT_TRUE(player_on(again, settings).write_all());
        EXPECT_EQ(text_of(path), tills.begin()->second) << left;
    }
}

TEST(Player, TellsNoTruthBeforeItsTime) {
    Stage stage;
    Player player = player_on(stage, stage.settings());
    ASSERT_TRUE(player.start([] {}));
    for (int i = 0; i < 12; ++i) {
        stage.loop.advance(seconds{5});
        std::istringstream lines{text_of(stage.folder / "truth.jsonl")};
        for (std::string line; std::getline(lines, line);) {
            const auto at = parse_rfc3339(line.substr(line.find("\"at\":\"") + 6, 24));
            ASSERT_TRUE(at) << line;
            EXPECT_LE(*at, stage.clock.now().wall) << line;
        }
    }
}

TEST(Player, AddsToItsTruthAndNeverWritesItAgain) {
    Stage stage;
    Player player = player_on(stage, stage.settings());
    ASSERT_TRUE(player.start([] {}));
    const fs::path path = stage.folder / "truth.jsonl";
    stage.loop.advance(seconds{20});
    const std::string earlier = text_of(path);
    // Whoever has the file open goes on reading in it.
    std::ifstream reader{path};
    stage.loop.advance(seconds{20});
    std::ostringstream read;
    read << reader.rdbuf();
    EXPECT_EQ(read.str(), text_of(path));
    EXPECT_TRUE(text_of(path).starts_with(earlier));
    EXPECT_GT(text_of(path).size(), earlier.size());
}

TEST(Player, HasTheWholeTruthInTheEnd) {
    Stage stage;
    Player player = player_on(stage, stage.settings());
    ASSERT_TRUE(player.start([] {}));
    for (int i = 0; i < 620; ++i) stage.loop.advance(milliseconds{100});
    std::string whole;
    for (const std::string& line : truth_lines(make_plan(short_play()), {}, seconds{60})) {
        whole += line + "\n";
    }
    EXPECT_EQ(text_of(stage.folder / "truth.jsonl"), whole);
}

TEST(Player, BeginsItsTruthAgainWhenItWasKilledInTheMiddleOfALine) {
    Stage stage;
    {
        Player killed = player_on(stage, stage.settings());
        ASSERT_TRUE(killed.start([] {}));
        stage.loop.advance(seconds{20});
    }
    std::ofstream{stage.folder / "truth.jsonl", std::ios::app} << "{\"kind\":\"ent";
    Player next = player_on(stage, stage.settings());
    ASSERT_TRUE(next.start([] {}));
    stage.loop.advance(seconds{41});
    std::string whole;
    for (const std::string& line : truth_lines(make_plan(short_play()), {}, seconds{60})) {
        whole += line + "\n";
    }
    EXPECT_EQ(text_of(stage.folder / "truth.jsonl"), whole);
}

TEST(Player, PublishesNothingWithoutALink) {
    Stage stage;
    OpenBroker broker;
    broker.connected = false;
    Player player = player_on(stage, stage.settings(), &broker);
    ASSERT_TRUE(player.start([] {}));
    stage.loop.advance(seconds{20});
    EXPECT_TRUE(broker.topics.empty());
    broker.connected = true;
    stage.loop.advance(seconds{1});
    EXPECT_EQ(broker.topics["shop"], 1);
}

TEST(Player, GoesOnWithTheNextSecondWhenTheBrokerRefuses) {
    Stage stage;
    OpenBroker broker;
    broker.refuses = true;
    Player player = player_on(stage, stage.settings(), &broker);
    ASSERT_TRUE(player.start([] {}));
    stage.loop.advance(seconds{20});
    EXPECT_TRUE(broker.topics.empty());
    broker.refuses = false;
    stage.loop.advance(seconds{1});
    EXPECT_EQ(broker.topics["shop"], 1);
}

TEST(Player, LosesStaleMessagesOfABrokerThatDoesNotAnswer) {
    Stage stage;
    OpenBroker broker;
    Player player = player_on(stage, stage.settings(), &broker);
    ASSERT_TRUE(player.start([] {}));
    stage.loop.advance(seconds{30});
    EXPECT_EQ(broker.answers.size(), 8U);  // the window, and nothing behind it
    broker.acknowledge_all();
    stage.loop.advance(seconds{1});
    EXPECT_NE(broker.last["shop/doors/main"].find("\"id\":\"main-31\""), std::string::npos);
}

TEST(Player, EndsWithTheDoorTotalsOfThePlan) {
    Stage stage;
    OpenBroker broker;
    Player player = player_on(stage, stage.settings(), &broker);
    ASSERT_TRUE(player.start([] {}));
    for (int i = 0; i < 62; ++i) {
        stage.loop.advance(seconds{1});
        broker.acknowledge_all();
    }
    EXPECT_EQ(broker.last["shop/doors/main"],
              door_message(make_plan(short_play()), seconds{60}).payload);
}

}  // namespace
}  // namespace aisle::simulated
