#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <vector>

#include "agent/core/transport.hpp"
#include "agent/runtime/executor.hpp"
#include "agent/runtime/metrics.hpp"
#include "sync/hq/collector.hpp"
#include "sync/hq/downlink_effects.hpp"

namespace aisle::hq {

// First the rows, in order and in one transaction for all that have gathered, then the messages
// that follow from them. A transaction that fails is tried again: nothing is said until it holds.
// Messages wait for the broker's window; while there is no link, or beyond the bound, they are
// dropped: whoever made them says them again. On the loop.
class DownlinkPost {
public:
    struct Parts {
        EventStore& store;
        StorageRunner storage;
        runtime::Executor& loop;
        runtime::Metrics& metrics;
        std::function<Status(Message, std::function<void(Status)>)> publish;
    };
    explicit DownlinkPost(Parts parts);
    ~DownlinkPost();
    DownlinkPost(const DownlinkPost&) = delete;
    DownlinkPost& operator=(const DownlinkPost&) = delete;

    // `then` is told when the rows are durable; never, if forget() comes before.
    void commit(DownEffects effects, std::function<void(Status)> then);
    void send(Downward message);
    // Everything that waits is dropped.
    void forget();
    // Rows that wait for the disk: beyond kTurnsMax nobody should ask for more.
    [[nodiscard]] bool busy() const { return turns_.size() >= kTurnsMax; }
    [[nodiscard]] std::size_t to_send() const { return messages_.size(); }

    static constexpr std::size_t kTurnsMax = 256;
    static constexpr std::size_t kMessagesMax = 4'096;
    static constexpr std::size_t kBytesMax = 64UL * 1024 * 1024;

private:
    struct Turn {
        DownEffects effects;
        std::function<void(Status)> then;
    };
    void write();
    void written(const Status& status, std::size_t turns);
    void flush();

    Parts parts_;
    runtime::Counter& failures_;
    runtime::Counter& dropped_;
    std::deque<Turn> turns_;
    std::size_t writing_ = 0;  // of the turns, from the front
    std::deque<Downward> messages_;
    std::size_t bytes_ = 0;
    runtime::TimerHandle again_;
    runtime::TimerHandle flush_again_;
    // Tasks that come back after forget() or after we have gone find another one.
    std::shared_ptr<DownlinkPost*> self_ = std::make_shared<DownlinkPost*>(this);
};

}  // namespace aisle::hq
