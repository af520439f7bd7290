#include "sync/hq/downlink_post.hpp"

#include <gtest/gtest.h>

#include "agent/runtime/inline_executor.hpp"
#include "quiet_store.hpp"

namespace aisle::hq {
namespace {

// A broker's window that others have filled.
struct Post {
    Downward one(const std::string& payload) {
        return {"s-0001", wire::Channel::DownCommand, payload};
    }
    void send(int messages) {
        for (int i = 0; i < messages; ++i) post.send(one("c" + std::to_string(i)));
    }

    runtime::ManualClock clock;
    runtime::InlineExecutor loop{clock};
    std::unique_ptr<runtime::Metrics> metrics = runtime::make_metrics();
    QuietStore store;
    bool window_full = true;
    std::vector<std::string> published;
    DownlinkPost post{{.store = store,
                       .storage =
                           [this](runtime::Task task) {
                               loop.post(std::move(task));
                               return true;
                           },
                       .loop = loop,
                       .metrics = *metrics,
                       .publish = [this](const Message& message, auto) -> Status {
                           if (window_full) return full("the window is full");
                           published.push_back(message.payload);
                           return {};
                       }}};
};

TEST(DownlinkPost, TriesAgainWhenOthersHaveFilledTheWindow) {
    Post bench;
    bench.send(2);
    bench.window_full = false;
    bench.loop.advance(seconds{2});
    EXPECT_EQ(bench.published, (std::vector<std::string>{"c0", "c1"}));
}

TEST(DownlinkPost, GoesOnAfterItsQueueWasFull) {
    Post bench;
    bench.send(static_cast<int>(DownlinkPost::kMessagesMax) + 10);
    bench.window_full = false;
    bench.loop.advance(seconds{2});
    EXPECT_EQ(bench.published.size(), DownlinkPost::kMessagesMax);
    EXPECT_EQ(bench.post.to_send(), 0U);
}

}  // namespace
}  // namespace aisle::hq
