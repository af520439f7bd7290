#include "agent/runtime/beast_client.hpp"

#include <sys/un.h>

#include <utility>
#include <vector>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>

namespace aisle::runtime {

namespace {

constexpr std::string_view kUnixPrefix = "unix:";

using Endpoints = std::vector<asio::generic::stream_protocol::endpoint>;

// Names are looked up by the system, which has time-outs of its own; these clients talk to
// loopback.
Result<Endpoints> endpoints_of(asio::io_context& io, const std::string& address) {
    if (address.starts_with(kUnixPrefix)) {
        const std::string path = address.substr(kUnixPrefix.size());
        if (path.empty() || path.size() >= sizeof(sockaddr_un::sun_path)) {
            return malformed("\"" + address + "\" is no socket's path");
        }
        return Endpoints{asio::local::stream_protocol::endpoint{path}};
    }
    const std::size_t colon = address.rfind(':');
    if (colon == std::string::npos) return malformed("\"" + address + "\" is not host:port");
    std::string host = address.substr(0, colon);
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    ErrorCode error;
    const auto found = asio::ip::tcp::resolver{io}.resolve(host, address.substr(colon + 1), error);
    if (error) return unavailable(address + ": " + error.message());
    Endpoints endpoints;
    for (const auto& entry : found) endpoints.emplace_back(entry.endpoint());
    return endpoints;
}

}  // namespace

bool run_until_done(asio::io_context& io, milliseconds timeout) {
    io.restart();
    io.run_for(timeout);
    return io.stopped();
}

Result<Socket> connect_to(asio::io_context& io, const std::string& address, milliseconds timeout) {
    const auto endpoints = endpoints_of(io, address);
    if (!endpoints) return endpoints.error();
    ErrorCode result = asio::error::host_not_found;
    for (const auto& endpoint : *endpoints) {
        Socket socket{io};
        socket.async_connect(endpoint, [&](ErrorCode error) { result = error; });
        if (!run_until_done(io, timeout)) {
            ErrorCode ignored;
            socket.close(ignored);
            run_until_done(io, timeout);  // the cancelled handler refers to this frame
            result = asio::error::timed_out;
        }
        if (!result) return socket;
    }
    return unavailable(address + ": " + result.message());
}

std::string host_of(const std::string& address) {
    return address.starts_with(kUnixPrefix) ? "localhost" : address;
}

}  // namespace aisle::runtime
