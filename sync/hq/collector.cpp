#include "sync/hq/collector.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "agent/runtime/log.hpp"
#include "sync/wire/topics.hpp"

namespace aisle::hq {
namespace {

constexpr milliseconds kTryAgain{1'000};  // after a commit that failed
constexpr std::size_t kStoresMax =
    100'000;  // presence is kept for so many; beyond, only their records are

struct Counts {
    runtime::Counter& batches;
    runtime::Counter& rows;
    runtime::Counter& repeated;
    runtime::Counter& refused;
    runtime::Counter& forks;
    runtime::Counter& quarantined;
    runtime::Counter& dropped;
    runtime::Counter& commits;
    runtime::Counter& failures;
    runtime::Gauge& queue;

    static Counts in(runtime::Metrics& metrics) {
        return {
            metrics.counter("aisle_hq_batches_total", "Batches that arrived"),
            metrics.counter("aisle_hq_rows_total", "Records committed"),
            metrics.counter("aisle_hq_repeated_total", "Batches that brought nothing new"),
            metrics.counter("aisle_hq_refused_total", "Batches answered with NACK or fork"),
            metrics.counter("aisle_hq_forks_total", "ALARM: batches that contradict the store"),
            metrics.counter("aisle_hq_quarantined_total", "Batches that could not be read"),
            metrics.counter("aisle_hq_dropped_total", "Batches dropped because the queue was full"),
            metrics.counter("aisle_hq_commits_total", "Transactions"),
            metrics.counter("aisle_hq_commit_failures_total", "Transactions that failed"),
            metrics.gauge("aisle_hq_queue_batches", "Batches that wait for the storage thread")};
    }
};

}  // namespace

struct Collector::Core {
    explicit Core(const Parts& given) : parts{given}, counts{Counts::in(given.metrics)} {}

    void start();
    void on_message(const Message& message);
    void on_state(const std::string& store, const Message& message);
    Presence* presence_of(const std::string& store);
    void feed();
    void committed(Result<Applied> applied, std::vector<Inbound> given);
    void give_back(std::vector<Inbound> rest);
    void say_answers();

