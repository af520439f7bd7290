#include "agent/app/downlink_settings.hpp"

namespace aisle::app {
namespace {

constexpr std::int64_t kMegabyte = 1024 * 1024;

std::int64_t number_or(const HqSettings& settings, const char* name, std::int64_t own) {
    const auto at = settings.find(name);
    return at == settings.end() ? own : at->second;
}

}  // namespace

config::RetentionConfig with_settings(config::RetentionConfig own, const HqSettings& settings) {
    const auto set = [&](const char* name, int& value) {
        value = static_cast<int>(number_or(settings, name, value));
    };
    set("retention.ledger_days", own.ledger_days);
    set("retention.offers_days", own.offers_days);
    set("retention.footfall_days", own.footfall_days);
    set("retention.health_days", own.health_days);
    set("retention.local_days", own.local_days);
    set("retention.quarantine_days", own.quarantine_days);
    return own;
}

store::OutboxQuota quota_of(const config::StoreConfig& own, const HqSettings& settings) {
    return {.bytes_max = number_or(settings, "quota.outbox_mb", own.outbox_quota_mb) * kMegabyte};
}

// The ledger never lingers.
uplink::Lingers lingers_of(const HqSettings& settings) {
    uplink::Lingers lingers = uplink::kUsualLingers;
    const auto set = [&](const char* name, Stream stream) {
        auto& linger = lingers.at(static_cast<std::size_t>(stream));
        linger = milliseconds{number_or(settings, name, linger.count())};
    };
    set("linger.offers_ms", Stream::Offers);
    set("linger.footfall_ms", Stream::Footfall);
    set("linger.health_ms", Stream::Health);
    return lingers;
}

}  // namespace aisle::app
