#include "sync/hq/collector.hpp"

#include <algorithm>
#include <deque>
#include <set>
#include <utility>
#include <vector>

#include "agent/runtime/log.hpp"
#include "sync/hq/collector_counts.hpp"
#include "sync/hq/credit.hpp"
#include "sync/hq/presence_book.hpp"
#include "sync/wire/guard.hpp"
#include "sync/wire/topics.hpp"

namespace aisle::hq {
namespace {

constexpr milliseconds kTryAgain{1'000};  // after a commit that failed
constexpr std::size_t kJobBatchesMax = 16;
constexpr std::size_t kPresenceRowsMax = 1'000;  // in one transaction

}  // namespace

struct Collector::Core {
    Core(const Parts& given, CollectorSettings with)
        : parts{given},
          settings{with},
          counts{CollectorCounts::in(given.metrics)},
          credit{with.credit_bytes_s} {}

    void start();
    void serve(std::span<const unsigned> partitions);
    void on_message(const Message& message);
    void on_batch(const std::string& store, const Message& message);
    void on_state(const std::string& store, const Message& message);
    void feed();
    void committed(Result<Applied> applied, std::vector<Inbound> given);
    void note(const Applied& applied);
    void alarm(const std::string& store, const std::string& kind, const std::string& detail);
    void give_back(std::vector<Inbound> rest);
    void say_answers();
    void read_presence();
    void write_presence();
    void forget_unserved();
    [[nodiscard]] bool serves(const StoreId& store) const;
    [[nodiscard]] Stamp now() const { return parts.loop.clock().now(); }