    Parts parts;
    Counts counts;
    std::deque<Inbound> queue;
    bool busy = false;  // the storage thread has a job of ours
    std::map<std::string, Presence> presence;
    std::map<std::pair<std::string, std::string>, Answer>
        unsaid;  // by topic, and epoch with stream
    runtime::TimerHandle again;
    // Tasks that come back from the storage thread after we have gone find this empty.
    std::shared_ptr<Core*> self = std::make_shared<Core*>(this);
};

void Collector::Core::start() {
    parts.transport.on_message([this](const Message& message) { on_message(message); });
    parts.transport.on_link([this](const Link&) { say_answers(); });
    parts.transport.subscribe(std::string{wire::kEveryUp});
    parts.transport.subscribe(std::string{wire::kEveryState});
    parts.transport.start();
}

Presence* Collector::Core::presence_of(const std::string& store) {
    if (presence.size() >= kStoresMax && !presence.contains(store)) return nullptr;
    return &presence[store];
}

void Collector::Core::on_message(const Message& message) {
    const auto topic = wire::parse_topic(message.topic);
    if (!topic) return;
    if (topic->channel == wire::Channel::State) return on_state(topic->store.value, message);
    if (topic->channel != wire::Channel::Up) return;
    counts.batches.add();
    if (auto* one = presence_of(topic->store.value)) one->heard = parts.loop.clock().now().wall;
    if (queue.size() >= kQueueBatchesMax) return counts.dropped.add();
    queue.push_back({message.topic, message.payload, parts.loop.clock().now().wall});
    feed();
}

void Collector::Core::on_state(const std::string& store, const Message& message) {
    auto state = wire::parse_state(message.payload);
    auto* one = presence_of(store);
    if (!state || one == nullptr) return;
    one->alive = state->alive;
    // A retained message may be old: it says how it was, not that we heard of the store now.
    if (!message.retained) one->heard = parts.loop.clock().now().wall;
    if (state->alive) one->birth = std::move(*state);
}

// One job at a time: what gathers meanwhile is the next transaction, so the load itself decides how
// much goes into one.
void Collector::Core::feed() {
    counts.queue.set(static_cast<double>(queue.size()));
    if (busy || queue.empty()) return;
    constexpr std::size_t kJobMax = 16;
    std::vector<Inbound> job;
    while (!queue.empty() && job.size() < kJobMax) {
        job.push_back(std::move(queue.front()));
        queue.pop_front();
    }
    busy = true;
    auto shared = std::make_shared<std::vector<Inbound>>(std::move(job));
    const bool taken = parts.storage(
        [weak = std::weak_ptr{self}, shared, store = &parts.store, loop = &parts.loop] {
            auto applied = store->apply(*shared, loop->clock());
            loop->post([weak, shared, applied = std::move(applied)]() mutable {
                if (const auto core = weak.lock())
                    (*core)->committed(std::move(applied), std::move(*shared));
            });
        });
    if (taken) return;
    busy = false;
    give_back(std::move(*shared));
    again = parts.loop.after(kTryAgain, [this] { feed(); });
}

void Collector::Core::give_back(std::vector<Inbound> rest) {
    queue.insert(queue.begin(), std::make_move_iterator(rest.begin()),
                 std::make_move_iterator(rest.end()));
}

void Collector::Core::committed(Result<Applied> applied, std::vector<Inbound> given) {
    if (!applied) {
        counts.failures.add();
        log::error("hq.commit_failed", {{"why", applied.error().detail}});
        give_back(std::move(given));
        again = parts.loop.after(kTryAgain, [this] {
            busy = false;
            feed();
        });
        return;
    }
    busy = false;
    counts.commits.add();
    counts.rows.add(static_cast<double>(applied->rows));
    counts.repeated.add(static_cast<double>(applied->repeated));
    counts.refused.add(static_cast<double>(applied->refused));
    counts.quarantined.add(static_cast<double>(applied->quarantined));
    if (applied->forks > 0) {
        counts.forks.add(static_cast<double>(applied->forks));
        log::error("hq.fork", {{"batches", applied->forks}});
    }
    given.erase(given.begin(), given.begin() + static_cast<std::ptrdiff_t>(applied->consumed));
    give_back(std::move(given));
    for (auto& answer : applied->answers) {
        const std::string topic = wire::to_text({answer.store, wire::Channel::Ack});
        const std::string stream = answer.ack.epoch + std::string{to_text(answer.ack.stream)};
        unsaid[{topic, stream}] = std::move(answer);
    }
    feed();
    say_answers();
}

// What does not fit into the window waits, and a later answer on the same stream takes its place.
// With the link down all is forgotten: the stores send again what was not acknowledged.
void Collector::Core::say_answers() {
    if (!parts.transport.link().connected) return unsaid.clear();
    while (!unsaid.empty()) {
        const auto first = unsaid.begin();
        Message message{.topic = first->first.first, .payload = wire::to_json(first->second.ack)};
        const auto said = parts.transport.publish(std::move(message),
                                                  [weak = std::weak_ptr{self}](const Status&) {
                                                      if (const auto core = weak.lock())
                                                          (*core)->say_answers();
                                                  });
        if (!said) return;
        unsaid.erase(first);
    }
}

Collector::Collector(Parts parts) : core_{std::make_unique<Core>(parts)} {}
Collector::~Collector() = default;

void Collector::start() { core_->start(); }
void Collector::stop(std::function<void()> done) { core_->parts.transport.stop(std::move(done)); }
bool Collector::connected() const { return core_->parts.transport.link().connected; }
const std::map<std::string, Presence>& Collector::presence() const { return core_->presence; }

}  // namespace aisle::hq
