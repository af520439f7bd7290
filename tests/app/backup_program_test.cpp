#include <unistd.h>

#include <csignal>

#include "agent/store/store.hpp"
#include "shop_world.hpp"
#include "tests/kit/program.hpp"

// aislectl backup and restore around a running aisled, as an operator does it.
namespace aisle::app {
namespace {

const std::string kBin = AISLE_BIN_DIR;

struct Machine {
    Machine() {
        std::filesystem::create_directories(data);
        std::filesystem::create_directories(folder.file("campaigns"));
        folder.write("aisle.toml", "[store]\nid = \"s-0001\"\ndata_dir = \"" + data +
                                       "\"\n[http]\nlisten = \"127.0.0.1:0\"\nunix_socket = \"\"\n"
                                       "[uplink]\naddress = \"127.0.0.1:1\"\n[offers]\n"
                                       "campaigns_dir = \"" +
                                       folder.file("campaigns") + "\"\n[[door]]\nid = \"main\"\n");
        EXPECT_EQ(aislectl({"init"}), 0);
    }
    int aislectl(std::vector<std::string> words) {
        words.insert(words.begin(), kBin + "/aislectl");
        words.insert(words.end(), {"--data", data});
        return kit::Program{words, folder.file("ctl.log")}.wait();
    }
    // Until it is ready; its epoch.
    std::string start() {
        std::filesystem::remove(folder.file("log"));
        daemon = kit::Program{{kBin + "/aisled", "--config", folder.file("aisle.toml")},
                              folder.file("log")};
        EXPECT_TRUE(kit::poll_until([this] { return log().find(" ready ") != std::string::npos; }))
            << log();
        const auto at = log().find("epoch=", log().find(" ready "));
        return at == std::string::npos ? std::string{} : log().substr(at + 6, 16);
    }
    void stop() {
        daemon.signal(SIGTERM);
        EXPECT_EQ(daemon.wait(), 0) << log();
    }
    [[nodiscard]] std::string log() const { return bytes_of(folder.file("log")); }
    [[nodiscard]] std::unique_ptr<store::StoreReader> reader() const {
        auto opened = store::StoreReader::open(data);
        return opened ? std::move(*opened) : nullptr;
    }

    Folder folder;
    std::string data = folder.file("data");
    kit::Program daemon;
};

class BackupProgram : public testing::Test {
protected:
    void SetUp() override {
        for (const char* name : {"/aisled", "/aislectl"}) {
            if (::access((kBin + name).c_str(), X_OK) != 0) GTEST_SKIP() << name << " is not built";
        }
    }
};

TEST_F(BackupProgram, CopiesARunningShopAndBringsItBackUnderANewEpoch) {
    Machine machine;
    const std::string copy = machine.folder.file("copy.db");
    const std::string first = machine.start();
    ASSERT_EQ(first.size(), 16U) << machine.log();
    EXPECT_EQ(machine.aislectl({"backup", copy}), 0);
    EXPECT_TRUE(std::filesystem::exists(copy));
    EXPECT_FALSE(std::filesystem::exists(copy + "-wal"));
    // A daemon that runs keeps its database.
    EXPECT_EQ(machine.aislectl({"backup", "--restore", copy}), 69);
    machine.stop();

    EXPECT_EQ(machine.aislectl({"backup", "--restore", copy}), 0);
    const std::string second = machine.start();
    EXPECT_EQ(second.size(), 16U) << machine.log();
    EXPECT_NE(second, first);
    EXPECT_NE(machine.log().find("why=restored"), std::string::npos) << machine.log();
    machine.stop();
    const auto audits = machine.reader()->read(JournalQuery{.kind = "audit", .limit = 10});
    ASSERT_FALSE(audits->empty());
    EXPECT_NE(audits->front().record.body.find(R"("why":"restored")"), std::string::npos);
    EXPECT_NE(audits->front().record.body.find(first), std::string::npos);
    EXPECT_EQ(machine.aislectl({"audit", "verify"}), 0);

    // The copy was marked once: the next start is as left.
    EXPECT_EQ(machine.start(), second);
    machine.stop();
}

TEST_F(BackupProgram, RefusesWhatIsNoCopyAndLeavesTheShopAsItIs) {
    Machine machine;
    const std::string epoch = machine.start();
    machine.stop();
    const std::string wrong = machine.folder.write("wrong.db", std::string(8192, 'x'));
    EXPECT_EQ(machine.aislectl({"backup", "--restore", wrong}), 65);
    EXPECT_EQ(machine.aislectl({"backup", "--restore", machine.folder.file("absent.db")}), 66);
    EXPECT_EQ(machine.start(), epoch);
    machine.stop();
}

}  // namespace
}  // namespace aisle::app
