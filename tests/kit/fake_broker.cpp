#include "tests/kit/fake_broker.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace aisle::kit {

bool topic_matches(std::string_view filter, std::string_view topic) {
    while (!filter.empty()) {
        const auto level_end = std::min(filter.find('/'), filter.size());
        const auto level = filter.substr(0, level_end);
        if (level == "#") return true;
        const auto topic_end = std::min(topic.find('/'), topic.size());
        if (level != "+" && level != topic.substr(0, topic_end)) return false;
        const bool filter_ends = level_end == filter.size();
        const bool topic_ends = topic_end == topic.size();
        if (filter_ends || topic_ends) return filter_ends && topic_ends;
        filter.remove_prefix(level_end + 1);
        topic.remove_prefix(topic_end + 1);
    }
    return topic.empty();
}

class FakeBroker::Client final : public Transport {
public:
    explicit Client(FakeBroker& broker) : broker_{broker} {}

    void on_link(std::function<void(const Link&)> handler) override {
        link_handler_ = std::move(handler);
    }
    void on_message(std::function<void(const Message&)> handler) override {
        message_handler_ = std::move(handler);
    }
    void set_will(Message will) override { will_ = std::move(will); }
    void subscribe(std::string filter) override { filters_.push_back(std::move(filter)); }
    void start() override { broker_.attach(*this); }
    void stop(std::function<void()> done) override {
        link_ = {.reason = "stopped"};
        will_.reset();
        link_handler_ = nullptr;
        message_handler_ = nullptr;
        done();
    }
    Status publish(Message message, std::function<void(Status)> answer) override;
    [[nodiscard]] Link link() const override { return link_; }
    void reconnect(const std::string&) override {
        if (link_.connected) broker_.hang_up(self_);
    }

    void up();
    void down();
    void answered(const std::function<void(Status)>& answer, const Status& status) {
        if (in_flight_ > 0) --in_flight_;
        if (answer) answer(status);
    }
    void offer(const Message& message) {
        const bool wanted = std::ranges::any_of(
            filters_, [&](const auto& filter) { return topic_matches(filter, message.topic); });
        if (wanted && link_.connected && message_handler_) message_handler_(message);
    }
    [[nodiscard]] const std::optional<Message>& will() const { return will_; }
    [[nodiscard]] std::weak_ptr<Client*> self() const { return self_; }
    [[nodiscard]] std::uint64_t connection() const { return connection_; }

private:
    FakeBroker& broker_;
    std::shared_ptr<Client*> self_ = std::make_shared<Client*>(this);
    std::function<void(const Link&)> link_handler_;
    std::function<void(const Message&)> message_handler_;
    std::vector<std::string> filters_;
    std::optional<Message> will_;
    Link link_;
    std::size_t in_flight_ = 0;
    std::uint64_t connection_ = 0;
};

Status FakeBroker::Client::publish(Message message, std::function<void(Status)> answer) {
    if (!link_.connected) return unavailable("not connected");
    if (message.payload.size() + message.topic.size() > link_.packet_bytes_max)
        return malformed("longer than the broker allows");
    if (in_flight_ >= link_.in_flight_max) return full("the window is full");
    ++in_flight_;
    ++broker_.published_;
    broker_.on_the_way_.push_back({std::move(message), self_, std::move(answer), connection_});
    return {};
}

void FakeBroker::Client::up() {
    ++connection_;
    ++broker_.connects_;
    link_ = {.connected = true,
             .packet_bytes_max = broker_.packet_bytes_max,
             .in_flight_max = broker_.in_flight_max,
             .retains = broker_.retains};
    if (link_handler_) link_handler_(link_);
}

void FakeBroker::Client::down() {
    if (!link_.connected) return;
    link_ = {.reason = "the broker died"};
    in_flight_ = 0;
    if (link_handler_) link_handler_(link_);
}

std::unique_ptr<Transport> FakeBroker::client() { return std::make_unique<Client>(*this); }

void FakeBroker::attach(Client& client) {
    clients_.push_back(client.self());
    coming_up_.push_back(client.self());
}

void FakeBroker::deliver(const Message& message) {
    // Who is there hears it as new: only who comes later gets it marked as retained.
    const Message fresh{message.topic, message.payload, false};
    const auto clients = clients_;  // a handler may add one
    for (const auto& weak : clients)
        if (const auto client = weak.lock()) (*client)->offer(fresh);
}

bool FakeBroker::run_one() {
    std::erase_if(clients_, [](const auto& client) { return client.expired(); });
    if (!coming_up_.empty()) {
        const auto client = coming_up_.front().lock();
        coming_up_.pop_front();
        if (!client) return true;
        (*client)->up();
        for (const auto& [topic, message] : retained_) (*client)->offer(message);
        return true;
    }
    if (on_the_way_.empty() || black_hole) return false;
    const std::size_t drawn = random_() % std::min(weather.shuffled, on_the_way_.size());
    const auto chosen = on_the_way_.begin() + static_cast<std::ptrdiff_t>(drawn);
    OnTheWay next = std::move(*chosen);
    on_the_way_.erase(chosen);
    if (weather.delayed_permille > 0 && chance(weather.delayed_permille))
        on_the_way_.push_back(std::move(next));
    else
        pass_on(next);
    return true;
}

void FakeBroker::pass_on(const OnTheWay& next) {
    const auto from = next.from.lock();
    const bool here = from && (*from)->connection() == next.link;
    const bool unwanted =
        (next.message.retained && !retains) || (hangs_up_on && hangs_up_on(next.message));
    if (unwanted) return here ? hang_up(next.from) : void();
    if (const auto why = refuses ? refuses(next.message) : std::nullopt) {
        if (here) (*from)->answered(next.answer, *why);
        return;
    }
    const bool lost = chance(weather.lost_permille);
    const bool twice = chance(weather.doubled_permille);
    if (!lost) {
        deliver(next.message);
        if (twice) deliver(next.message);
        if (next.message.retained)
            retained_[next.message.topic] = {next.message.topic, next.message.payload, true};
    }
    if (here) (*from)->answered(next.answer, {});
}

// What the client had under way is answered; what the broker has taken travels on.
void FakeBroker::hang_up(const std::weak_ptr<Client*>& client) {
    const auto one = client.lock();
    if (!one || !(*one)->link().connected) return;
    std::vector<std::function<void(Status)>> answers;
    for (auto& message : on_the_way_)
        if (message.from.lock() == one && message.answer)
            answers.push_back(std::exchange(message.answer, nullptr));
    (*one)->down();
    coming_up_.push_back(client);
    for (const auto& answer : answers) answer(unavailable("the link was lost"));
}

void FakeBroker::restart() {
    const auto lost = std::exchange(on_the_way_, {});
    retained_.clear();
    const auto clients = clients_;
    for (const auto& weak : clients) {
        const auto client = weak.lock();
        if (!client || !(*client)->link().connected) continue;
        (*client)->down();
        coming_up_.push_back(weak);
    }
    for (const auto& message : lost)
        if (const auto from = message.from.lock(); from && message.answer)
            message.answer(unavailable("the broker died"));
}

}  // namespace aisle::kit
