#pragma once

#include <memory>

#include "agent/runtime/io_loop.hpp"

namespace aisle::runtime {

struct SignalCallbacks {
    Task stop;    // SIGTERM, SIGINT; each time
    Task reload;  // SIGHUP
};

// While it lives, the process's signals come to the loop; SIGPIPE is ignored from then on. One a
// process. On the loop thread, or before the loop runs.
class Signals {
public:
    Signals(IoLoop& loop, SignalCallbacks callbacks);
    ~Signals();
    Signals(const Signals&) = delete;
    Signals& operator=(const Signals&) = delete;

private:
    struct Core;
    std::shared_ptr<Core> core_;
};

}  // namespace aisle::runtime
