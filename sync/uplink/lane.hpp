#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sync/uplink/cutter.hpp"
#include "sync/uplink/fall_back.hpp"
#include "sync/uplink/lane_counts.hpp"
#include "sync/uplink/uplink.hpp"

#include "agent/runtime/back_off.hpp"
#include "sync/wire/ack.hpp"

// One stream's way to HQ. Private to uplink.
namespace aisle::uplink {

// HQ's answer to batches whose sending we remember.
struct Answered {
    std::size_t batches = 0;
    microseconds latency{};  // since the last of them was sent
    bool sent_once = false;  // so HQ's answer is younger than that
    WallTime hq_now{};
};

// Whom a lane talks to: the uplink that owns it.
class LaneOwner {
public:
    virtual ~LaneOwner() = default;
    // A batch is packed, or nothing is left to do.
    virtual void lane_ready() = 0;
    virtual void answered(const Answered& what) = 0;
    // HQ's word cannot be true of what this lane has sent. The lane stands still until renew().
    virtual void contradicted(Stream stream, const std::string& why) = 0;
};

// On the loop. Reads the outbox from `read_cursor_` on, has rows cut into batches beside the loop,
// and holds a few of them and the cuts of those in flight. Every way back (a lost link, a NACK,
// silence) is the same: the cursor returns to what HQ has, and the same lines are read again.
class Lane {
public:
    Lane(Stream stream, const UplinkParts& parts, const UplinkSettings& settings, LaneOwner& owner);

    void know(const StreamDepth& depth);
    void link_up(std::size_t batch_bytes_max);
    void link_down();
    // The backlog may go: HQ has answered, or nobody else comes back at this moment.
    void release();
    void wake(std::size_t rows);
    void flush();
    // What waits for company was promised another time to wait: it goes.
    void linger_changed();
    void take(const wire::Ack& ack);
    // Nothing more is sent or deleted under these numbers.
    void halt();
    // The outbox has begun a new epoch: all that was known is void until the next know().
    void renew();

    [[nodiscard]] Stream stream() const { return stream_; }
    // The batch that waits to be sent; null if there is none, or if too many are out.
    [[nodiscard]] const PackedBatch* packed() const;
    // What waits is all that there is.
    [[nodiscard]] bool live() const { return !catching_up_; }
    // The transport has taken the batch.
    void sent();
    // The broker has taken it, or will not have it.
    void passed(std::int64_t last);
    void refused(std::int64_t last, const Error& why);

    // HQ has all that was in the outbox when it was last read.
    [[nodiscard]] bool idle() const;
    [[nodiscard]] std::size_t in_flight() const { return in_flight_.size(); }
    [[nodiscard]] milliseconds age(WallTime now) const;
    [[nodiscard]] StreamStatus status() const;
    [[nodiscard]] std::int64_t next() const { return tail_; }
    // Up to where HQ has it, for the time after this epoch.
    [[nodiscard]] wire::EndedMark mark() const { return {stream_, acked_, acked_check_}; }

private:
    struct Flight {
        Cut cut;
        MonoTime sent;
        bool once = true;     // it was never sent before
        bool passed = false;  // the broker has taken it
    };
    struct PackJob;

    // lane.cpp: from the outbox to the transport
    void produce();
    void read_next();
    void freeze(std::int64_t to);
    void read();
    bool keep_frozen(std::vector<OutboxRow>& rows) const;
    void take_rows(std::vector<OutboxRow> rows, bool more);
    void pack_next();
    void take_cuts(Cuts cuts);
    void bury(DeadRow row, const char* reason);
    void try_later();
    void hold(milliseconds wait);
    [[nodiscard]] Cutting cutting() const;
    [[nodiscard]] std::size_t in_flight_max() const;
    [[nodiscard]] std::size_t ahead_max() const;
    [[nodiscard]] std::size_t rows_to_read() const;
    void halve(std::size_t rows);
    void grow();
    void refused_alone(const Cut& one);
    void lost_on(const Cut& batch);

