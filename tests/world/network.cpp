#include "tests/world/network.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace aisle::world {

// What the broker knows of a client, and what outlives neither of the two.
struct Network::Peer {
    runtime::Executor* on = nullptr;
    std::string name;
    std::function<void(const Link&)> link_handler;
    std::function<void(const Message&)> message_handler;
    std::vector<std::string> filters;
    std::optional<Message> will;
    Link link;
    std::uint64_t connection = 0;  // a later one knows nothing of what an earlier one sent
    std::map<std::uint64_t, std::function<void(Status)>> unanswered;
    std::uint64_t last_sent = 0;
    bool started = false;
};

class Network::Client final : public Transport {
public:
    Client(Network& network, std::shared_ptr<Peer> peer)
        : network_{network}, peer_{std::move(peer)} {}
    ~Client() override { network_.gone(peer_); }
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    void on_link(std::function<void(const Link&)> handler) override {
        peer_->link_handler = std::move(handler);
    }
    void on_message(std::function<void(const Message&)> handler) override {
        peer_->message_handler = std::move(handler);
    }
    void set_will(Message will) override { peer_->will = std::move(will); }
    void subscribe(std::string filter) override { peer_->filters.push_back(std::move(filter)); }
    void unsubscribe(const std::string& filter) override { std::erase(peer_->filters, filter); }
    void start() override {
        peer_->started = true;
        network_.try_later(peer_);
    }
    void stop(std::function<void()> done) override {
        peer_->started = false;
        peer_->will.reset();
        peer_->link_handler = nullptr;
        peer_->message_handler = nullptr;
        peer_->link = {.reason = "stopped"};
        done();
    }
    Status publish(Message message, std::function<void(Status)> answer) override;
    void reconnect(const std::string& reason) override {
        if (!peer_->link.connected) return;
        network_.drop(peer_, reason);
        network_.try_later(peer_);
    }
    [[nodiscard]] Link link() const override { return peer_->link; }

private:
    Network& network_;
    std::shared_ptr<Peer> peer_;
};

Status Network::Client::publish(Message message, std::function<void(Status)> answer) {
    const Link& link = peer_->link;
    if (!link.connected) return unavailable("not connected");
    if (message.payload.size() + message.topic.size() + 16 > link.packet_bytes_max)
        return malformed("longer than the broker allows");
    if (peer_->unanswered.size() >= link.in_flight_max) return full("the window is full");
    const std::uint64_t number = ++peer_->last_sent;
    peer_->unanswered[number] = std::move(answer);
    network_.bytes_ += message.topic.size() + message.payload.size();
    const bool lost = network_.noise_.chance(network_.weather.lost_permille);
    const bool told = !lost || network_.noise_.chance(500);  // acknowledged, and forgotten
    const bool down = network_.cut_.contains(peer_->name);
    network_.later(network_.way(), [this_network = &network_, peer = std::weak_ptr{peer_}, number,
                                    connection = peer_->connection, lost, told, down,
                                    message = std::move(message)] {
        const auto from = peer.lock();
        const bool here = from && from->connection == connection && from->link.connected;
        if (!here || down || this_network->cut_.contains(from->name)) return;
        if (!lost) this_network->arrive(message);
        if (!told) return this_network->find_out(from, number);
        const auto waiting = from->unanswered.extract(number);
        if (!waiting.empty() && waiting.mapped())
            from->on->post([said = std::move(waiting.mapped())] { said({}); });
    });
    return {};
}

Network::Network(Timeline& timeline, std::uint64_t seed, Trace& trace)
    : timeline_{timeline}, node_{timeline_, true_clock_}, noise_{seed, 71}, trace_{trace} {}

std::unique_ptr<Transport> Network::client(runtime::Executor& on, std::string name) {
    auto peer = std::make_shared<Peer>();
    peer->on = &on;
    peer->name = std::move(name);
    peers_.push_back(peer);
    return std::make_unique<Client>(*this, std::move(peer));
}

void Network::later(milliseconds wait, runtime::Task task) {
    const std::uint64_t number = ++last_pending_;
    pending_[number] = node_.after(wait, [this, number, task = std::move(task)] {
        const auto keep = pending_.extract(number);  // this very task lives in it
        task();
    });
}

// A connection on which a message is never answered is deaf: its transport gives it up.
void Network::find_out(const std::shared_ptr<Peer>& deaf, std::uint64_t number) {
    later(kDeaf, [this, weak = std::weak_ptr{deaf}, connection = deaf->connection, number] {
        const auto still = weak.lock();
        const bool same = still && still->connection == connection && still->link.connected;
        if (!same || !still->unanswered.contains(number)) return;
        drop(still, "deaf");
        if (still->started) try_later(still);
    });
}

