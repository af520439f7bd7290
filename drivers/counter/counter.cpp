#include "drivers/counter/counter.hpp"

#include <algorithm>
#include <utility>

namespace aisle::counter {
namespace {

constexpr milliseconds kWatchMin{1'000};
constexpr std::ptrdiff_t kProblemsToldMax = 10;  // of one package; the others are only counted

// Half-open, so that even a moment has a length.
WallTime end_of(WallTime from, WallTime to) { return std::max(to, from + milliseconds{1}); }

// The bounds of count_mapping.hpp keep the sums within 32 bits.
Reading count_reading(const CounterSource& source, const MappedCount& count) {
    CountReading reading;
    reading.source = source.name;
    reading.id = count.id;
    reading.door = count.door;
    reading.from = count.from;
    reading.to = end_of(count.from, count.to);
    reading.in = static_cast<std::int32_t>(count.in);
    reading.out = static_cast<std::int32_t>(count.out);
    return {.body = std::move(reading), .position = std::nullopt};
}

// A clock without a zone orders reports as well as any.
Totals totals_of(const MappedCount& count) {
    return {.in = count.in,
            .out = count.out,
            .at = count.sensor_clock.value_or(count.to),
            .timed = count.timed || count.sensor_clock.has_value()};
}

}  // namespace

// One payload on its way: answered when all that was taken of it has been.
struct Counter::Package {
    Receipt receipt;
    ReceiptAnswer answer;      // may be empty
    std::string origin;        // topic or path
    std::string_view payload;  // good only while the package is being taken
    std::size_t waiting = 1;   // the taking itself
    std::size_t refused = 0;   // by the sink
    bool repeatable = true;    // nothing was taken that would count again
    std::optional<Error> failed;

