#include "agent/runtime/directory_watch.hpp"

#include <sys/inotify.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>
#include <utility>

#include "agent/runtime/io_context_access.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

namespace aisle::runtime {

namespace {

constexpr std::uint32_t kWatched = IN_CLOSE_WRITE | IN_MOVED_TO | IN_CREATE;
constexpr std::size_t kHintBytes = 16 * 1024;

Error no_watch(const std::string& directory) {
    return unavailable("no inotify for " + directory + ": " + std::strerror(errno));
}

}  // namespace

struct DirectoryWatch::Core : std::enable_shared_from_this<DirectoryWatch::Core> {
    Core(boost::asio::io_context& io, int fd, Changed to_call)
        : hints{io, fd}, changed{std::move(to_call)} {}

    void wait() {
        hints.async_read_some(
            boost::asio::buffer(buffer),
            [weak = weak_from_this()](boost::system::error_code error, std::size_t got) {
                const auto self = weak.lock();
                if (!self || error) return;
                self->tell({self->buffer.data(), got});
                if (!self->closed) self->wait();
            });
    }

    // The kernel packs whole events, each with its name padded by zeros.
    void tell(std::string_view bytes) {
        while (bytes.size() >= sizeof(inotify_event) && !closed) {
            inotify_event event{};
            std::memcpy(&event, bytes.data(), sizeof event);
            bytes.remove_prefix(sizeof event);
            const std::string_view padded = bytes.substr(0, event.len);
            bytes.remove_prefix(padded.size());
            const bool lost = (event.mask & (IN_Q_OVERFLOW | IN_IGNORED)) != 0;
            changed(lost ? std::string{} : std::string{padded.substr(0, padded.find('\0'))});
        }
    }

    boost::asio::posix::stream_descriptor hints;
    Changed changed;
    std::array<char, kHintBytes> buffer{};
    bool closed = false;  // the owner may go in the middle of a callback
};

Result<std::unique_ptr<DirectoryWatch>> DirectoryWatch::open(IoLoop& loop,
                                                             const std::string& directory,
                                                             Changed changed) {
    const int fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (fd < 0) return no_watch(directory);
    auto core = std::make_shared<Core>(io_context_of(loop), fd, std::move(changed));
    if (inotify_add_watch(fd, directory.c_str(), kWatched | IN_ONLYDIR) < 0) {
        return no_watch(directory);
    }
    core->wait();
    return std::unique_ptr<DirectoryWatch>{new DirectoryWatch{std::move(core)}};
}

DirectoryWatch::~DirectoryWatch() { core_->closed = true; }

}  // namespace aisle::runtime
