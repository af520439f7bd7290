#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "scripted_hq.hpp"

// HQ's rule as docs/sync-protocol.md tells it, in memory: what it has committed, its answers, and
// backups of itself that it can be thrown back to.
namespace aisle::uplink {

class ModelHq {
public:
    ModelHq(kit::FakeBroker& broker, const runtime::ManualClock& clock)
        : link_{broker.client()}, clock_{clock} {
        link_->subscribe(std::string{wire::kEveryUp});
        link_->on_message([this](const Message& message) { hear(message); });
        link_->start();
    }

    void hear(const Message& message) {
        const auto topic = wire::parse_topic(message.topic);
        const auto batch = wire::open_batch(message.payload);
        if (away || !topic || !batch) return;
        answer(topic->store, batch->header, judge(batch->header, batch->lines));
    }
    // Bodies that are at HQ, gaps left out. A record that came under two epochs is one.
    [[nodiscard]] std::multiset<std::string> bodies(Stream stream) const {
        std::multiset<std::string> all;
        for (const auto& [place, line] : state_.lines) {
            const bool gap = line.find("\"kind\":\"gap\"") != std::string::npos;
            if (place.stream == stream && !gap && !is_known_elsewhere(place, line))
                all.insert(line.substr(line.find("\"body\":")));
        }
        return all;
    }
    [[nodiscard]] std::vector<std::string> lines(Stream stream) const {
        std::vector<std::string> all;
        for (const auto& [place, line] : state_.lines)
            if (place.stream == stream) all.push_back(line);
        return all;
    }

    void back_up() { backup_ = state_; }
    void restore() { state_ = backup_; }

    bool away = false;
    std::int64_t credit_bytes_s = 0;
    int forks = 0;
    int nacks = 0;

private:
    struct Place {
        std::string epoch;
        Stream stream = Stream::Ledger;
        std::int64_t seq = 0;
        friend auto operator<=>(const Place&, const Place&) = default;
    };
    struct Mark {
        std::int64_t next = 1;
        std::string check;
    };
    struct State {
        std::map<std::pair<std::string, Stream>, Mark> marks;
        std::map<Place, std::string> lines;
    };

    static std::int64_t number(std::string_view line, std::string_view name) {
        const auto at = line.find(name);
        return at == std::string_view::npos ? 0 : std::atoll(line.data() + at + name.size());
    }
    [[nodiscard]] bool is_known_elsewhere(const Place& place, const std::string& line) const {
        const auto at = line.find("\"was\":{\"epoch\":\"");
        if (at == std::string::npos) return false;
        const Place before{line.substr(at + 16, 16), place.stream,
                           number(std::string_view{line}.substr(at), "\"seq\":")};
        return state_.lines.contains(before);
    }
    wire::AckKind judge(const wire::BatchHeader& header,
                        const std::vector<std::string_view>& lines) {
        Mark& mark = state_.marks[{header.epoch, header.stream}];
        if (header.last < mark.next) return wire::AckKind::Ack;
        if (header.first > mark.next) return ++nacks, wire::AckKind::Nack;
        std::string before = header.prev;
        std::size_t fresh = 0;
        if (header.first < mark.next) {
            while (fresh < lines.size() && number(lines[fresh], "{\"seq\":") < mark.next) ++fresh;
            before = fresh > 0 ? wire::check_of(lines[fresh - 1]) : "none";
        }
        const bool compared = header.first < mark.next || !before.empty() || mark.next == 1;
        if (compared && before != mark.check) return ++forks, wire::AckKind::Fork;
        for (std::size_t i = fresh; i < lines.size(); ++i)
            state_.lines[{header.epoch, header.stream, number(lines[i], "{\"seq\":")}] =
                std::string{lines[i]};
        mark = {header.last + 1, wire::check_of(lines.back())};
        return wire::AckKind::Ack;
    }
    void answer(const StoreId& store, const wire::BatchHeader& header, wire::AckKind kind) {
        const Mark& mark = state_.marks[{header.epoch, header.stream}];
        const wire::Ack ack{.kind = kind,
                            .epoch = header.epoch,
                            .stream = header.stream,
                            .next = mark.next,
                            .check = mark.check,
                            .credit_bytes_s = credit_bytes_s,
                            .now = clock_.now().wall};
        const auto topic = wire::to_text({store, wire::Channel::Ack});
        (void)link_->publish({.topic = topic, .payload = wire::guarded(topic, wire::to_json(ack))},
                             nullptr);
    }

    std::unique_ptr<Transport> link_;
    const runtime::ManualClock& clock_;
    State state_;
    State backup_;
};

// An uplink, a broker with its weather, and that HQ. Nothing else hears the batches.
struct ModelWorld {
    explicit ModelWorld(std::uint64_t seed, std::size_t rows_max = 500)
        : broker{seed}, random{seed}, batch_rows_max{rows_max} {
        start();
    }
    void start() {
        link = broker.client();
        uplink = make_uplink({.outbox = outbox,
                              .transport = *link,
                              .executor = loop,
                              .metrics = *metrics,
                              .random = [this] { return random(); }},
                             {.store = StoreId{"s-0001"},
                              .epoch = outbox.epoch(),
                              .batch_rows_max = batch_rows_max});
        uplink->start();
    }
    void restart() {
        outbox.forget_callers();
        uplink.reset();
        link.reset();
        start();
    }
    void add(Stream stream, int rows) {
        for (int i = 0; i < rows; ++i) {
            const std::string body = "{\"n\":" + std::to_string(++added) + "}";
            outbox.add(stream, body);
            bodies[stream].insert("\"body\":" + body + "}");
        }
        uplink->wake(stream, static_cast<std::size_t>(rows));
    }
    // A quarter of the time nothing is under way, and it goes by.
    void step() {
        loop.run_ready();
        if (!broker.run_one())
            loop.advance(milliseconds{50});
        else if (random() % 4 == 0)
            loop.advance(milliseconds{3});
    }
    void steps(int n) {
        for (int i = 0; i < n; ++i) step();
    }
    bool settle(minutes limit = minutes{30}) {
        const MonoTime end = clock.now().mono + limit;
        while (!outbox.empty() && clock.now().mono < end) step();
        return outbox.empty();
    }
    [[nodiscard]] double counted(const std::string& name, Stream stream = Stream::Ledger) const {
        return metrics->counter(name, "", {{"stream", std::string{to_text(stream)}}}).value();
    }

    runtime::ManualClock clock;
    runtime::InlineExecutor loop{clock};
    std::unique_ptr<runtime::Metrics> metrics = runtime::make_metrics();
    kit::FakeBroker broker;
    std::mt19937_64 random;
    std::size_t batch_rows_max;
    kit::ModelOutbox outbox{[this](std::function<void()> task) { loop.post(std::move(task)); }};
    ModelHq hq{broker, clock};
    std::unique_ptr<Transport> link;
    std::unique_ptr<Uplink> uplink;
    std::map<Stream, std::multiset<std::string>> bodies;
    int added = 0;
};

}  // namespace aisle::uplink