    void settle() {
        if (--waiting > 0 || !answer) return;
        if (failed) return answer(*failed);
        if (refused > 0 && repeatable)
            return answer(full("counter: no room for all of the package"));
        receipt.dropped = refused;
        answer(receipt);
    }
};

// Every channel that is configured exists from the start: a sensor that never reports is missed
// too.
Counter::Counter(CounterSettings settings, runtime::Executor& loop, Sink& sink,
                 runtime::Metrics& metrics)
    : loop_{loop}, sink_{sink}, metrics_{metrics} {
    for (auto& how : settings.sources) {
        Source source{.how = std::move(how), .channels = {}, .watch = {}};
        source.how.kind = kind_of(source.how.format, source.how.kind);
        for (const auto& [name, door] : source.how.doors) {
            source.channels.try_emplace(name, Channel{.door = door, .promised = true});
        }
        if (!source.how.door.empty()) {
            const bool told = source.how.format != CountFormat::Generic ||
                              !source.how.fields.door.empty();  // by the sensor, which door it is
            const bool only = !told || source.how.doors.empty();
            source.channels.try_emplace(source.how.door.value,
                                        Channel{.door = source.how.door, .promised = only});
        }
        sources_.push_back(std::move(source));
    }
}

// A channel that is no longer configured has no one to miss it; its totals are forgotten with it.
void Counter::restore(std::span<const SourcePosition> positions) {
    for (const auto& position : positions) {
        Source* source = find(position.source);
        if (source == nullptr) continue;
        const auto channel = source->channels.find(position.item);
        if (channel != source->channels.end())
            channel->second.totals = totals_from(position.position);
    }
}

// Silence counts from the start: what came before it, the agent cannot know.
void Counter::start() {
    running_ = true;
    const Stamp now = loop_.clock().now();
    for (auto& source : sources_) {
        for (auto& [name, channel] : source.channels) channel.heard = now;
        if (source.how.report_every <= milliseconds{0}) continue;
        source.watch = runtime::every(loop_, std::max(source.how.report_every, kWatchMin),
                                      [this, &source] { look_for_silence(source); });
    }
}

void Counter::stop() {
    running_ = false;
    for (auto& source : sources_) source.watch.cancel();
}

std::vector<std::string> Counter::filters() const {
    std::vector<std::string> filters;
    for (const auto& source : sources_) {
        const auto& filter = source.how.filter;
        if (filter.empty() || std::ranges::find(filters, filter) != filters.end()) continue;
        filters.push_back(filter);
    }
    return filters;
}

bool Counter::serves_http(std::string_view source) const {
    const auto named = [&](const Source& other) {
        return other.how.http && other.how.name == source;
    };
    return std::ranges::any_of(sources_, named);
}

Counter::Source* Counter::find(std::string_view name) {
    const auto found = std::ranges::find(
        sources_, name, [](const Source& source) { return std::string_view{source.how.name}; });
    return found == sources_.end() ? nullptr : &*found;
}

// Several sources may listen to one topic: a sensor with several lines, each with its own mapping.
bool Counter::handle(const Message& message) {
    bool ours = false;
    for (auto& source : sources_) {
        if (source.how.filter.empty() || !topic_matches(source.how.filter, message.topic)) continue;
        ours = true;
        if (!running_) continue;
        // A retained event is an old one; intervals and totals know by themselves whether they are
        // new.
        if (message.retained && source.how.kind == CountKind::Event) {
            count_package("retained");
            continue;
        }
        auto package = std::make_shared<Package>();
        package->origin = message.topic;
        package->payload = message.payload;
        const auto mapped = map_counts(source.how, message.payload, loop_.clock().now().wall);
        if (mapped) {
            take(source, *mapped, package);
            continue;
        }
        count_package("malformed");
        quarantine({.source = source.how.name,
                    .reason = "schema",
                    .detail = mapped.error().detail,
                    .origin = message.topic,
                    .byte_to = static_cast<std::int64_t>(message.payload.size()),
                    .at = loop_.clock().now(),
                    .payload = message.payload.substr(0, kQuarantinePayloadMax)});
    }
    return ours;
}

// The sender still has what it sent, so a body that is useless is its problem: nothing goes to
// quarantine.
void Counter::receive(std::string_view name, std::string_view payload, ReceiptAnswer answer) {
    Source* source = find(name);
    if (source == nullptr || !running_) return answer(unavailable("counter: no such source now"));
    const auto mapped = map_counts(source->how, payload, loop_.clock().now().wall);
    const bool useless = mapped && mapped->counts.empty() && !mapped->problems.empty();
    if (!mapped || useless) {
        count_package("malformed");
        return answer(malformed(useless ? mapped->problems.front().detail : mapped.error().detail));
    }
    auto package = std::make_shared<Package>();
    package->origin = "/api/v1/counts/" + source->how.name;
    package->payload = payload;
    package->answer = std::move(answer);
    take(*source, *mapped, package);
}

// Problems first, so that they are kept even where the sink is full of counts a moment later.
void Counter::take(Source& source, const MappedPackage& mapped,
                   const std::shared_ptr<Package>& package) {
    count_package("read");
    count_records("left_out", mapped.left_out);
    count_records("rejected", mapped.problems.size());
    package->receipt.rejected = mapped.problems.size();
    for (const auto& problem : mapped.problems) {
        if (&problem - mapped.problems.data() == kProblemsToldMax) break;
        const bool first = &problem == mapped.problems.data();  // one copy of the payload is enough
        quarantine({.source = source.how.name,
                    .reason = problem.reason,
                    .detail = "record " + std::to_string(problem.record) + ": " + problem.detail,
                    .origin = package->origin,
                    .byte_to = static_cast<std::int64_t>(package->payload.size()),
                    .at = loop_.clock().now(),
                    .payload = std::string{first ? package->payload.substr(0, kQuarantinePayloadMax)
                                                 : std::string_view{}}});
    }
    for (const auto& count : mapped.counts) {
        source.how.kind == CountKind::Cumulative ? take_totals(source, count, package)
                                                 : take_count(source, count, package);
    }
    package->settle();
}

void Counter::take_count(Source& source, const MappedCount& count,
                         const std::shared_ptr<Package>& package) {
    heard(source, count);
    hand_over(count_reading(source.how, count), !count.id.empty(), package);
}

// The totals move only when the sink has taken the difference: what it refuses is part of the next
// one.
void Counter::take_totals(Source& source, const MappedCount& count,
                          const std::shared_ptr<Package>& package) {
    Channel& channel = heard(source, count);
    const Totals now = totals_of(count);
    Growth grown = growth(channel.totals, now);
    if (grown.step == Step::Same) return;
    if (grown.step == Step::Stale) return take_late_totals(source, channel, count, package);
    if (grown.step == Step::Reset) {
        metrics_.counter("aisle_counter_resets_total", "Cumulative sensors that began again").add();
    }
    Reading reading{
        .body = PositionReading{},
        .position = SourcePosition{
            .source = source.how.name, .item = count.channel, .position = to_position(now)}};
    if (std::max(grown.in, grown.out) > kCountMax) {
        quarantine({.source = source.how.name,
                    .reason = "limit",
                    .detail = "totals have grown beyond belief",
                    .origin = package->origin,
                    .at = loop_.clock().now(),
                    .payload = {}});
    } else if (grown.step != Step::First) {
        MappedCount difference = count;
        if (!count.sensor_clock) difference.from = std::min(channel.totals->at, now.at);
        difference.in = grown.in;
        difference.out = grown.out;
        difference.id = count.channel + "/" + to_position(*channel.totals) + ">" + to_position(now);
        reading.body = std::move(count_reading(source.how, difference).body);
    }
    if (!hand_over(std::move(reading), true, package)) return;
    if (grown.step == Step::Reset) {
        channel.before_reset = channel.totals;
        channel.reset_at = now.at;
    }
    channel.totals = now;
}

// An older report adds something only when it tells how far the totals had come before a reset that
// we have seen. The stored position stays where it is: after a restart such a report is just stale.
void Counter::take_late_totals(Source& source, Channel& channel, const MappedCount& count,
                               const std::shared_ptr<Package>& package) {
    const Totals late = totals_of(count);
    const auto& before = channel.before_reset;
    const bool of_before =
        before && late.timed && before->timed && late.at > before->at && late.at < channel.reset_at;
    const Growth grown = of_before ? growth(before, late) : Growth{.step = Step::Stale};
    if (grown.step != Step::Counted || std::max(grown.in, grown.out) > kCountMax) {
        return count_records("stale");
    }
    MappedCount difference = count;
    difference.in = grown.in;
    difference.out = grown.out;
    difference.id = count.channel + "/" + to_position(*before) + ">" + to_position(late);
    if (hand_over(count_reading(source.how, difference), true, package)) {
        channel.before_reset = late;
    }
}

// The package waits for each reading that was taken. A sink may answer before accept() returns.
bool Counter::hand_over(Reading reading, bool repeatable, const std::shared_ptr<Package>& package) {
    const bool counts = std::holds_alternative<CountReading>(reading.body);
    Answer answer;
    if (package->answer) {
        answer = [package, counts](const Result<Accepted>& accepted) {
            if (!accepted) {
                package->failed = accepted.error();
            } else if (counts) {
                ++package->receipt.counted;
                if (accepted->duplicate) ++package->receipt.duplicates;
            }
            package->settle();
        };
    }
    ++package->waiting;  // before: an inline sink may answer at once
    const bool taken = sink_.accept(std::move(reading), std::move(answer)).has_value();
    if (!taken || !package->answer) --package->waiting;
    if (!taken) ++package->refused;
    if (taken && !repeatable) package->repeatable = false;
    if (counts || !taken) count_records(taken ? "counted" : "refused");
    return taken;
}

void Counter::quarantine(Quarantined item) {
    const Status taken =
        sink_.accept({.body = RejectedReading{std::move(item)}, .position = std::nullopt}, {});
    if (!taken) count_records("refused");
}

// Any report ends the silence, even one that counts nobody.
Counter::Channel& Counter::heard(Source& source, const MappedCount& count) {
    Channel& channel = source.channels[count.channel];
    channel.door = count.door;
    const Stamp now = loop_.clock().now();
    if (channel.blind_to) {
        tell_blindness(channel, now);
        channel.blind_to.reset();
    }
    channel.heard = now;
    return channel;
}

// By monotonic time: a wall clock that jumps must not make a door blind.
void Counter::look_for_silence(Source& source) {
    const Stamp now = loop_.clock().now();
    for (auto& [name, channel] : source.channels) {
        if (now.mono - channel.heard.mono >= 2 * source.how.report_every)
            tell_blindness(channel, now);
    }
}

// Told piece by piece while the silence lasts; a piece that the sink refuses is part of the next
// one.
bool Counter::tell_blindness(Channel& channel, const Stamp& now) {
    const WallTime from = channel.blind_to.value_or(channel.heard.wall);
    if (from >= now.wall) return false;
    Blindness blindness{.door = channel.door, .from = from, .to = now.wall, .reason = "silent"};
    const Status taken = sink_.accept({.body = std::move(blindness), .position = std::nullopt}, {});
    channel.blind_to = taken ? now.wall : from;
    return taken.has_value();
}

void Counter::count_package(std::string_view outcome) {
    metrics_
        .counter("aisle_counter_packages_total", "Packages of door sensors",
                 {{"outcome", std::string{outcome}}})
        .add();
}

void Counter::count_records(std::string_view outcome, std::size_t n) {
    if (n == 0) return;
    metrics_
        .counter("aisle_counter_records_total", "Records of door sensors",
                 {{"outcome", std::string{outcome}}})
        .add(static_cast<double>(n));
}

}  // namespace aisle::counter
