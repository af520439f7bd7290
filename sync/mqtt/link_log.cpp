#include "sync/mqtt/link_log.hpp"

#include <utility>

#include "agent/runtime/log.hpp"

namespace aisle::mqtt {

namespace {
constexpr seconds kQuiet{60};
}

void LinkLog::say(What what, const std::string& detail) {
    const MonoTime now = executor_.clock().now().mono;
    const int events = held_ ? held_->events + 1 : 1;
    if (!written_ || now - *written_ >= kQuiet) return write({what, detail, events});
    held_ = Line{what, detail, events};
    if (due_.armed()) return;
    const auto rest = std::chrono::ceil<milliseconds>(*written_ + kQuiet - now);
    due_ = executor_.after(rest, [this] {
        if (held_) write(*held_);
    });
}

void LinkLog::write(Line line) {
    written_ = executor_.clock().now().mono;
    held_.reset();
    due_.cancel();
    writer_(line);
}

LinkLog::Writer log_writer(std::string link) {
    return [link = std::move(link)](const LinkLog::Line& line) {
        if (line.what == LinkLog::What::Connected)
            return log::info("mqtt.connected",
                             {{"link", link}, {"to", line.detail}, {"events", line.events}});
        log::warn(line.what == LinkLog::What::Lost ? "mqtt.lost" : "mqtt.connect_failed",
                  {{"link", link}, {"reason", line.detail}, {"events", line.events}});
    };
}

}  // namespace aisle::mqtt
