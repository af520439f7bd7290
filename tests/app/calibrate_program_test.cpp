#include <unistd.h>

#include <boost/json.hpp>
#include <csignal>

#include "agent/runtime/http.hpp"
#include "agent/runtime/system_clock.hpp"
#include "shop_world.hpp"
#include "tests/kit/program.hpp"

// aislectl footfall calibrate against a running aisled, whose door is a counter that the test
// plays.
namespace aisle::app {
namespace {

const std::string kBin = AISLE_BIN_DIR;

struct RunningShop {
    RunningShop() {
        std::filesystem::create_directories(folder.file("data"));
        folder.write("aisle.toml",
                     "[store]\nid = \"s-0001\"\ndata_dir = \"" + folder.file("data") +
                         "\"\n[http]\nlisten = \"127.0.0.1:0\"\nunix_socket = \"" + socket +
                         "\"\n[[door]]\nid = \"main\"\n[[counter]]\nsource = \"sensor\"\n"
                         "door = \"main\"\nkind = \"event\"\n[counter.fields]\nat = \"/at\"\n"
                         "direction = \"/way\"\n");
        EXPECT_EQ(run({"init", "--data", folder.file("data")}), 0) << bytes_of(out);
        daemon = kit::Program{{kBin + "/aisled", "--config", folder.file("aisle.toml")},
                              folder.file("log")};
        EXPECT_TRUE(kit::poll_until([this] {
            return bytes_of(folder.file("log")).find(" ready ") != std::string::npos;
        })) << bytes_of(folder.file("log"));
    }
    ~RunningShop() {
        daemon.signal(SIGTERM);
        daemon.wait();
    }
    int run(std::vector<std::string> words) {
        words.insert(words.begin(), kBin + "/aislectl");
        return kit::Program{words, out}.wait();
    }
    void somebody_enters() const {
        const std::string at = to_rfc3339(runtime::SystemClock{1}.now().wall);
        const auto answer = runtime::http_call("unix:" + socket,
                                               {.method = "POST",
                                                .path = "/api/v1/counts/sensor",
                                                .headers = {{"content-type", "application/json"}},
                                                .body = R"({"at":")" + at + R"(","way":"in"})"},
                                               milliseconds{5'000});
        EXPECT_TRUE(answer && answer->status == 200) << (answer ? answer->body : "no answer");
    }

    Folder folder;
    std::string socket = folder.file("sock");
    std::string out = folder.file("ctl.log");
    kit::Program daemon;
};

class CalibrateProgram : public testing::Test {
protected:
    void SetUp() override {
        for (const char* name : {"/aisled", "/aislectl"}) {
            if (::access((kBin + name).c_str(), X_OK) != 0) GTEST_SKIP() << name << " is not built";
        }
    }
};

TEST_F(CalibrateProgram, ComparesAFileOfTapsWithWhatTheDoorCounts) {
    RunningShop shop;
    std::string taps = "# seconds, way\n";
    for (int i = 0; i < 10; ++i) taps += "0." + std::to_string(i) + " in\n";
    taps += "1.0 out\n1.1 undo  # a slip\n";
    const auto file = shop.folder.write("taps.txt", taps);
    for (int i = 0; i < 9; ++i) shop.somebody_enters();
    EXPECT_EQ(shop.run({"footfall", "calibrate", "--door", "main", "--by", "A3", "--taps", file,
                        "--socket", shop.socket}),
              0)
        << bytes_of(shop.out);
    const std::string said = bytes_of(shop.out);
    const auto from = said.find("{\"door\"");
    ASSERT_NE(from, std::string::npos) << said;
    const auto found =
        boost::json::parse(said.substr(from, said.find('\n', from) - from)).as_object();
    EXPECT_EQ(found.at("in").at("right").as_int64(), 9) << said;
    EXPECT_EQ(found.at("in").at("missed").as_int64(), 1);
    EXPECT_EQ(found.at("out").at("tapped").as_int64(), 0);
    EXPECT_EQ(found.at("accuracy_permille").as_int64(), 900);
    EXPECT_TRUE(found.at("kept").as_bool());
}

TEST_F(CalibrateProgram, SaysWhatIsWrongWithDoorsAndFiles) {
    RunningShop shop;
    const auto taps = shop.folder.write("taps.txt", "2 in\n1 in\n");
    const auto calibrate = [&](const std::string& door, const std::string& file) {
        return shop.run(
            {"footfall", "calibrate", "--door", door, "--taps", file, "--socket", shop.socket});
    };
    EXPECT_EQ(calibrate("main", taps), 65) << "not in the order of time";
    EXPECT_EQ(calibrate("main", shop.folder.file("absent")), 66);
    EXPECT_EQ(calibrate("moon", shop.folder.write("one.txt", "0 in\n")), 65);
}

}  // namespace
}  // namespace aisle::app
