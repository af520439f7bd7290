#include "agent/app/message_router.hpp"

#include <algorithm>

namespace aisle::app {

void MessageRouter::add(const std::vector<std::string>& filters, Handler handler) {
    for (const std::string& filter : filters) {
        if (std::ranges::find(filters_, filter) == filters_.end()) filters_.push_back(filter);
    }
    if (!filters.empty()) handlers_.push_back(std::move(handler));
}

void MessageRouter::attach(Transport& transport) {
    for (const std::string& filter : filters_) transport.subscribe(filter);
    transport.on_message([this](const Message& message) {
        for (const Handler& handler : handlers_) handler(message);
    });
}

}  // namespace aisle::app
