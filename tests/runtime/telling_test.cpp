// What the process tells the outside: metrics, log lines, systemd, and the secrets it never tells.
#include <gtest/gtest.h>

#include <sys/stat.h>
#include <algorithm>
#include <fstream>
#include <limits>
#include <random>
#include <thread>

#include "agent/runtime/hmac.hpp"
#include "agent/runtime/http.hpp"
#include "agent/runtime/log_line.hpp"
#include "agent/runtime/metrics.hpp"
#include "agent/runtime/secret_file.hpp"
#include "agent/runtime/service_notify.hpp"
#include "agent/runtime/worker_thread.hpp"
#include "loop_kit.hpp"

namespace aisle::runtime {
namespace {

TEST(Metrics, KeepCountersOfOneNameApartByLabel) {
    const auto metrics = make_metrics();
    metrics->counter("aisle_a_total", "a", {{"k", "1"}}).add(2);
    metrics->counter("aisle_a_total", "a", {{"k", "2"}}).add(5);
    EXPECT_EQ(metrics->counter("aisle_a_total", "a", {{"k", "1"}}).value(), 2);
    const std::string text = metrics->text();
    EXPECT_EQ(text.find("# HELP aisle_a_total"), text.rfind("# HELP aisle_a_total")) << text;
}

TEST(Metrics, AddUpFromManyThreads) {
    const auto metrics = make_metrics();
    {
        std::vector<std::unique_ptr<WorkerThread>> workers;
        for (int i = 0; i < 4; ++i) {
            workers.push_back(std::make_unique<WorkerThread>(WorkerOptions{.name = "w"}, *metrics));
            ASSERT_TRUE(workers.back()->submit([&] {
                for (int n = 0; n < 5'000; ++n) metrics->counter("aisle_n_total", "n").add();
            }));
        }
        for (const auto& worker : workers) worker->stop(WorkerThread::OnStop::Drain);
    }
    EXPECT_EQ(metrics->counter("aisle_n_total", "n").value(), 20'000);
}

TEST(Metrics, PutAValueOnABoundIntoItsBucket) {
    const auto metrics = make_metrics();
    metrics->histogram("aisle_h_seconds", "h", {0.5, 1}).observe(0.5);
    EXPECT_NE(metrics->text().find("aisle_h_seconds_bucket{le=\"0.5\"} 1\n"), std::string::npos);
}

TEST(Metrics, ShowAGaugeThatFell) {
    const auto metrics = make_metrics();
    Gauge& gauge = metrics->gauge("aisle_g", "g");
    gauge.set(-1.5);
    EXPECT_NE(metrics->text().find("aisle_g -1.5\n"), std::string::npos) << metrics->text();
}

TEST(Metrics, AreEmptyWhenNobodyAskedForOne) { EXPECT_EQ(make_metrics()->text(), ""); }

std::string line_of(std::string_view value) {
    return log::format_line(log::Level::Info, "e", {{"k", value}});
}

TEST(LogLine, WritesNumbersOfEverySort) {
    EXPECT_EQ(log::format_line(log::Level::Info, "e",
                               {{"a", -7},
                                {"b", std::numeric_limits<std::int64_t>::min()},
                                {"c", std::numeric_limits<std::uint64_t>::max()},
                                {"d", std::uint8_t{200}}}),
              "<6>info e a=-7 b=-9223372036854775808 c=18446744073709551615 d=200");
}

TEST(LogLine, NeverHoldsALineEndWhateverTheValue) {
    std::mt19937_64 random{5};
    for (int i = 0; i < 2'000; ++i) {
        std::string value(random() % 60, ' ');
        for (char& c : value) c = static_cast<char>(random());
        const std::string line = line_of(value);
        EXPECT_EQ(line.find('\n'), std::string::npos);
        EXPECT_EQ(line.find('\r'), std::string::npos);
        EXPECT_EQ(line.find('\0'), std::string::npos);
        EXPECT_TRUE(line.starts_with("<6>info e k="));
    }
}

TEST(LogLine, BoundsAValueThatMustBeEscapedEverywhere) {
    EXPECT_LE(line_of(std::string(100'000, '\n')).size(), 4 * 1024U + 32);
}

TEST(RepeatLimit, CountsEachEventByItself) {
    log::RepeatLimit limit;
    const log::RepeatLimit::Time start{std::chrono::hours{1}};
    for (int i = 0; i < 30; ++i) (void)limit.admit("loud", start);
    int admitted = 0;
    for (int i = 0; i < 10; ++i) admitted += limit.admit("calm", start) ? 1 : 0;
    EXPECT_EQ(admitted, 10);
}

TEST(RepeatLimit, StaysSilentUntilWhatItHeldBackIsTold) {
    log::RepeatLimit limit;
    const log::RepeatLimit::Time start{std::chrono::hours{1}};
    for (int i = 0; i < 11; ++i) (void)limit.admit("e", start);
    const auto later = start + std::chrono::minutes{5};
    EXPECT_FALSE(limit.admit("e", later));
    EXPECT_EQ(limit.ended(later).at(0).unwritten, 2);
    EXPECT_TRUE(limit.admit("e", later));
}

TEST(RepeatLimit, ForgetsTheNamesOfAMinuteThatIsOver) {
    log::RepeatLimit limit;
    const log::RepeatLimit::Time start{std::chrono::hours{1}};
    for (std::size_t i = 0; i < log::RepeatLimit::kEventsMax; ++i) {
        (void)limit.admit(std::to_string(i), start);
    }
    const auto later = start + log::RepeatLimit::kWindow;
    EXPECT_TRUE(limit.ended(later).empty());
    for (int i = 0; i < 10; ++i) EXPECT_TRUE(limit.admit("fresh", later));
}

TEST(ServiceNotify, DoesNothingWhereNobodyListens) {
    const TestVariable nowhere{"NOTIFY_SOCKET", "/nonexistent/notify"};
    ManualClock clock;
    InlineExecutor loop{clock};
    ServiceNotify notify{loop};
    notify.ready("up");
    notify.reloading();
    notify.status("busy");
    notify.stopping();
    EXPECT_EQ(loop.run_ready(), 0U);
}

std::string secret_of(const TestFolder& folder, const std::string& content) {
    const std::string path = folder.path("secret");
    std::ofstream{path, std::ios::binary} << content;
    ::chmod(path.c_str(), 0600);
    return path;
}

TEST(SecretFile, TakesSixtyFourKilobytesAndNoByteMore) {
    const TestFolder folder;
    const std::string largest(64 * 1024, 's');
    EXPECT_EQ(*read_secret_file(secret_of(folder, largest)), largest);
    EXPECT_EQ(read_secret_file(secret_of(folder, largest + "s")).error().fault, Fault::Malformed);
}

TEST(SecretFile, TakesOneLineEndOffAndNoMore) {
    const TestFolder folder;
    EXPECT_EQ(*read_secret_file(secret_of(folder, "a\n\n")), "a\n");
    EXPECT_EQ(*read_secret_file(secret_of(folder, " a ")), " a ");
    EXPECT_EQ(*read_secret_file(secret_of(folder, "\n")), "");
}

TEST(SecretFile, HoldsBytesOfAnySort) {
    const TestFolder folder;
    const std::string bytes{"\x00\xff\x80 k\t", 6};
    ASSERT_TRUE(create_secret_file(folder.path("k"), bytes));
    EXPECT_EQ(*read_secret_file(folder.path("k")), bytes);
}

TEST(SecretFile, CannotBeMadeWhereThereIsNoDirectory) {
    const TestFolder folder;
    const Status made = create_secret_file(folder.path("none") + "/k", "s3cret");
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().fault, Fault::Unavailable);
    EXPECT_EQ(made.error().detail.find("s3cret"), std::string::npos);
}

TEST(SecretFile, IsNotMadeThroughALinkToAnother) {
    const TestFolder folder;
    std::filesystem::create_symlink(folder.path("elsewhere"), folder.path("k"));
    EXPECT_EQ(create_secret_file(folder.path("k"), "s").error().fault, Fault::Denied);
    EXPECT_FALSE(std::filesystem::exists(folder.path("elsewhere")));
}

TEST(Hmac, ChangesWithEveryByteOfKeyAndMessage) {
    const std::string base = hmac_sha256_hex({.key = "key", .message = "message"});
    EXPECT_NE(hmac_sha256_hex({.key = "kez", .message = "message"}), base);
    EXPECT_NE(hmac_sha256_hex({.key = "key", .message = "messagf"}), base);
    EXPECT_NE(hmac_sha256_hex({.key = "keym", .message = "essage"}), base);
    EXPECT_EQ(hmac_sha256_hex({.key = "key", .message = "message"}), base);
}

TEST(ConstantTime, ComparesBytesOfAnySort) {
    EXPECT_FALSE(equal_in_constant_time(std::string_view{"a\0b", 3}, std::string_view{"a\0c", 3}));
    EXPECT_TRUE(equal_in_constant_time("\xff\x80", "\xff\x80"));
    EXPECT_FALSE(equal_in_constant_time("", "a"));
}

TEST(HttpCall, SaysWhatIsWrongWithAnAddress) {
    for (const char* const bad : {"", "localhost", "127.0.0.1:", "127.0.0.1:0x50", "nobody"}) {
        const auto answer = http_call(bad, {.method = "GET", .path = "/"}, seconds{5});
        EXPECT_FALSE(answer) << bad;
    }
}

TEST(HttpCall, SaysThatNobodyListensOnASocket) {
    const TestFolder folder;
    const auto answer =
        http_call("unix:" + folder.path("none.sock"), {.method = "GET", .path = "/"}, seconds{5});
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().fault, Fault::Unavailable);
}

}  // namespace
}  // namespace aisle::runtime