milliseconds Network::way() {
    if (noise_.chance(weather.slow_permille)) return noise_.upto(weather.slow_max);
    return milliseconds{noise_.between(4, 12)};
}

void Network::try_later(const std::shared_ptr<Peer>& peer) {
    later(noise_.upto(milliseconds{4'000}) + milliseconds{20}, [this, weak = std::weak_ptr{peer}] {
        const auto still = weak.lock();
        if (!still || !still->started || still->link.connected) return;
        if (cut_.contains(still->name)) return try_later(still);
        come_up(still);
    });
}

void Network::come_up(const std::shared_ptr<Peer>& peer) {
    ++peer->connection;
    peer->link = {.connected = true,
                  .packet_bytes_max = weather.packet_bytes_max,
                  .in_flight_max = weather.in_flight_max,
                  .reason = {},
                  .retains = weather.retains};
    const auto handler = peer->link_handler;
    if (handler) handler(peer->link);
    for (const auto& [topic, message] : retained_) deliver(peer, message);
}

// A broker that dies itself publishes no will.
void Network::drop(const std::shared_ptr<Peer>& peer, const std::string& why, bool with_will) {
    if (!peer->link.connected) return;
    peer->link = {.reason = why};
    ++peer->connection;
    const auto unanswered = std::exchange(peer->unanswered, {});
    if (const auto handler = peer->link_handler) handler(peer->link);
    for (const auto& [number, answer] : unanswered)
        if (answer) peer->on->post([answer, why] { answer(unavailable(why)); });
    if (with_will && peer->will) send_on(*peer->will);
}

void Network::cut(const std::string& name, bool down) {
    if (down) {
        cut_.insert(name);
    } else {
        cut_.erase(name);
    }
    if (!down) return;
    for (const auto& weak : peers_) {
        const auto peer = weak.lock();
        if (!peer || peer->name != name || !peer->link.connected) continue;
        later(milliseconds{noise_.between(100, 30'000)},
              [this, one = std::weak_ptr{peer}, connection = peer->connection] {
                  const auto still = one.lock();
                  if (!still || still->connection != connection) return;
                  drop(still, "the line is cut");
                  if (still->started) try_later(still);
              });
    }
}

void Network::restart_broker() {
    retained_.clear();
    const auto peers = peers_;
    for (const auto& weak : peers) {
        const auto peer = weak.lock();
        if (!peer || !peer->link.connected) continue;
        drop(peer, "the broker died", false);
        if (peer->started) try_later(peer);
    }
}

void Network::arrive(const Message& message) {
    trace_.add(message.topic);
    trace_.add(message.payload);
    send_on(message);
    if (noise_.chance(weather.doubled_permille)) send_on(message);
}

void Network::send_on(const Message& message) {
    if (message.retained && weather.retains)
        retained_[message.topic] = {message.topic, message.payload, true};
    const Message fresh{message.topic, message.payload, false};
    std::erase_if(peers_, [](const auto& peer) { return peer.expired(); });
    for (const auto& weak : peers_) deliver(weak, fresh);
}

void Network::deliver(const std::weak_ptr<Peer>& to, const Message& message) {
    const auto peer = to.lock();
    if (!peer || !peer->link.connected) return;
    const bool wanted = std::ranges::any_of(peer->filters, [&](const std::string& filter) {
        return topic_matches(filter, message.topic);
    });
    if (!wanted) return;
    past_.push_back({message, to});
    if (past_.size() > kPastMax) past_.pop_front();
    if (noise_.chance(weather.lost_permille)) return;
    later(way(), [this, to, connection = peer->connection, message] {
        const auto still = to.lock();
        if (!still || still->connection != connection || cut_.contains(still->name)) return;
        ++carried_;
        if (still->message_handler) still->message_handler(message);
    });
}

void Network::repeat_an_old_message() {
    if (past_.empty()) return;
    const Past old =
        past_.at(static_cast<std::size_t>(noise_.below(static_cast<std::int64_t>(past_.size()))));
    // To whoever bears that name now: the process it was meant for may have died since.
    for (const auto& weak : std::vector{peers_}) deliver(weak, old.message);
}

// The broker finds out in its own time.
void Network::gone(const std::shared_ptr<Peer>& peer) {
    peer->message_handler = nullptr;
    peer->link_handler = nullptr;
    peer->unanswered.clear();
    peer->started = false;
    if (!peer->link.connected || !peer->will) return;
    later(milliseconds{noise_.between(100, 30'000)}, [this, will = *peer->will] { send_on(will); });
    peer->link = {.reason = "gone"};
}

}  // namespace aisle::world
