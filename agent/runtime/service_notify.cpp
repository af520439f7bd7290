#include "agent/runtime/service_notify.hpp"

#include <systemd/sd-daemon.h>
#include <time.h>

#include <algorithm>
#include <cstdint>

namespace aisle::runtime {

namespace {

// systemd wants to know when a reload began, by the clock that it orders its own events with.
std::int64_t monotonic_us() {
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return std::int64_t{now.tv_sec} * 1'000'000 + now.tv_nsec / 1'000;
}

// A status is one line for people; a line end would begin the next assignment.
std::string one_line(std::string_view text) {
    std::string line{text};
    std::ranges::replace(line, '\n', ' ');
    return line;
}

}  // namespace

void ServiceNotify::ready(std::string_view status) {
    say("READY=1\nSTATUS=" + one_line(status));
    std::uint64_t watchdog_us = 0;
    if (sd_watchdog_enabled(0, &watchdog_us) <= 0 || watchdog_.armed()) return;
    const milliseconds half{
        std::max<std::int64_t>(1, static_cast<std::int64_t>(watchdog_us / 2'000))};
    say("WATCHDOG=1");
    watchdog_ = every(loop_, half, [this] { say("WATCHDOG=1"); });
}

void ServiceNotify::status(std::string_view text) { say("STATUS=" + one_line(text)); }

void ServiceNotify::reloading() {
    say("RELOADING=1\nMONOTONIC_USEC=" + std::to_string(monotonic_us()));
}

void ServiceNotify::stopping() { say("STOPPING=1"); }

void ServiceNotify::say(const std::string& state) { (void)sd_notify(0, state.c_str()); }

}  // namespace aisle::runtime