    Parts parts;
    CollectorSettings settings;
    CollectorCounts counts;
    Credit credit;
    std::function<void(const std::string&, const Presence&)> tell_presence;
    std::function<void()> tell_notice;
    bool all_partitions = true;
    std::set<unsigned> served;
    bool started = false;
    std::deque<Inbound> queue;
    bool busy = false;  // the storage thread has a job of ours
    PresenceBook book;
    std::map<std::pair<std::string, std::string>, Answer>
        unsaid;  // by topic, and epoch with stream
    runtime::TimerHandle again;
    runtime::TimerHandle writing;
    // Tasks that come back from the storage thread after we have gone find this empty.
    std::shared_ptr<Core*> self = std::make_shared<Core*>(this);
};

namespace {

std::string part_filter(unsigned part, std::string_view tail) {
    const std::string digits{static_cast<char>('0' + part / 10),
                             static_cast<char>('0' + part % 10)};
    return "aisle/v1/" + digits + std::string{tail};
}

constexpr std::string_view kUpTail = "/+/up/+";
constexpr std::string_view kStateTail = "/+/state";

}  // namespace

void Collector::Core::start() {
    parts.transport.on_message([this](const Message& message) { on_message(message); });
    parts.transport.on_link([this](const Link&) { say_answers(); });
    if (all_partitions) {
        parts.transport.subscribe(std::string{wire::kEveryUp});
        parts.transport.subscribe(std::string{wire::kEveryState});
    }
    started = true;
    read_presence();
    parts.transport.start();
    writing = runtime::every(parts.loop, settings.presence_every, [this] { write_presence(); });
}

bool Collector::Core::serves(const StoreId& store) const {
    return all_partitions || served.contains(wire::partition_of(store));
}

void Collector::Core::serve(std::span<const unsigned> partitions) {
    const std::set<unsigned> wanted{partitions.begin(), partitions.end()};
    if (all_partitions && started) {
        parts.transport.unsubscribe(std::string{wire::kEveryUp});
        parts.transport.unsubscribe(std::string{wire::kEveryState});
    }
    all_partitions = false;
    const auto before = std::exchange(served, wanted);
    for (const unsigned part : wanted) {
        if (before.contains(part)) continue;
        parts.transport.subscribe(part_filter(part, kUpTail));
        parts.transport.subscribe(part_filter(part, kStateTail));
    }
    for (const unsigned part : before) {
        if (wanted.contains(part)) continue;
        parts.transport.unsubscribe(part_filter(part, kUpTail));
        parts.transport.unsubscribe(part_filter(part, kStateTail));
    }
    forget_unserved();
    if (started) read_presence();
}

void Collector::Core::forget_unserved() {
    std::erase_if(queue, [this](const Inbound& inbound) {
        const auto topic = wire::parse_topic(inbound.topic);
        return !topic || !serves(topic->store);
    });
    std::erase_if(unsaid, [this](const auto& answer) { return !serves(answer.second.store); });
    book.forget([this](const std::string& store) { return !serves(StoreId{store}); });
}

void Collector::Core::on_message(const Message& message) {
    const auto topic = wire::parse_topic(message.topic);
    if (!topic || !serves(topic->store)) return;
    if (topic->channel == wire::Channel::State) return on_state(topic->store.value, message);
    if (topic->channel == wire::Channel::Up) on_batch(topic->store.value, message);
}

void Collector::Core::on_batch(const std::string& store, const Message& message) {
    const Stamp at = now();
    counts.batches.add();
    if (auto* one = book.of(store)) one->heard = at.wall;
    credit.arrived(store, at.mono);
    if (queue.size() >= kQueueBatchesMax) return counts.dropped.add();
    queue.push_back({message.topic, message.payload, at.wall});
    feed();
}

void Collector::Core::on_state(const std::string& store, const Message& message) {
    // Another run or epoch in it would raise alarms about a device that does not exist.
    if (!wire::intact(message.topic, message.payload)) return counts.damaged.add();
    const Heard heard = book.take(store, message, now().wall);
    if (heard == Heard::Nothing) return;
    const auto& presence = book.all().at(store);
    if (heard == Heard::TwoDevices)
        alarm(store, "two_devices", presence.birth.run + " " + presence.earlier.front().id);
    if (tell_presence) tell_presence(store, presence);
}

void Collector::Core::alarm(const std::string& store, const std::string& kind,
                            const std::string& detail) {
    counts.alarm(kind);
    log::error("hq.alarm", {{"kind", kind}, {"store", store}, {"detail", detail}});
    book.alarm(store, kind, detail, now().wall);
}

// One job at a time: what gathers meanwhile is the next transaction, so the load itself decides how
// much goes into one.
void Collector::Core::feed() {
    counts.queue.set(static_cast<double>(queue.size()));
    if (busy || queue.empty()) return;
    std::vector<Inbound> job;
    while (!queue.empty() && job.size() < kJobBatchesMax) {
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
    given.erase(given.begin(), given.begin() + static_cast<std::ptrdiff_t>(applied->consumed));
    give_back(std::move(given));
    note(*applied);
    const std::int64_t credit_bytes_s = credit.share(queue.size(), now().mono);
    for (auto& answer : applied->answers) {
        if (!serves(answer.store)) continue;
        answer.ack.credit_bytes_s = credit_bytes_s;
        const std::string topic = wire::to_text({answer.store, wire::Channel::Ack});
        const std::string stream = answer.ack.epoch + std::string{to_text(answer.ack.stream)};
        unsaid[{topic, stream}] = std::move(answer);
    }
    feed();
    say_answers();
    if (applied->notices > 0 && tell_notice) tell_notice();
}

void Collector::Core::note(const Applied& applied) {
    counts.applied(applied);
    credit.committed(applied.bytes, now().mono);
    for (const auto& one : applied.alarms) alarm(one.store, one.kind, one.detail);
}

// What does not fit into the window waits, and a later answer on the same stream takes its place.
// With the link down all is forgotten: the stores send again what was not acknowledged.
void Collector::Core::say_answers() {
    if (!parts.transport.link().connected) return unsaid.clear();
    while (!unsaid.empty()) {
        const auto first = unsaid.begin();
        const std::string& topic = first->first.first;
        Message message{.topic = topic,
                        .payload = wire::guarded(topic, wire::to_json(first->second.ack))};
        const auto said = parts.transport.publish(std::move(message),
                                                  [weak = std::weak_ptr{self}](const Status&) {
                                                      if (const auto core = weak.lock())
                                                          (*core)->say_answers();
                                                  });
        if (!said) return;
        unsaid.erase(first);
    }
}

void Collector::Core::read_presence() {
    const bool taken =
        parts.storage([weak = std::weak_ptr{self}, store = &parts.store, loop = &parts.loop] {
            auto rows = store->read_state(PresenceBook::kRoom);
            loop->post([weak, rows = std::move(rows)] {
                const auto core = weak.lock();
                if (!core || !rows) return;
                (*core)->book.restore(*rows);
                (*core)->forget_unserved();
            });
        });
    if (!taken) log::warn("hq.presence_unread");
}

// A write that fails is not repeated: what is heard next is written again.
void Collector::Core::write_presence() {
    auto rows = std::make_shared<std::vector<StateChange>>(book.unwritten(kPresenceRowsMax));
    if (rows->empty()) return;
    const bool taken = parts.storage([rows, store = &parts.store] {
        if (const auto done = store->write_state(*rows); !done)
            log::warn("hq.presence_unwritten", {{"why", done.error().detail}});
    });
    if (!taken) log::warn("hq.presence_unwritten", {{"why", "the storage thread is busy"}});
}

Collector::Collector(Parts parts, CollectorSettings settings)
    : core_{std::make_unique<Core>(parts, settings)} {}
Collector::~Collector() = default;

void Collector::on_presence(
    std::function<void(const std::string& store, const Presence&)> handler) {
    core_->tell_presence = std::move(handler);
}
void Collector::on_notice(std::function<void()> handler) {
    core_->tell_notice = std::move(handler);
}
void Collector::serve(std::span<const unsigned> partitions) { core_->serve(partitions); }
void Collector::start() { core_->start(); }
void Collector::stop(std::function<void()> done) {
    core_->writing.cancel();
    core_->write_presence();
    core_->parts.transport.stop(std::move(done));
}
Status Collector::publish(Message message, std::function<void(Status)> answer) {
    return core_->parts.transport.publish(std::move(message), std::move(answer));
}
bool Collector::connected() const { return core_->parts.transport.link().connected; }
const std::map<std::string, Presence>& Collector::presence() const { return core_->book.all(); }

}  // namespace aisle::hq
