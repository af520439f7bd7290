#include "agent/runtime/signals.hpp"

#include <csignal>
#include <utility>

#include "agent/runtime/io_context_access.hpp"

#include <boost/asio/signal_set.hpp>

namespace aisle::runtime {

struct Signals::Core : std::enable_shared_from_this<Signals::Core> {
    Core(boost::asio::io_context& io, SignalCallbacks with)
        : set{io, SIGTERM, SIGINT, SIGHUP}, callbacks{std::move(with)} {}

    void wait() {
        set.async_wait([weak = weak_from_this()](boost::system::error_code error, int signal) {
            const auto self = weak.lock();
            if (!self || error) return;
            const Task& task = signal == SIGHUP ? self->callbacks.reload : self->callbacks.stop;
            if (task) task();
            self->wait();
        });
    }

    boost::asio::signal_set set;
    SignalCallbacks callbacks;
};

Signals::Signals(IoLoop& loop, SignalCallbacks callbacks)
    : core_{std::make_shared<Core>(io_context_of(loop), std::move(callbacks))} {
    // A peer that goes away is an error of that write, not the end of the program.
    std::signal(SIGPIPE, SIG_IGN);
    core_->wait();
}

Signals::~Signals() = default;

}  // namespace aisle::runtime
