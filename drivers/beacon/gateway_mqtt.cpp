#include "drivers/beacon/gateway_mqtt.hpp"

#include <algorithm>
#include <utility>

namespace aisle::beacon {

GatewayMqtt::GatewayMqtt(GatewayMqttSettings settings, const Enrolment& enrolment,
                         const Clock& clock, Sink& sink, runtime::Metrics& metrics)
    : settings_{std::move(settings)},
      enrolment_{enrolment},
      clock_{clock},
      sink_{sink},
      metrics_{metrics},
      enrolled_{adverts("enrolled")},
      strangers_{adverts("stranger")},
      shed_{adverts("shed")},
      full_{adverts("full")},
      messages_read_{messages("read")} {}

void GatewayMqtt::start() { running_ = true; }

void GatewayMqtt::stop() { running_ = false; }

std::vector<std::string> GatewayMqtt::filters() const {
    std::vector<std::string> filters;
    for (const auto& gateway : settings_.gateways) {
        if (std::ranges::find(filters, gateway.filter) == filters.end())
            filters.push_back(gateway.filter);
    }
    return filters;
}

// The order matters: cheap refusals come before the parser, so that a flood costs next to nothing.
bool GatewayMqtt::handle(const Message& message) {
    const auto matches = [&](const GatewaySource& source) {
        return topic_matches(source.filter, message.topic);
    };
    const auto source = std::ranges::find_if(settings_.gateways, matches);
    if (source == settings_.gateways.end()) return false;
    if (!running_) return true;
    if (message.retained) {
        messages("retained").add();
        return true;
    }
    const Stamp now = clock_.now();
    roll(now.mono);
    if (second_.messages >= settings_.messages_per_s_max) {
        messages("shed").add();
        return true;
    }
    ++second_.messages;
    read(*source, message, now);
    return true;
}

void GatewayMqtt::read(const GatewaySource& source, const Message& message, const Stamp& now) {
    const Decoded decoded = decode_gateway(source.format, {.topic = message.topic,
                                                           .bytes = message.payload,
                                                           .scanner = source.scanner,
                                                           .at = now.mono});
    const bool unread = decoded.adverts.empty() && decoded.problems_total > 0;
    unread ? messages("unread").add() : messages_read_.add();
    count_problems(decoded);
    for (const auto& advert : decoded.adverts) pass_on(advert, now);
}

// Here the raw id ends. What goes on is the pseudonym; what is not enrolled is one more in a
// counter.
void GatewayMqtt::pass_on(const Advert& advert, const Stamp& now) {
    if (second_.adverts >= settings_.adverts_per_s_max) return shed_.add();
    ++second_.adverts;
    const TagKey* tag = enrolment_.find(advert);
    if (tag == nullptr) return strangers_.add();
    Sighting sighting{.at = now.mono,
                      .wall = now.wall,
                      .tag = *tag,
                      .scanner = advert.scanner,
                      .rssi_dbm = advert.rssi_dbm};
    const Status taken = sink_.accept({.body = std::move(sighting), .position = std::nullopt}, {});
    taken ? enrolled_.add() : full_.add();
}

// By reason only: the detail is for people who decode a capture.
void GatewayMqtt::count_problems(const Decoded& decoded) {
    for (const auto& problem : decoded.problems) {
        metrics_
            .counter("aisle_beacon_malformed_total",
                     "Adverts and gateway records that could not be read",
                     {{"reason", problem.reason}})
            .add();
    }
}

// A fixed window is enough: it bounds the work of any two seconds to twice the limit.
void GatewayMqtt::roll(MonoTime now) {
    if (now - second_.start >= seconds{1} || now < second_.start) second_ = {.start = now};
}

runtime::Counter& GatewayMqtt::adverts(std::string_view outcome) {
    return metrics_.counter("aisle_beacon_adverts_total", "Adverts that gateways reported",
                            {{"outcome", std::string{outcome}}});
}

runtime::Counter& GatewayMqtt::messages(std::string_view outcome) {
    return metrics_.counter("aisle_beacon_messages_total", "Messages of gateways",
                            {{"outcome", std::string{outcome}}});
}

}  // namespace aisle::beacon
