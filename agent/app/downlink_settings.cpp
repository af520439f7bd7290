#include "agent/app/downlink_settings.hpp"

namespace aisle::app {

config::RetentionConfig with_settings(config::RetentionConfig own,
                                      const std::map<std::string, std::int64_t>& settings) {
    const auto set = [&](const char* name, int& value) {
        const auto at = settings.find(name);
        if (at != settings.end()) value = static_cast<int>(at->second);
    };
    set("retention.ledger_days", own.ledger_days);
    set("retention.offers_days", own.offers_days);
    set("retention.footfall_days", own.footfall_days);
    set("retention.health_days", own.health_days);
    set("retention.local_days", own.local_days);
    set("retention.quarantine_days", own.quarantine_days);
    return own;
}

}  // namespace aisle::app
