#pragma once

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "agent/core/sink.hpp"
#include "agent/core/transport.hpp"
#include "agent/runtime/http.hpp"
#include "agent/runtime/metrics.hpp"
#include "drivers/counter/count_mapping.hpp"
#include "drivers/counter/totals.hpp"

namespace aisle::counter {

// What became of one package, told after the commit of all that was taken of it.
struct Receipt {
    std::size_t counted = 0;  // readings that are committed, duplicates included
    std::size_t duplicates = 0;
    std::size_t rejected = 0;  // records in quarantine
    std::size_t dropped =
        0;  // records without an id that the sink refused after it had taken others
};
using ReceiptAnswer = std::function<void(Result<Receipt>)>;

// Smart door sensors over MQTT and HTTP. On the loop thread. The composition root subscribes to
// filters() and brings messages to handle(), as for beacon::GatewayMqtt.
//
// The same package counts once: by CountReading::id for records that have an id, by [from, to) for
// intervals, by the last totals for cumulative sensors (stored as the reading's position, one item
// a door). Events without id cannot be told apart and count as often as they come.
//
// Counts aisle_counter_packages_total{outcome=read|malformed|retained},
// aisle_counter_records_total{outcome= counted|rejected|left_out|stale|refused} and
// aisle_counter_resets_total.
class Counter final : public Driver {
public:
    // All but `settings` must outlive the driver. Names of sources are unique.
    Counter(CounterSettings settings, runtime::Executor& loop, Sink& sink,
            runtime::Metrics& metrics);

    // Before start(): the stored positions of any sources; those of others are left alone.
    void restore(std::span<const SourcePosition> positions);

    void start() override;
    void stop() override;

    [[nodiscard]] std::vector<std::string> filters() const;
    // True if some source's filter matches. What cannot be read goes to quarantine.
    bool handle(const Message& message);

    // A package by another way. Malformed: nothing was taken and nothing quarantined, tell the
    // sender. Full: send it again. `answer` is called once, on the loop.
    void receive(std::string_view source, std::string_view payload, ReceiptAnswer answer);
    [[nodiscard]] bool serves_http(std::string_view source) const;

private:
    // One thing that is counted: a sensor's line, or a door where the sensor does not name it.
    struct Channel {
        DoorId door;
        bool promised = false;  // configured, and so missed when it is silent
        std::optional<Totals> totals;
        std::optional<Totals> before_reset;  // where they stood, for reports that come late
        WallTime reset_at{};                 // of the first report after it
        Stamp heard;                         // when it last reported
        std::optional<WallTime> blind_to;    // up to where its silence has been told
    };
    struct Source {
        CounterSource how;
        std::map<std::string, Channel> channels;
        runtime::TimerHandle watch;
    };
    struct Package;

    Source* find(std::string_view name);
    void take(Source& source, const MappedPackage& mapped, const std::shared_ptr<Package>& package);
    void take_count(Source& source, const MappedCount& count,
                    const std::shared_ptr<Package>& package);
    void take_totals(Source& source, const MappedCount& count,
                     const std::shared_ptr<Package>& package);
    void take_late_totals(Source& source, Channel& channel, const MappedCount& count,
                          const std::shared_ptr<Package>& package);
    bool hand_over(Reading reading, bool repeatable, const std::shared_ptr<Package>& package);
    void quarantine(Quarantined item);
    Channel& heard(Source& source, const MappedCount& count);
    void look_for_silence(Source& source);
    bool tell_blindness(Channel& channel, const Stamp& now);
    void count_package(std::string_view outcome);
    void count_records(std::string_view outcome, std::size_t n = 1);

    runtime::Executor& loop_;
    Sink& sink_;
    runtime::Metrics& metrics_;
    std::vector<Source> sources_;
    bool running_ = false;
};

// POST /api/v1/counts/{source}: 200 {"counted","duplicates","rejected","dropped"} after the commit,
// 400 for a body of which nothing can be used, 404 for a source that is not configured, 503 when
// there is no room now. `counter` must outlive the server.
void register_counter_http(runtime::HttpRoutes& routes, Counter& counter);

}  // namespace aisle::counter
