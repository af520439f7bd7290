#include <future>

#include "agent/runtime/http_server.hpp"
#include "agent/runtime/inline_executor.hpp"
#include "agent/runtime/io_loop.hpp"
#include "agent/runtime/worker_thread.hpp"
#include "aislectl_run.hpp"
#include "tests/kit/temp_folder.hpp"

// aislectl offers stop and resume against a server on a Unix socket that answers as it is told:
// what the agent does with it is tested where it is done (staff's CampaignDesk, offers' stopping).
namespace aisle::app {
namespace {

using runtime::HttpRequest;
using runtime::HttpResponse;

class SocketAgent {
public:
    explicit SocketAgent(HttpResponse answer) {
        for (const char* what : {"stop", "resume"})
            server_->on(
                "POST", std::string{"/api/v1/campaigns/{id}:"} + what,
                [this, answer](const HttpRequest& request, const runtime::HttpReply& reply) {
                    asked = request;
                    reply(answer);
                });
        (void)thread_.submit([this] { loop_.run(); });
        std::promise<void> listening;
        loop_.post([&] {
            EXPECT_TRUE(server_->listen({.unix_socket = socket(), .tcp = false}));
            listening.set_value();
        });
        listening.get_future().wait();
    }
    ~SocketAgent() {
        loop_.post([this] {
            server_->stop();
            loop_.stop();
        });
        thread_.stop(runtime::WorkerThread::OnStop::Drain);
    }
    SocketAgent(const SocketAgent&) = delete;
    SocketAgent& operator=(const SocketAgent&) = delete;

    Ran call(Words words) {
        words.insert(words.begin(), "offers");
        words.insert(words.end(), {"--socket", socket()});
        return aislectl(std::move(words));
    }

    HttpRequest asked;

private:
    [[nodiscard]] std::string socket() const { return folder_.file("aisled.sock"); }

    kit::TempFolder folder_;
    runtime::ManualClock clock_;
    std::unique_ptr<runtime::Metrics> metrics_ = runtime::make_metrics();
    runtime::IoLoop loop_{clock_, *metrics_};
    std::unique_ptr<runtime::HttpServer> server_ = runtime::make_http_server(loop_, {}, *metrics_);
    runtime::WorkerThread thread_{{.name = "test-loop"}, *metrics_};
};

Ran answered(int status, const std::string& detail = "because") {
    SocketAgent agent{{.status = status, .body = R"({"detail":")" + detail + R"("})"}};
    return agent.call({"resume", "c-1", "--by", "ops"});
}

TEST(AislectlOffersStop, AsksTheAgentAndPrintsWhatItSays) {
    SocketAgent agent{{.status = 200, .body = R"({"campaign":"c-1","stopped":true})"}};
    const Ran ran = agent.call({"stop", "c-1", "--by", "A3"});
    EXPECT_EQ(ran.exit, 0) << ran.err;
    EXPECT_EQ(ran.lines().at(0).at("stopped").as_bool(), true);
    EXPECT_EQ(agent.asked.path, "/api/v1/campaigns/c-1:stop");
    EXPECT_EQ(agent.asked.body, R"({"by":"A3"})");
}

TEST(AislectlOffersStop, ResumesOverTheSocketAlone) {
    SocketAgent agent{{.status = 200, .body = R"({"campaign":"c 1","stopped":false})"}};
    EXPECT_EQ(agent.call({"resume", "c 1", "--by", "ops"}).exit, 0);
    EXPECT_EQ(agent.asked.path, "/api/v1/campaigns/c 1:resume");
    EXPECT_TRUE(agent.asked.local);
}

TEST(AislectlOffersStop, EndsAsSysexitsSay) {
    EXPECT_EQ(answered(400).exit, 65);
    EXPECT_EQ(answered(403).exit, 77);
    EXPECT_EQ(answered(404).exit, 66);
    EXPECT_EQ(answered(500).exit, 69);
    EXPECT_EQ(answered(503).exit, 75);
    EXPECT_EQ(answered(503, "the disk is full").err, "aislectl: the disk is full\n");
    EXPECT_NE(answered(404).err.find("c-1"), std::string::npos);
}

TEST(AislectlOffersStop, EndsWith69WhereNobodyAnswers) {
    const kit::TempFolder folder;
    const Ran ran =
        aislectl({"offers", "resume", "c-1", "--by", "ops", "--socket", folder.file("none.sock")});
    EXPECT_EQ(ran.exit, 69);
    EXPECT_NE(ran.err.find("none.sock"), std::string::npos);
}

TEST(AislectlOffersStop, WantsACampaignAndAName) {
    for (const char* what : {"stop", "resume"}) {
        EXPECT_EQ(aislectl({"offers", what}).exit, 64);
        EXPECT_EQ(aislectl({"offers", what, "c-1"}).exit, 64);
        EXPECT_EQ(aislectl({"offers", what, "--by", "ops"}).exit, 64);
        EXPECT_EQ(aislectl({"offers", what, "c-1", "c-2", "--by", "ops"}).exit, 64);
    }
}

}  // namespace
}  // namespace aisle::app
