#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "agent/core/clock.hpp"
#include "agent/core/sink.hpp"
#include "agent/core/transport.hpp"
#include "agent/runtime/metrics.hpp"
#include "drivers/beacon/enrolment.hpp"
#include "drivers/beacon/gateway_json.hpp"

namespace aisle::beacon {

struct GatewaySource {
    std::string filter;  // MQTT topic filter: home/+/BTtoMQTT/#
    GatewayFormat format = GatewayFormat::Theengs;
    std::string scanner;  // empty: as topic or payload say
};

struct GatewayMqttSettings {
    std::vector<GatewaySource> gateways;  // the first whose filter matches takes the message
    std::uint32_t adverts_per_s_max =
        20'000;  // beyond it adverts are dropped and counted as `shed`
    std::uint32_t messages_per_s_max = 5'000;  // beyond it messages are dropped unread and counted
};

// Gateways that report over MQTT. Only sightings of enrolled tags leave; all else is counted in one
// number and dropped here, in RAM. On the loop thread. The transport is not its business: the
// composition root subscribes to filters() and brings each message to handle().
//
// Counts aisle_beacon_adverts_total{outcome=enrolled|stranger|shed|full},
// aisle_beacon_malformed_total{reason=...} and
// aisle_beacon_messages_total{outcome=read|unread|retained|shed}.
class GatewayMqtt final : public Driver {
public:
    // All but `settings` must outlive the driver.
    GatewayMqtt(GatewayMqttSettings settings, const Enrolment& enrolment, const Clock& clock,
                Sink& sink, runtime::Metrics& metrics);

    void start() override;
    void stop() override;

    [[nodiscard]] std::vector<std::string> filters() const;
    // True if the message was meant for this driver, read or not. Retained messages are old:
    // counted, not read.
    bool handle(const Message& message);

private:
    struct Second {
        MonoTime start{};
        std::uint32_t adverts = 0;
        std::uint32_t messages = 0;
    };
    void read(const GatewaySource& source, const Message& message, const Stamp& now);
    void pass_on(const Advert& advert, const Stamp& now);
    void roll(MonoTime now);
    void count_problems(const Decoded& decoded);
    runtime::Counter& adverts(std::string_view outcome);
    runtime::Counter& messages(std::string_view outcome);

    GatewayMqttSettings settings_;
    const Enrolment& enrolment_;
    const Clock& clock_;
    Sink& sink_;
    runtime::Metrics& metrics_;
    runtime::Counter& enrolled_;
    runtime::Counter& strangers_;
    runtime::Counter& shed_;
    runtime::Counter& full_;
    runtime::Counter& messages_read_;
    Second second_;
    bool running_ = false;
};

}  // namespace aisle::beacon
