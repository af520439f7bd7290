#pragma once

#include <functional>
#include <string>
#include <vector>

#include "agent/core/transport.hpp"

namespace aisle::app {

// One connection to the shop's broker, several drivers that listen on it.
class MessageRouter {
public:
    using Handler = std::function<bool(const Message&)>;  // true: it was meant for this one

    void add(const std::vector<std::string>& filters, Handler handler);
    // Subscribes for all and takes the messages over. Before transport.start().
    void attach(Transport& transport);
    [[nodiscard]] bool empty() const { return handlers_.empty(); }

private:
    std::vector<std::string> filters_;
    std::vector<Handler> handlers_;
};

}  // namespace aisle::app
