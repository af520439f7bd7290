#include "agent/runtime/log.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <mutex>

#include "agent/runtime/log_line.hpp"

namespace aisle::log {

namespace {

using Steady = std::chrono::steady_clock;

// journald stamps lines itself; anywhere else the time goes last, so that the line's beginning is
// the same.
const char* line_pattern() {
    return std::getenv("JOURNAL_STREAM") != nullptr ? "%v" : "%v t=%Y-%m-%dT%H:%M:%S.%eZ";
}

class Writer {
public:
    Writer() : logger_{"aisle", std::make_shared<spdlog::sinks::stderr_sink_mt>()} {
        logger_.set_pattern(line_pattern(), spdlog::pattern_time_type::utc);
        logger_.flush_on(spdlog::level::trace);
    }

    void write(Level level, std::string_view event, Fields fields) {
        if (level < least) return;
        const auto now = Steady::now();
        const std::scoped_lock lock{mutex_};
        sum_up(now);
        if (limit_.admit(event, now)) put(format_line(level, event, fields));
    }

    void sum_up_repeated() {
        const std::scoped_lock lock{mutex_};
        sum_up(Steady::now());
    }

    std::atomic<Level> least = Level::Info;

private:
    void sum_up(Steady::time_point now) {
        for (const auto& [event, unwritten] : limit_.ended(now)) {
            put(format_line(Level::Info, "log_repeated",
                            {{"event", event}, {"unwritten", unwritten}}));
        }
    }

    void put(const std::string& line) { logger_.log(spdlog::level::info, line); }

    spdlog::logger logger_;
    std::mutex mutex_;
    RepeatLimit limit_;
};

// Never destroyed: threads may log until the very end.
Writer& writer() {
    static Writer& the_one = *new Writer;
    return the_one;
}

}  // namespace

void set_level(Level level) { writer().least = level; }
void error(std::string_view event, Fields fields) { writer().write(Level::Error, event, fields); }
void warn(std::string_view event, Fields fields) { writer().write(Level::Warn, event, fields); }
void info(std::string_view event, Fields fields) { writer().write(Level::Info, event, fields); }
void debug(std::string_view event, Fields fields) { writer().write(Level::Debug, event, fields); }
void sum_up_repeated() { writer().sum_up_repeated(); }

}  // namespace aisle::log
