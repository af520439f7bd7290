#include "drivers/simulated/player.hpp"

#include <gtest/gtest.h>

#include <stdlib.h>
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "agent/runtime/inline_executor.hpp"
#include "tests/kit/builders.hpp"

namespace aisle::simulated {
namespace {

namespace fs = std::filesystem;

// A folder of its own that goes with the test.
class Folder {
public:
    Folder() {
        std::string name = (fs::temp_directory_path() / "aisle-sim-XXXXXX").string();
        path_ = ::mkdtemp(name.data());
    }
    ~Folder() { fs::remove_all(path_); }
    [[nodiscard]] fs::path operator/(const char* name) const { return path_ / name; }

private:
    fs::path path_;
};

std::map<std::string, std::string> files_in(const fs::path& folder) {
    std::map<std::string, std::string> files;
    for (const auto& entry : fs::directory_iterator{folder}) {
        std::ostringstream text;
        text << std::ifstream{entry.path(), std::ios::binary}.rdbuf();
        files[entry.path().filename().string()] = text.str();
    }
    return files;
}

// A broker that is always there and never answers late.
class OpenBroker final : public Transport {
public:
    void on_link(std::function<void(const Link&)>) override {}
    void on_message(std::function<void(const Message&)>) override {}
    void set_will(Message) override {}
    void subscribe(std::string) override {}
    void start() override {}
    void stop(std::function<void()> done) override { done(); }
    Status publish(Message message, std::function<void(Status)> answer) override {
        ++topics[message.topic.substr(0, 4)];
        answers.push_back(std::move(answer));
        return {};
    }
    [[nodiscard]] Link link() const override { return {.connected = true, .in_flight_max = 16}; }

    void acknowledge_all() {
        while (!answers.empty()) {
            const auto answer = std::move(answers.back());
            answers.pop_back();
            answer(Status{});
        }
    }
    std::map<std::string, int> topics;
    std::vector<std::function<void(Status)>> answers;
};

PlanSettings two_minutes() {
    return {.seed = 4,
            .business_date = *parse_date("2026-06-12"),
            .start = kit::kNoon,
            .length = seconds{120},
            .between_shoppers = milliseconds{1500},
            .dirt = true};
}

struct Stage {
    runtime::ManualClock clock{kit::at()};
    runtime::InlineExecutor loop{clock};
    Folder folder;

    PlayerSettings settings() {
        return {.till_dir = (folder / "tills").string(),
                .reference_dir = (folder / "reference").string(),
                .truth_file = (folder / "truth.jsonl").string()};
    }
};

TEST(Player, WritesTheSameFilesAtOnceAndInTime) {
    Stage fast;
    ASSERT_TRUE(
        (Player{make_plan(two_minutes()), fast.settings(), fast.loop, nullptr}.write_all()));

    Stage slow;
    bool done = false;
    Player player{make_plan(two_minutes()), slow.settings(), slow.loop, nullptr};
    ASSERT_TRUE(player.start([&] { done = true; }));
    slow.loop.advance(seconds{121});
    EXPECT_TRUE(done);
    EXPECT_EQ(files_in(slow.folder / "tills"), files_in(fast.folder / "tills"));
    EXPECT_GT(files_in(slow.folder / "tills").size(), 20U);
    EXPECT_EQ(files_in(slow.folder / "reference").size(), 4U);
}

TEST(Player, GoesOnWhereOneThatWasKilledLeftOff) {
    Stage whole;
    ASSERT_TRUE(
        (Player{make_plan(two_minutes()), whole.settings(), whole.loop, nullptr}.write_all()));

    Stage torn;
    for (const int lived_s : {3, 10, 1, 30, 90}) {
        Player player{make_plan(two_minutes()), torn.settings(), torn.loop, nullptr};
        ASSERT_TRUE(player.start([] {}));
        torn.loop.advance(seconds{lived_s});  // and then it is gone
    }
    EXPECT_EQ(files_in(torn.folder / "tills"), files_in(whole.folder / "tills"));
}

TEST(Player, ShowsASlowTillsReceiptHalfFirst) {
    Stage stage;
    const Plan plan = make_plan(two_minutes());
    const auto slow = std::ranges::find(plan.receipts, Drop::HalfFirst, &Receipt::drop);
    ASSERT_NE(slow, plan.receipts.end());
    Player player{make_plan(two_minutes()), stage.settings(), stage.loop, nullptr};
    ASSERT_TRUE(player.start([] {}));
    const auto unclosed = [&] {
        int n = 0;
        for (const auto& [name, text] : files_in(stage.folder / "tills")) {
            n += text.ends_with("</POSLog>\n") ? 0 : 1;
        }
        return n;
    };
    stage.loop.advance(slow->dropped - milliseconds{300});
    EXPECT_GE(unclosed(), 1);
    stage.loop.advance(seconds{130});
    EXPECT_EQ(unclosed(), 0);
}

TEST(Player, PublishesDoorTotalsAndAdvertsWithinItsWindow) {
    Stage stage;
    OpenBroker broker;
    Player player{make_plan(two_minutes()), stage.settings(), stage.loop, &broker};
    ASSERT_TRUE(player.start([] {}));
    for (int i = 0; i < 60; ++i) {
        stage.loop.advance(seconds{1});
        EXPECT_LE(broker.answers.size(), 8U);
        broker.acknowledge_all();
    }
    EXPECT_GE(broker.topics["shop"], 59);
    EXPECT_GT(broker.topics["home"], 200);
}

}  // namespace
}  // namespace aisle::simulated
