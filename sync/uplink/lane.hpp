#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "agent/core/outbox.hpp"
#include "agent/runtime/executor.hpp"
#include "sync/uplink/lane_counts.hpp"
#include "sync/uplink/uplink.hpp"
#include "sync/wire/ack.hpp"

// One stream's way to HQ. Private to uplink.
namespace aisle::uplink {

// A batch once cut: enough to know HQ's answer to it, without its bytes.
struct Cut {
    std::int64_t first = 0;
    std::int64_t last = 0;
    std::string check;  // of the line at `last`
};

struct PackedBatch {
    Cut cut;
    std::string payload;
};

// On the loop. Reads the outbox from `cursor_` on, packs one batch ahead, and holds the cuts of
// those in flight. Every way back (a lost link, a NACK, silence) is the same: the cursor returns to
// what HQ has, and the same lines are read again from the outbox.
class Lane {
public:
    // `ready` is told when a batch is packed or when nothing is left to do.
    Lane(Stream stream, const UplinkParts& parts, const UplinkSettings& settings,
         std::function<void()> ready);

    void know(const StreamDepth& depth);
    void link_up(std::size_t batch_bytes_max);
    void link_down();
    void wake(std::size_t rows);
    void flush();
    void take(const wire::Ack& ack);

    [[nodiscard]] Stream stream() const { return stream_; }
    // The batch that waits to be sent; null if there is none.
    [[nodiscard]] const PackedBatch* packed() const { return packed_ ? &*packed_ : nullptr; }
    // The transport has taken the packed batch.
    void sent();
    // HQ has all that was in the outbox when it was last read.
    [[nodiscard]] bool idle() const;
    [[nodiscard]] StreamStatus status() const;
    [[nodiscard]] std::int64_t next() const { return tail_; }

private:
    void produce();
    void freeze();
    void read();
    void pack(const std::vector<OutboxRow>& rows, bool more);
    [[nodiscard]] std::optional<PackedBatch> cut(const std::vector<OutboxRow>& rows);
    void dead_letter(const OutboxRow& row);
    void try_later();
    [[nodiscard]] std::size_t in_flight_max() const;
    [[nodiscard]] std::size_t rows_to_read() const;

    void verify(const wire::Ack& ack);
    void accept(const wire::Ack& ack);
    void fork(const char* why);
    void delete_acknowledged();
    void go_back();
    void forget_unsent();
    void silence();
    void watch_for_silence();

    // An answer that belongs to an earlier state of the lane is dropped.
    template <typename Answer>
    auto still(Answer answer) {
        return [this, turn = turn_, answer](auto result) {
            if (turn == turn_) answer(std::move(result));
        };
    }

    Stream stream_;
    Outbox& outbox_;
    runtime::Executor& executor_;
    const UplinkSettings& settings_;
    LaneCounts counts_;
    std::function<void()> ready_;

    bool known_ = false;  // the outbox has told where it stands
    bool connected_ = false;
    bool stopped_ = false;  // a fork
    std::size_t batch_bytes_max_ = 0;

    std::int64_t acked_ = 1;    // HQ has everything below
    std::string acked_check_;   // of the line at acked_ - 1; empty: the outbox did not keep it
    std::int64_t cursor_ = 1;   // what is packed next
    std::string cursor_check_;  // of the line at cursor_ - 1; empty: not known
    std::int64_t frozen_to_ = 0;
    std::int64_t tail_ = 1;  // the seq that the next record gets, as last heard
    std::int64_t first_ = 1;
    std::int64_t deleted_ = 1;  // the outbox holds nothing below
    WallTime oldest_{};

    std::uint64_t turn_ = 0;
    bool busy_ = false;   // the outbox is being asked
    bool due_ = false;    // rows may be there that need not wait for company
    bool woken_ = false;  // since the last read began
    bool verifying_ = false;
    bool deleting_ = false;
    bool catching_up_ = false;  // the last read was full
    bool heard_ = false;        // an ack has come over this link
    bool probing_ = false;      // HQ is silent: only the oldest batch goes out
    std::size_t waiting_rows_ = 0;
    std::size_t fitting_rows_ = 0;  // how many fitted last time
    std::size_t halved_rows_ = 0;   // the bound after losing the link on one batch again and again
    std::int64_t lost_at_ = 0;
    MonoTime went_back_{};
    std::int64_t went_back_to_ = 0;
    milliseconds silence_wait_{};

    std::optional<PackedBatch> packed_;
    std::deque<Cut> in_flight_;
    std::optional<wire::Ack> unverified_;
    runtime::TimerHandle linger_;
    runtime::TimerHandle silence_;
    runtime::TimerHandle later_;
};

}  // namespace aisle::uplink
