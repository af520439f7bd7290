#pragma once

#include <string>
#include <string_view>

#include "agent/runtime/executor.hpp"

namespace aisle::runtime {

// systemd's notify protocol (sd_notify(3)); does nothing where there is no NOTIFY_SOCKET. From
// ready() on the watchdog is fed by the loop itself at half of WATCHDOG_USEC, so that a loop that
// hangs is restarted. On the loop thread.
class ServiceNotify {
public:
    explicit ServiceNotify(Executor& loop) : loop_{loop} {}

    void ready(std::string_view status);
    void status(std::string_view text);
    void reloading();  // follow with ready()
    void stopping();

private:
    void say(const std::string& state);

    Executor& loop_;
    TimerHandle watchdog_;
};

}  // namespace aisle::runtime
