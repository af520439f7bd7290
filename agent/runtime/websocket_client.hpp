#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "agent/core/error.hpp"
#include "agent/core/time.hpp"

namespace aisle::runtime {

struct WebSocketTarget {
    std::string address;  // "unix:/path" or "host:port"
    std::string path;
    std::map<std::string, std::string> headers;  // Origin and the like
};

// A blocking client for tests and tools; one thread.
class WebSocketClient {
public:
    static Result<std::unique_ptr<WebSocketClient>> connect(const WebSocketTarget& target,
                                                            milliseconds timeout);
    ~WebSocketClient();
    WebSocketClient(const WebSocketClient&) = delete;
    WebSocketClient& operator=(const WebSocketClient&) = delete;

    Status send(std::string_view text);
    // The next message. Full when none came in time (ask again), Unavailable when the connection is
    // gone.
    Result<std::string> receive(milliseconds timeout);
    void close();

private:
    struct Core;
    explicit WebSocketClient(std::unique_ptr<Core> core);
    std::unique_ptr<Core> core_;
};

}  // namespace aisle::runtime
