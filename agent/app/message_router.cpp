#include "agent/app/message_router.hpp"

namespace aisle::app {

void MessageRouter::add(const std::vector<std::string>& filters, Handler handler) {
    filters_.insert(filters_.end(), filters.begin(), filters.end());
    if (!filters.empty()) handlers_.push_back(std::move(handler));
}

void MessageRouter::attach(Transport& transport) {
    for (const std::string& filter : filters_) transport.subscribe(filter);
    transport.on_message([this](const Message& message) {
        for (const Handler& handler : handlers_) {
            if (handler(message)) return;
        }
    });
}

}  // namespace aisle::app
