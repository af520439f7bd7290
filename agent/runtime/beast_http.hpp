#pragma once

// Beast and Asio for the HTTP files of this room; only .cpp files and the private headers beside
// them include it.
#include "agent/runtime/io_context_access.hpp"

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket/stream.hpp>

namespace aisle::runtime {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
namespace websocket = boost::beast::websocket;

using ErrorCode = boost::system::error_code;
// TCP and Unix sockets alike, so that everything above is compiled once.
using Socket = asio::generic::stream_protocol::socket;
using BeastRequest = http::request<http::string_body>;
using BeastResponse = http::response<http::string_body>;

}  // namespace aisle::runtime
