#include <poll.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <csignal>

#include "agent/runtime/http.hpp"
#include "shop_world.hpp"
#include "tests/kit/program.hpp"

// aislectl customers against a running aisled, and on its files once it has stopped.
namespace aisle::app {
namespace {

const std::string kBin = AISLE_BIN_DIR;
const std::string kAda = "M-1001";

struct RunningShop {
    RunningShop() {
        std::filesystem::create_directories(folder.file("data"));
        folder.write("aisle.toml", "[store]\nid = \"s-0001\"\ndata_dir = \"" + folder.file("data") +
                                       "\"\n[http]\nlisten = \"127.0.0.1:0\"\nunix_socket = \"" +
                                       socket + "\"\n");
        EXPECT_EQ(run({"init", "--data", folder.file("data")}), 0) << bytes_of(out);
        daemon = kit::Program{{kBin + "/aisled", "--config", folder.file("aisle.toml")},
                              folder.file("log")};
        bool ready = false;
        for (int tries = 0; tries < 2'000 && !ready; ++tries) {
            ready = bytes_of(folder.file("log")).find(" ready ") != std::string::npos;
            ::poll(nullptr, 0, 10);
        }
        EXPECT_TRUE(ready) << bytes_of(folder.file("log"));
    }
    ~RunningShop() { stop(); }
    void stop() {
        if (stopped) return;
        stopped = true;
        daemon.signal(SIGTERM);
        daemon.wait();
    }
    int run(std::vector<std::string> words) {
        words.insert(words.begin(), kBin + "/aislectl");
        return kit::Program{words, out}.wait();
    }
    int customers(std::vector<std::string> words) {
        words.insert(words.begin(), "customers");
        words.insert(words.end(), {"--socket", socket});
        return run(std::move(words));
    }
    // The last JSON line that a call has printed.
    [[nodiscard]] boost::json::object said() const {
        const std::string all = bytes_of(out);
        const auto from = all.rfind("\n{");
        return boost::json::parse(all.substr(from == std::string::npos ? 0 : from + 1)).as_object();
    }

    Folder folder;
    std::string socket = folder.file("sock");
    std::string out = folder.file("ctl.log");
    kit::Program daemon;
    bool stopped = false;
};

class CustomersProgram : public testing::Test {
protected:
    void SetUp() override {
        for (const char* name : {"/aisled", "/aislectl"})
            if (::access((kBin + name).c_str(), X_OK) != 0) GTEST_SKIP() << name << " is not built";
    }
};

TEST_F(CustomersProgram, ShowsAgreesAndForgets) {
    RunningShop shop;
    const std::vector<std::string> grant{
        "consent",   "--member", kAda,   "--grant", "--purpose", "marketing.personal",
        "--version", "v2",       "--by", "ops"};
    EXPECT_EQ(shop.customers(grant), 0) << bytes_of(shop.out);
    EXPECT_EQ(shop.customers({"show", "--member", kAda}), 0) << bytes_of(shop.out);
    const auto shown = shop.said();
    const auto& agreed = shown.at("consent").at("marketing.personal").as_object();
    EXPECT_TRUE(agreed.at("granted").as_bool());
    EXPECT_EQ(agreed.at("version").as_string(), "v2");
    EXPECT_EQ(bytes_of(shop.out).find(kAda), std::string::npos) << "no raw id is printed";
    const std::string pseudonym{shown.at("pseudonym").as_string()};
    EXPECT_EQ(shop.customers({"erase", "--member", kAda, "--by", "ops"}), 64) << "without --yes";
    EXPECT_EQ(shop.customers({"erase", "--pseudonym", pseudonym, "--by", "ops", "--yes"}), 0)
        << bytes_of(shop.out);
    EXPECT_EQ(shop.customers({"show", "--pseudonym", pseudonym}), 0);
    EXPECT_FALSE(shop.said().at("known").as_bool());
}

TEST_F(CustomersProgram, ReadsTheFilesOfAnAgentThatIsDown) {
    RunningShop shop;
    EXPECT_EQ(shop.customers({"consent", "--member", kAda, "--withdraw", "--purpose",
                              "marketing.personal", "--version", "v2", "--by", "ops"}),
              0)
        << bytes_of(shop.out);
    shop.stop();
    EXPECT_EQ(shop.customers({"show", "--member", kAda}), 69);
    EXPECT_EQ(shop.run({"customers", "show", "--member", kAda, "--data", shop.folder.file("data")}),
              0)
        << bytes_of(shop.out);
    EXPECT_FALSE(shop.said().at("consent").at("marketing.personal").at("granted").as_bool());
}

TEST_F(CustomersProgram, SaysWhatIsWrongWithACall) {
    RunningShop shop;
    EXPECT_EQ(shop.customers({"show"}), 64);
    EXPECT_EQ(shop.customers({"show", "--pseudonym", "xyz"}), 65);
    EXPECT_EQ(shop.customers(
                  {"consent", "--member", kAda, "--purpose", "p", "--version", "v", "--by", "ops"}),
              64)
        << "neither granted nor withdrawn";
}

}  // namespace
}  // namespace aisle::app
