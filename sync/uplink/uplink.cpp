#include "sync/uplink/uplink.hpp"

#include <algorithm>
#include <cassert>
#include <cstdio>
#include <utility>

#include "agent/runtime/log.hpp"
#include "sync/uplink/store_uplink.hpp"
#include "sync/wire/guard.hpp"

namespace aisle::uplink {
namespace {

constexpr seconds kLookEvery{10};          // at the outbox's depth, for metrics and what was missed
constexpr seconds kStateEvery{60};         // the birth message, with where the streams stand
constexpr seconds kCheckEvery{5};          // whether the link leads anywhere
constexpr milliseconds kLookAgain{1'000};  // when the outbox did not answer
constexpr std::size_t kPacketSlack = 1024;  // topic, properties and MQTT's own header
constexpr std::size_t kBatchBytesLeast = 1024;
constexpr std::array kDownChannels{wire::Channel::DownBundle, wire::Channel::DownData,
                                   wire::Channel::DownCommand};

UplinkParts with_random(UplinkParts parts) {
    if (!parts.random) parts.random = runtime::random_u64;
    return parts;
}

std::string hex16(std::uint64_t number) {
    std::array<char, 17> text{};
    std::snprintf(text.data(), text.size(), "%016llx", static_cast<unsigned long long>(number));
    return text.data();
}

}  // namespace

StoreUplink::StoreUplink(const UplinkParts& parts, UplinkSettings settings)
    : parts_{with_random(parts)},
      settings_{std::move(settings)},
      run_{hex16(parts_.random())},
      pace_{{.window_first = settings_.in_flight_max,
             .window_most = std::max(settings_.in_flight_max, settings_.in_flight_catching_up)}},
      watch_{{settings_.puback_max, settings_.hq_silent_max}, parts_.random},
      epoch_limit_{settings_.epochs_an_hour, parts_.random},
      epochs_{parts_.metrics.counter("aisle_uplink_epochs_total",
                                     "ALARM: new epochs, because HQ holds other records")},
      reconnects_{parts_.metrics.counter("aisle_uplink_reconnects_total",
                                         "Links given up because they led nowhere")},
      damaged_{parts_.metrics.counter("aisle_uplink_damaged_total",
                                      "Answers of HQ that were damaged on the way")},
      credit_gauge_{parts_.metrics.gauge("aisle_uplink_credit_bytes_per_second",
                                         "What HQ lets us send; 0: no limit")},
      window_gauge_{parts_.metrics.gauge("aisle_uplink_window_batches",
                                         "Batches of a backlog that may be out")} {
    assert(wire::valid_store_id(settings_.store.value));
    LaneOwner& owner = *this;
    for (const Stream stream : kUpStreams)
        lanes_.at(static_cast<std::size_t>(stream)) =
            std::make_unique<Lane>(stream, parts_, settings_, owner);
}

std::string StoreUplink::topic(wire::Channel channel, Stream stream) const {
    return wire::to_text({settings_.store, channel, stream});
}

void StoreUplink::start() {
    auto& transport = parts_.transport;
    transport.on_link([this](const Link& link) { on_link(link); });
    transport.on_message([this](const Message& message) { on_message(message); });
    transport.set_will(state_message(false));
    transport.subscribe(topic(wire::Channel::Ack));
    if (down_) transport.subscribe(wire::every_down(settings_.store));
    look();
    looking_ = runtime::every(parts_.executor, kLookEvery, [this] { look(); });
    stating_ = runtime::every(parts_.executor, kStateEvery, [this] { say_state(); });
    checking_ = runtime::every(parts_.executor, kCheckEvery, [this] { check_link(); });
    transport.start();
}

void StoreUplink::look() {
    parts_.outbox.depths([self = std::weak_ptr{self_},
                          turn = epoch_turn_](const Result<std::vector<StreamDepth>>& depths) {
        const auto uplink = self.lock();
        if (!uplink || (*uplink)->epoch_turn_ != turn) return;
        StoreUplink& me = **uplink;
        if (depths) return me.know(*depths);
        if (!me.known_) me.look_again_ = me.parts_.executor.after(kLookAgain, [&me] { me.look(); });
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
    ++link_turn_;
    outstanding_ = 0;
    heard_on_link_ = false;
    releasing_.cancel();
    if (!link.connected) {
        watch_.link_down();
        for (auto& lane : lanes_) lane->link_down();
        return finish_flush();
    }
    watch_.link_up(now().mono);
    pace_.link_up();
    if (known_) say_state();
    const std::size_t broker = link.packet_bytes_max > kPacketSlack
                                   ? link.packet_bytes_max - kPacketSlack
                                   : kBatchBytesLeast;
    for (auto& lane : lanes_)
        lane->link_up(std::max(kBatchBytesLeast, std::min(settings_.batch_bytes_max, broker)));
    const auto most = static_cast<std::uint64_t>(settings_.drain_spread.count());
    if (most == 0) return release();
    const milliseconds wait{static_cast<std::int64_t>(parts_.random() % (most + 1))};
    releasing_ = parts_.executor.after(wait, [this] { release(); });
}

void StoreUplink::on_message(const Message& message) {
    const auto where = wire::parse_topic(message.topic);
    if (!where || where->store != settings_.store) return;
    const bool down = std::ranges::find(kDownChannels, where->channel) != kDownChannels.end();
    if (down && down_) return down_(*where, message.payload);
    if (where->channel == wire::Channel::Ack) on_ack(message);
}

// One other digit would be an answer to records that were never sent, and begin a new epoch: what
// is damaged is as good as lost, and HQ says it again to the next batch.
void StoreUplink::on_ack(const Message& message) {
    const Status whole = wire::intact(message.topic, message.payload);
    if (!whole) return damaged(whole.error().detail);
    const auto ack = wire::parse_ack(message.payload);
    if (!ack) return damaged(ack.error().detail);
    if (ack->epoch != settings_.epoch) return;  // another life of this store
    hear();
    pace_.set_credit(ack->credit_bytes_s, now().mono);
    credit_gauge_.set(static_cast<double>(ack->credit_bytes_s));
    lanes_.at(static_cast<std::size_t>(ack->stream))->take(*ack);
    finish_flush();
}

void StoreUplink::damaged(const std::string& why) {
    damaged_.add();
    if (damage_log_.due(now().mono)) log::warn("uplink.bad_ack", {{"why", why}});
}

void StoreUplink::wake(Stream stream, std::size_t rows) {
    if (stream != Stream::Local) lanes_.at(static_cast<std::size_t>(stream))->wake(rows);
}

wire::StoreState StoreUplink::state(bool alive) const {
    const Stamp stamp = now();
    wire::StoreState state{.alive = alive,
                           .epoch = settings_.epoch,
                           .version = settings_.version,
                           .run = run_,
                           .at = stamp.wall};
    milliseconds lag{0};
    for (const auto& lane : lanes_) {
        const auto index = static_cast<std::size_t>(lane->stream());
        state.streams.push_back({lane->stream(), first_.at(index), lane->next()});
        lag = std::max(lag, lane->age(stamp.wall));
    }
    if (parts_.health) state.health = parts_.health();
    state.health.lag_s = std::chrono::floor<seconds>(lag).count();
    return state;
}

Message StoreUplink::state_message(bool alive) const {
    const std::string where = topic(wire::Channel::State);
    return {.topic = where,
            .payload = wire::guarded(where, wire::to_json(state(alive))),
            .retained = parts_.transport.link().retains};
}

void StoreUplink::say_state() {
    if (!known_ || !parts_.transport.link().connected) return;
    // Not sent for want of room in the window: the next one comes soon.
    (void)publish(state_message(true), nullptr);
}

void StoreUplink::set_linger(const Lingers& linger) {
    if (settings_.linger == linger) return;
    settings_.linger = linger;
    for (auto& lane : lanes_) lane->linger_changed();
}

void StoreUplink::flush(std::function<void()> done) {
    flushed_ = std::move(done);
    flush_limit_ = parts_.executor.after(settings_.stop_grace, [this] {
        if (const auto told = std::exchange(flushed_, nullptr)) told();
    });
    release();
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

void StoreUplink::say_goodbye(const std::function<void()>& done) {
    for (auto* timer :
         {&looking_, &stating_, &checking_, &look_again_, &releasing_, &credit_wait_, &epoch_wait_})
        timer->cancel();
    // A clean stop discards the will, so the death is told here.
    (void)publish(state_message(false), nullptr);
    for (auto& lane : lanes_) lane->link_down();
    parts_.transport.stop(done);
}

UplinkStatus StoreUplink::status() const {
    const Link link = parts_.transport.link();
    UplinkStatus status{.connected = link.connected,
                        .reason = link.reason,
                        .heard = heard_,
                        .epoch = settings_.epoch,
                        .credit_bytes_s = pace_.credit()};
    for (std::size_t i = 0; i < lanes_.size(); ++i) status.streams.at(i) = lanes_.at(i)->status();
    return status;
}

std::unique_ptr<Uplink> make_uplink(UplinkParts parts, UplinkSettings settings) {
    return std::make_unique<StoreUplink>(parts, std::move(settings));
}

}  // namespace aisle::uplink
