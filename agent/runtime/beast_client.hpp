#pragma once

#include <optional>

#include "agent/core/error.hpp"
#include "agent/core/time.hpp"
#include "agent/runtime/beast_http.hpp"

// What the blocking clients share. Private to this room.
namespace aisle::runtime {

// Runs `io` until its work is done or the time is over; true if it was done.
bool run_until_done(asio::io_context& io, milliseconds timeout);

// Connects to "unix:/path" or "host:port".
Result<Socket> connect_to(asio::io_context& io, const std::string& address, milliseconds timeout);

// What a request to this address says as its Host.
std::string host_of(const std::string& address);

}  // namespace aisle::runtime