    // lane_answers.cpp: what HQ's answers do to it
    void verify(const wire::Ack& ack);
    void compare(const wire::Ack& ack, const std::vector<OutboxRow>& rows);
    void accept(const wire::Ack& ack);
    void settle(const wire::Ack& ack);
    Answered drop_answered();
    void fall_back(const wire::Ack& nack);
    void go_back_to(const wire::Ack& nack);
    void fill_gap_before(const wire::Ack& nack);
    void contradict(const std::string& why);
    void delete_acknowledged();
    void go_back();
    void read_again(std::int64_t seq, std::string prev);
    void silence();
    void watch_for_silence();

    // An answer that belongs to an earlier state of the lane is dropped.
    template <typename Answer>
    auto still(Answer answer) {
        return [self = std::weak_ptr{self_}, turn = turn_, answer](auto result) {
            const auto lane = self.lock();
            if (lane && (*lane)->turn_ == turn) answer(std::move(result));
        };
    }

    std::shared_ptr<Lane*> self_ = std::make_shared<Lane*>(this);  // gone for late answers
    Stream stream_;
    UplinkParts parts_;
    const UplinkSettings& settings_;
    LaneOwner& owner_;
    LaneCounts counts_;
    std::shared_ptr<wire::Packer> packer_ = std::make_shared<wire::Packer>();
    runtime::BackOff refusals_;

    bool known_ = false;  // the outbox has told where it stands
    bool connected_ = false;
    bool stopped_ = false;  // a contradiction
    std::size_t batch_bytes_max_ = 0;

    std::int64_t acked_ = 1;   // HQ has everything below
    std::string acked_check_;  // of the line at acked_ - 1; empty: the outbox did not keep it
    FallBack fall_back_;
    std::int64_t read_cursor_ = 1;  // what is read next
    std::int64_t sent_to_ = 0;      // the highest seq that was ever sent
    std::string packed_check_;      // of the last line that was cut; empty: not known
    std::int64_t frozen_to_ = 0;
    std::int64_t tail_ = 1;     // the seq that the next record gets, as last heard
    std::int64_t deleted_ = 1;  // the outbox holds nothing below
    WallTime oldest_{};

    std::uint64_t turn_ = 0;
    std::uint64_t epoch_turn_ = 0;
    bool reading_ = false;  // the outbox is being asked
    bool packing_ = false;
    bool due_ = false;    // rows may be there that need not wait for company
    bool woken_ = false;  // since the last read began
    bool verifying_ = false;
    bool deleting_ = false;
    bool mending_ = false;      // a row is being replaced by a gap: nothing is read meanwhile
    bool catching_up_ = false;  // the last read was full
    bool heard_ = false;        // an ack has come over this link
    bool released_ = false;
    bool probing_ = false;  // HQ is silent: only the oldest batch goes out
    std::size_t waiting_rows_ = 0;
    std::size_t fitting_rows_ = 0;  // how many fitted last time
    std::size_t halved_rows_ = 0;   // the bound after losing the link on one batch again
    MonoTime halved_at_{};
    std::int64_t lost_at_ = 0;
    std::int64_t alone_at_ = 0;  // the record that goes alone because the broker does not like it
    int alone_ = 0;              // and how often it went in vain
    std::size_t passed_bytes_ = 0;  // the largest payload that a broker has taken
    MonoTime went_back_{};
    std::int64_t went_back_to_ = 0;
    milliseconds silence_wait_{};

    std::vector<OutboxRow> unpacked_;
    std::deque<PackedBatch> ready_;
    std::deque<Flight> in_flight_;
    std::optional<wire::Ack> unverified_;
    runtime::TimerHandle linger_;
    runtime::TimerHandle silence_;
    runtime::TimerHandle later_;
    runtime::TimerHandle held_;  // armed: nothing is sent
    runtime::TimerHandle mend_again_;
};

}  // namespace aisle::uplink
