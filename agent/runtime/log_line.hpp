#pragma once

#include <chrono>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "agent/runtime/log.hpp"

// How a line of the log is written and how often. Pure; log.cpp does the writing.
namespace aisle::log {

// `<N>level event key=value`, N being the syslog priority that journald takes from it. Values with
// spaces, quotes, '=' or control characters are quoted and escaped, so that one event stays one
// line and no input can forge another; they end at 1 KB.
std::string format_line(Level level, std::string_view event, Fields fields);

// At most kLinesMax of one event in a minute. Not safe for threads.
class RepeatLimit {
public:
    using Time = std::chrono::steady_clock::time_point;
    static constexpr int kLinesMax = 10;
    static constexpr std::size_t kEventsMax = 256;  // more names than that share the name "other"
    static constexpr std::chrono::seconds kWindow{60};

    struct Repeated {
        std::string event;
        int unwritten = 0;
    };

    // True if this line is to be written.
    bool admit(std::string_view event, Time now);
    // What was held back in the minutes that are over; each is told once.
    std::vector<Repeated> ended(Time now);

private:
    struct Window {
        Time since{};
        int seen = 0;
    };
    std::map<std::string, Window, std::less<>> windows_;
};

}  // namespace aisle::log
