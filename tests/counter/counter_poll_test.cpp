#include "drivers/counter/counter_poll.hpp"

#include <gtest/gtest.h>

#include <deque>

#include "agent/runtime/http_server.hpp"
#include "agent/runtime/inline_executor.hpp"
#include "agent/runtime/io_loop.hpp"
#include "agent/runtime/system_clock.hpp"
#include "agent/runtime/worker_thread.hpp"
#include "smart_payloads.hpp"
#include "tests/kit/recording_sink.hpp"

namespace aisle::counter {
namespace {

TEST(PollTarget, KnowsPeopleCountersOwnPath) {
    const auto target = poll_target("http://192.168.0.90");
    ASSERT_TRUE(target);
    EXPECT_EQ(target->address, "192.168.0.90:80");
    EXPECT_EQ(target->request.path, "/local/tvpc/.api");
    EXPECT_TRUE(target->request.query.contains("live-sum.json"));
    EXPECT_EQ(target->uri, "/local/tvpc/.api?live-sum.json");
}

TEST(PollTarget, TakesAPathOfItsOwn) {
    const auto target = poll_target("http://door.local:8080/counts?b=2&a=1");
    ASSERT_TRUE(target);
    EXPECT_EQ(target->address, "door.local:8080");
    EXPECT_EQ(target->uri, "/counts?a=1&b=2");
}

TEST(PollTarget, RefusesWhatItCannotAsk) {
    for (const char* url : {"", "https://x", "http://", "http:///x", "http://h/a b", "http://h/%41",
                            "http://u@h/", "http://h/x?a=\"", "http://h\r\n/x"})
        EXPECT_FALSE(poll_target(url)) << url;
}

// A camera that answers what the test wrote, on a loop that the test moves.
struct Polled {
    explicit Polled(Login login = {}) {
        auto made = CounterPoll::make(
            {{.source = "smart",
              .url = "http://camera",
              .every = seconds{30},
              .login = std::move(login)}},
            {.loop = loop,
             .elsewhere =
                 [this](runtime::Task task) {
                     if (!room) return false;
                     elsewhere.push_back(std::move(task));
                     return true;
                 },
             .counter = counter,
             .metrics = *metrics,
             .random = [] { return std::uint64_t{0xabc}; },
             .ask =
                 [this](const std::string&, const runtime::HttpRequest& request, milliseconds) {
                     asked.push_back(request);
                     if (answers.empty()) return Result<runtime::HttpResponse>{unavailable("off")};
                     auto answer = answers.front();
                     answers.pop_front();
                     return Result<runtime::HttpResponse>{answer};
                 }});
        EXPECT_TRUE(made);
        poll = std::move(*made);
        counter.start();
    }
    void elsewhere_done() {
        while (!elsewhere.empty()) {
            elsewhere.front()();
            elsewhere.pop_front();
        }
        loop.run_ready();
    }
    void pass(milliseconds time) {
        loop.advance(time);
        elsewhere_done();
    }
    [[nodiscard]] std::int64_t in() const {
        std::int64_t sum = 0;
        for (const auto& count : sink.all<CountReading>()) sum += count.in;
        return sum;
    }
    [[nodiscard]] double polls(const std::string& outcome) const {
        return metrics->counter("aisle_counter_polls_total", "", {{"outcome", outcome}}).value();
    }

