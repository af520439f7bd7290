#include "sync/uplink/uplink.hpp"

#include <algorithm>
#include <cassert>
#include <limits>
#include <utility>

#include "agent/runtime/log.hpp"
#include "sync/uplink/lane.hpp"
#include "sync/wire/state.hpp"
#include "sync/wire/topics.hpp"

namespace aisle::uplink {
namespace {

constexpr seconds kLookEvery{10};          // at the outbox's depth, for metrics and what was missed
constexpr seconds kStateEvery{60};         // the birth message, with where the streams stand
constexpr milliseconds kLookAgain{1'000};  // when the outbox did not answer
constexpr std::size_t kPacketSlack = 1024;  // topic, properties and MQTT's own header
constexpr std::size_t kBatchBytesLeast = 1024;

// Shares of the window by stream while all have a backlog: 8 : 4 : 2 : 1.
constexpr std::array<std::uint64_t, 4> kStride{1, 2, 4, 8};

bool is_down(wire::Channel channel) {
    return channel == wire::Channel::DownBundle || channel == wire::Channel::DownData ||
           channel == wire::Channel::DownCommand;
}

class StoreUplink final : public Uplink {
public:
    StoreUplink(const UplinkParts& parts, UplinkSettings settings)
        : parts_{parts}, settings_{std::move(settings)} {
        assert(wire::valid_store_id(settings_.store.value));
        for (const Stream stream : kUpStreams)
            lanes_.push_back(std::make_unique<Lane>(stream, parts_, settings_, [this] { pump(); }));
    }

    void on_down(std::function<void(const wire::Topic&, std::string_view)> handler) override {
        down_ = std::move(handler);
    }
    void on_hq_time(std::function<void(HqTime)> handler) override { hq_time_ = std::move(handler); }
    void on_epoch(std::function<void(const std::string&, const std::string&)> handler) override {
        epoch_begun_ = std::move(handler);
    }
    void start() override;
    void wake(Stream stream, std::size_t rows) override;
    void flush(std::function<void()> done) override;
    void stop(std::function<void()> done) override;
    [[nodiscard]] UplinkStatus status() const override;
    [[nodiscard]] wire::StoreState birth() const override { return state(true); }
    void announce() override { say_state(); }

private:
    void look();
    void know(const std::vector<StreamDepth>& depths);
    void on_link(const Link& link);
    void on_message(const Message& message);
    void pump();
    [[nodiscard]] Lane* next_lane();
    [[nodiscard]] bool send(Lane& lane);
    void say_state();
    [[nodiscard]] wire::StoreState state(bool alive) const;
    [[nodiscard]] Message state_message(bool alive) const;
    void finish_flush();
    void say_goodbye(std::function<void()> done);
    [[nodiscard]] std::string topic(wire::Channel channel, Stream stream = Stream::Ledger) const {
        return wire::to_text({settings_.store, channel, stream});
    }

    UplinkParts parts_;
    UplinkSettings settings_;
    std::vector<std::unique_ptr<Lane>> lanes_;  // by stream
    std::array<std::uint64_t, 4> pass_{};       // stride scheduling: the lowest goes next
    std::array<std::int64_t, 4> first_{1, 1, 1, 1};
    bool known_ = false;
    bool pumping_ = false;
    WallTime heard_{};
    std::function<void(const wire::Topic&, std::string_view)> down_;
    std::function<void(HqTime)> hq_time_;
    std::function<void(const std::string&, const std::string&)> epoch_begun_;
    std::function<void()> flushed_;
    runtime::TimerHandle look_again_;
    runtime::TimerHandle looking_;
    runtime::TimerHandle stating_;
    runtime::TimerHandle flush_limit_;
};

void StoreUplink::start() {
    auto& transport = parts_.transport;
    transport.on_link([this](const Link& link) { on_link(link); });
    transport.on_message([this](const Message& message) { on_message(message); });
    transport.set_will(state_message(false));
    transport.subscribe(topic(wire::Channel::Ack));
    if (down_) {
        for (const auto channel :
             {wire::Channel::DownBundle, wire::Channel::DownData, wire::Channel::DownCommand})
            transport.subscribe(topic(channel));
    }
    look();
    looking_ = runtime::every(parts_.executor, kLookEvery, [this] { look(); });
    stating_ = runtime::every(parts_.executor, kStateEvery, [this] { say_state(); });
    transport.start();
}

void StoreUplink::look() {
    parts_.outbox.depths([this](const Result<std::vector<StreamDepth>>& depths) {
        if (depths) return know(*depths);
        if (!known_) look_again_ = parts_.executor.after(kLookAgain, [this] { look(); });
    });
}

void StoreUplink::know(const std::vector<StreamDepth>& depths) {
    for (const auto& depth : depths) {
        if (depth.stream == Stream::Local) continue;
        const auto index = static_cast<std::size_t>(depth.stream);
        first_.at(index) = depth.first;
        lanes_.at(index)->know(depth);
    }
    if (!std::exchange(known_, true)) say_state();
    finish_flush();
}

void StoreUplink::on_link(const Link& link) {
    if (!link.connected) {
        for (auto& lane : lanes_) lane->link_down();
        return finish_flush();
    }
    const std::size_t broker = link.packet_bytes_max > kPacketSlack
                                   ? link.packet_bytes_max - kPacketSlack
                                   : kBatchBytesLeast;
    if (known_) say_state();
    for (auto& lane : lanes_)
        lane->link_up(std::max(kBatchBytesLeast, std::min(settings_.batch_bytes_max, broker)));
}

void StoreUplink::on_message(const Message& message) {
    const auto where = wire::parse_topic(message.topic);
    if (!where || where->store != settings_.store) return;
    if (is_down(where->channel) && down_) return down_(*where, message.payload);
    if (where->channel != wire::Channel::Ack) return;
    const auto ack = wire::parse_ack(message.payload);
    if (!ack) return log::warn("uplink.bad_ack", {{"why", ack.error().detail}});
    if (ack->epoch != settings_.epoch) return;  // another life of this store
    heard_ = parts_.executor.clock().now().wall;
    lanes_.at(static_cast<std::size_t>(ack->stream))->take(*ack);
    finish_flush();
}

void StoreUplink::wake(Stream stream, std::size_t rows) {
    if (stream != Stream::Local) lanes_.at(static_cast<std::size_t>(stream))->wake(rows);
}

// The lane that waits with a packed batch and has had the least of its share.
Lane* StoreUplink::next_lane() {
    Lane* chosen = nullptr;
    auto lowest = std::numeric_limits<std::uint64_t>::max();
    for (std::size_t i = 0; i < lanes_.size(); ++i) {
        if (lanes_[i]->packed() == nullptr || pass_.at(i) >= lowest) continue;
        chosen = lanes_[i].get();
        lowest = pass_.at(i);
    }
    return chosen;
}

// Sends what is packed until the window is full. Sending may pack the next batch at once, hence the
// guard.
void StoreUplink::pump() {
    if (std::exchange(pumping_, true)) return;
    while (Lane* lane = next_lane())
        if (!send(*lane)) break;
    pumping_ = false;
    finish_flush();
}

bool StoreUplink::send(Lane& lane) {
    const auto index = static_cast<std::size_t>(lane.stream());
    // Whoever was idle takes its place in the present, and has no claim on the past.
    const auto present = *std::ranges::max_element(pass_);
    constexpr std::uint64_t kClaimMax = 16;
    pass_.at(index) = std::max(pass_.at(index), present > kClaimMax ? present - kClaimMax : 0);

    Message message{.topic = topic(wire::Channel::Up, lane.stream()),
                    .payload = lane.packed()->payload};
    // The window has a place again with each answer, whatever it says.
    if (!parts_.transport.publish(std::move(message), [this](const Status&) { pump(); }))
        return false;
    pass_.at(index) += kStride.at(index);
    lane.sent();
    return true;
}

wire::StoreState StoreUplink::state(bool alive) const {
    wire::StoreState state{.alive = alive,
                           .epoch = settings_.epoch,
                           .version = settings_.version,
                           .at = parts_.executor.clock().now().wall};
    for (const auto& lane : lanes_) {
        const auto index = static_cast<std::size_t>(lane->stream());
        state.streams.push_back({lane->stream(), first_.at(index), lane->next()});
    }
    if (parts_.health) state.health = parts_.health();
    return state;
}

Message StoreUplink::state_message(bool alive) const {
    return {.topic = topic(wire::Channel::State),
            .payload = wire::to_json(state(alive)),
            .retained = parts_.transport.link().retains};
}

void StoreUplink::say_state() {
    if (!parts_.transport.link().connected) return;
    // Not sent for want of room in the window: the next one comes soon.
    (void)parts_.transport.publish(state_message(true), [this](const Status&) { pump(); });
}

void StoreUplink::flush(std::function<void()> done) {
    flushed_ = std::move(done);
    flush_limit_ = parts_.executor.after(settings_.stop_grace, [this] {
        if (const auto told = std::exchange(flushed_, nullptr)) told();
    });
    for (auto& lane : lanes_) lane->flush();
    finish_flush();
}

void StoreUplink::finish_flush() {
    if (!flushed_) return;
    const bool all = std::ranges::all_of(lanes_, [](const auto& lane) { return lane->idle(); });
    if (!all && parts_.transport.link().connected) return;
    flush_limit_.cancel();
    // Posted, because this is reached from inside a lane.
    parts_.executor.post(std::exchange(flushed_, nullptr));
}

void StoreUplink::stop(std::function<void()> done) {
    flush([this, done = std::move(done)] { say_goodbye(done); });
}

void StoreUplink::say_goodbye(std::function<void()> done) {
    looking_.cancel();
    stating_.cancel();
    look_again_.cancel();
    // A clean stop discards the will, so the death is told here.
    (void)parts_.transport.publish(state_message(false), nullptr);
    for (auto& lane : lanes_) lane->link_down();
    parts_.transport.stop(std::move(done));
}

UplinkStatus StoreUplink::status() const {
    const Link link = parts_.transport.link();
    UplinkStatus status{.connected = link.connected, .reason = link.reason, .heard = heard_};
    for (std::size_t i = 0; i < lanes_.size(); ++i) status.streams.at(i) = lanes_[i]->status();
    return status;
}

}  // namespace

std::unique_ptr<Uplink> make_uplink(UplinkParts parts, UplinkSettings settings) {
    return std::make_unique<StoreUplink>(parts, std::move(settings));
}

}  // namespace aisle::uplink
