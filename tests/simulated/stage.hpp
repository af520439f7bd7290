#pragma once

#include <stdlib.h>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "agent/runtime/inline_executor.hpp"
#include "drivers/simulated/player.hpp"
#include "tests/kit/builders.hpp"

// A shop that does not exist, on a disk and a broker of its own.
namespace aisle::simulated {

namespace fs = std::filesystem;

// A folder of its own that goes with the test.
class Folder {
public:
    Folder() {
        std::string name = (fs::temp_directory_path() / "aisle-sim-XXXXXX").string();
        path_ = ::mkdtemp(name.data());
    }
    ~Folder() { fs::remove_all(path_); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    [[nodiscard]] fs::path operator/(const char* name) const { return path_ / name; }

private:
    fs::path path_;
};

inline std::map<std::string, std::string> files_in(const fs::path& folder) {
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
        if (refuses) return full("scripted");
        last[message.topic] = message.payload;
        ++topics[message.topic.substr(0, 4)];
        answers.push_back(std::move(answer));
        return {};
    }
    [[nodiscard]] Link link() const override {
        return {.connected = connected, .in_flight_max = 16};
    }

    void acknowledge_all() {
        while (!answers.empty()) {
            const auto answer = std::move(answers.back());
            answers.pop_back();
            answer(Status{});
        }
    }
    bool connected = true;
    bool refuses = false;
    std::map<std::string, int> topics;        // by their first four letters
    std::map<std::string, std::string> last;  // by topic
    std::vector<std::function<void(Status)>> answers;
};

inline PlanSettings two_minutes() {
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

}  // namespace aisle::simulated