    bool room = true;
    std::deque<runtime::Task> elsewhere;
    std::deque<runtime::HttpResponse> answers;
    std::vector<runtime::HttpRequest> asked;
    std::unique_ptr<runtime::Metrics> metrics = runtime::make_metrics();
    runtime::ManualClock clock{kit::at()};
    runtime::InlineExecutor loop{clock};
    kit::RecordingSink sink;
    Counter counter{{.sources = {axis_people()}}, loop, sink, *metrics};
    std::unique_ptr<CounterPoll> poll;
};

runtime::HttpResponse sum(int in, int second) {
    return {.body =
                live_sum({.in = in, .out = 0, .clock = "202605031127" + std::to_string(second)})};
}

TEST(CounterPoll, CountsWhatACameraHasCountedBetweenTwoAnswers) {
    Polled polled;
    polled.answers = {sum(100, 10), sum(103, 40), sum(103, 50)};
    polled.poll->start();
    polled.elsewhere_done();
    polled.pass(seconds{30});
    polled.pass(seconds{30});
    EXPECT_EQ(polled.in(), 3);
    EXPECT_EQ(polled.asked.size(), 3U);
    EXPECT_EQ(polled.polls("answered"), 3);
}

TEST(CounterPoll, AsksOnAfterACameraWasOff) {
    Polled polled;
    polled.answers = {sum(100, 10)};
    polled.poll->start();
    polled.elsewhere_done();
    polled.pass(seconds{30});
    EXPECT_EQ(polled.polls("failed"), 1);
    polled.answers = {sum(107, 50)};
    polled.pass(seconds{30});
    EXPECT_EQ(polled.in(), 7);
}

TEST(CounterPoll, DoesNotAskACameraTwiceAtOnce) {
    Polled polled;
    polled.poll->start();
    polled.loop.advance(minutes{5});  // nothing comes back
    EXPECT_EQ(polled.elsewhere.size(), 1U);
}

TEST(CounterPoll, AsksAgainWhenThereWasNoRoom) {
    Polled polled;
    polled.room = false;
    polled.poll->start();
    polled.room = true;
    polled.answers = {sum(1, 10)};
    polled.pass(seconds{30});
    EXPECT_EQ(polled.polls("refused"), 1);
    EXPECT_EQ(polled.polls("answered"), 1);
}

TEST(CounterPoll, LogsInWhereTheCameraWantsIt) {
    Polled polled{{.username = "root", .password = "pass"}};
    runtime::HttpResponse challenge{.status = 401};
    challenge.headers["www-authenticate"] = R"(Digest realm="AXIS", nonce="n1", qop="auth")";
    polled.answers = {challenge, sum(5, 10)};
    polled.poll->start();
    polled.elsewhere_done();
    ASSERT_EQ(polled.asked.size(), 2U);
    EXPECT_FALSE(polled.asked[0].headers.contains("authorization"));
    EXPECT_TRUE(polled.asked[1].headers["authorization"].starts_with("Digest username=\"root\""));
    EXPECT_EQ(polled.polls("answered"), 1);
}

TEST(CounterPoll, DoesNotSendALoginThatItHasNot) {
    Polled polled;
    runtime::HttpResponse challenge{.status = 401};
    challenge.headers["www-authenticate"] = R"(Basic realm="AXIS")";
    polled.answers = {challenge};
    polled.poll->start();
    polled.elsewhere_done();
    EXPECT_EQ(polled.asked.size(), 1U);
    EXPECT_EQ(polled.polls("failed"), 1);
}

TEST(CounterPoll, LeavesAnAnswerThatComesAfterItsEnd) {
    Polled polled;
    polled.answers = {sum(100, 10)};
    polled.poll->start();
    polled.poll.reset();
    polled.elsewhere_done();
    EXPECT_EQ(polled.polls("answered"), 0);
}

// A camera of our own on loopback, asked over a real connection.
TEST(CounterPoll, AsksARealServer) {
    const std::unique_ptr<runtime::Metrics> metrics = runtime::make_metrics();
    runtime::SystemClock clock{1};
    runtime::IoLoop loop{clock, *metrics};
    const auto server = runtime::make_http_server(loop, {}, *metrics);
    int asked = 0;
    server->on("GET", "/local/tvpc/.api",
               [&](const runtime::HttpRequest& request, const runtime::HttpReply& reply) {
                   EXPECT_TRUE(request.query.contains("live-sum.json"));
                   ++asked;
                   if (request.headers.contains("authorization")) return reply(sum(4, 11));
                   runtime::HttpResponse challenge{.status = 401};
                   challenge.headers["www-authenticate"] =
                       R"(Digest realm="AXIS", nonce="n1", algorithm=MD5, qop="auth")";
                   reply(challenge);
               });
    ASSERT_TRUE(server->listen({}));
    runtime::WorkerThread worker{{.name = "elsewhere"}, *metrics};
    kit::RecordingSink sink;
    Counter counter{{.sources = {axis_people()}}, loop, sink, *metrics};
    counter.start();
    const auto poll = CounterPoll::make(
        {{.source = "smart",
          .url = "http://127.0.0.1:" + std::to_string(server->port()),
          .login = {.username = "root", .password = "pass"}}},
        {.loop = loop,
         .elsewhere = [&](runtime::Task task) { return worker.submit(std::move(task)); },
         .counter = counter,
         .metrics = *metrics,
         .random = [] { return std::uint64_t{7}; }});
    ASSERT_TRUE(poll);
    (*poll)->start();
    const auto look = runtime::every(loop, milliseconds{10}, [&] {
        if (!sink.readings.empty()) loop.stop();
    });
    const auto limit = loop.after(seconds{20}, [&] { loop.stop(); });
    loop.run();
    worker.stop(runtime::WorkerThread::OnStop::Drain);
    EXPECT_EQ(asked, 2);
    EXPECT_EQ(sink.readings.size(), 1U);  // its sums, where counting begins
}

}  // namespace
}  // namespace aisle::counter
