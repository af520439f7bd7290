#pragma once

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "sync/uplink/epoch_limit.hpp"
#include "sync/uplink/hq_clock.hpp"
#include "sync/uplink/lane.hpp"
#include "sync/uplink/link_watch.hpp"
#include "sync/uplink/log_limit.hpp"
#include "sync/uplink/pace.hpp"

// The uplink of a store: four lanes over one transport. Private to uplink.
namespace aisle::uplink {

class StoreUplink final : public Uplink, private LaneOwner {
public:
    StoreUplink(const UplinkParts& parts, UplinkSettings settings);

    void on_down(std::function<void(const wire::Topic&, std::string_view)> handler) override {
        down_ = std::move(handler);
    }
    void on_hq_time(std::function<void(HqTime)> handler) override { hq_time_ = std::move(handler); }
    void on_epoch(std::function<void(const std::string&, const std::string&)> handler) override {
        epoch_begun_ = std::move(handler);
    }
    void start() override;
    void wake(Stream stream, std::size_t rows) override;
    void set_linger(const Lingers& linger) override;
    void flush(std::function<void()> done) override;
    void stop(std::function<void()> done) override;
    [[nodiscard]] UplinkStatus status() const override;
    [[nodiscard]] wire::StoreState birth() const override { return state(true); }
    void announce() override { say_state(); }

private:
    // uplink.cpp: life, messages, presence
    void look();
    void know(const std::vector<StreamDepth>& depths);
    void on_link(const Link& link);
    void on_message(const Message& message);
    void on_ack(const Message& message);
    void damaged(const std::string& why);
    void say_state();
    [[nodiscard]] wire::StoreState state(bool alive) const;
    [[nodiscard]] Message state_message(bool alive) const;
    void finish_flush();
    void say_goodbye(const std::function<void()>& done);
    [[nodiscard]] std::string topic(wire::Channel channel, Stream stream = Stream::Ledger) const;
    [[nodiscard]] Stamp now() const { return parts_.executor.clock().now(); }

    // uplink_sending.cpp: whose batch goes next, and whether the link leads anywhere
    void lane_ready() override { pump(); }
    void answered(const Answered& what) override;
    void pump();
    [[nodiscard]] Lane* next_lane();
    [[nodiscard]] bool backlog_may_go() const;
    [[nodiscard]] bool affordable(const Lane& lane);
    [[nodiscard]] bool send(Lane& lane);
    [[nodiscard]] Status publish(Message message, std::function<void(const Status&)> answer);
    void hear();
    void release();
    void check_link();

    // uplink_epochs.cpp: what follows on a contradiction
    void contradicted(Stream stream, const std::string& why) override;
    void begin_epoch();
    void keep_marks();
    void epoch_begun(const std::string& epoch);

    UplinkParts parts_;
    UplinkSettings settings_;
    std::string run_;
    Pace pace_;
    LinkWatch watch_;
    HqClock hq_clock_;
    EpochLimit epoch_limit_;
    runtime::Counter& epochs_;
    runtime::Counter& reconnects_;
    runtime::Counter& damaged_;
    runtime::Gauge& credit_gauge_;
    runtime::Gauge& window_gauge_;

    std::array<std::unique_ptr<Lane>, 4> lanes_;  // by stream
    std::array<std::uint64_t, 4> pass_{};         // stride scheduling: the lowest goes next
    std::array<std::int64_t, 4> first_{1, 1, 1, 1};
    bool known_ = false;
    bool pumping_ = false;
    bool heard_on_link_ = false;
    std::uint64_t link_turn_ = 0;   // answers of an earlier connection are not counted
    std::uint64_t epoch_turn_ = 0;  // what the outbox told of an earlier epoch is not believed
    bool epoch_ending_ = false;
    std::string epoch_why_;
    std::size_t outstanding_ = 0;  // messages without the broker's answer
    WallTime heard_{};
    LogLimit damage_log_;
    LogLimit reconnect_log_;
    std::function<void(const wire::Topic&, std::string_view)> down_;
    std::function<void(HqTime)> hq_time_;
    std::function<void(const std::string&, const std::string&)> epoch_begun_;
    std::function<void()> flushed_;
    runtime::TimerHandle look_again_;
    runtime::TimerHandle looking_;
    runtime::TimerHandle stating_;
    runtime::TimerHandle checking_;
    runtime::TimerHandle releasing_;
    runtime::TimerHandle credit_wait_;
    runtime::TimerHandle epoch_wait_;
    runtime::TimerHandle flush_limit_;
    std::shared_ptr<StoreUplink*> self_ = std::make_shared<StoreUplink*>(this);
};

}  // namespace aisle::uplink
