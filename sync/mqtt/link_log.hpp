#pragma once

#include <functional>
#include <optional>
#include <string>

#include "agent/runtime/executor.hpp"

namespace aisle::mqtt {

// What a link says of itself in the log: at most one line a minute. What happens within a minute of
// the last line is summed up at its end: how it stands then, and how often it changed. On the loop.
class LinkLog {
public:
    enum class What { Connected, Lost, Failed };
    struct Line {
        What what = What::Failed;
        std::string detail;
        int events = 1;  // that it stands for, itself among them
    };
    using Writer = std::function<void(const Line&)>;

    LinkLog(runtime::Executor& executor, Writer writer)
        : executor_{executor}, writer_{std::move(writer)} {}
    void say(What what, const std::string& detail);

private:
    void write(Line line);

    runtime::Executor& executor_;
    Writer writer_;
    std::optional<MonoTime> written_;
    std::optional<Line> held_;
    runtime::TimerHandle due_;
};

// To the log of the program.
LinkLog::Writer log_writer(std::string link);

}  // namespace aisle::mqtt
