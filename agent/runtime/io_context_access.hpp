#pragma once

// Asio is compiled once, in asio_compiled.cpp; every file that includes Asio includes this header
// first.
#ifndef BOOST_ASIO_SEPARATE_COMPILATION
#define BOOST_ASIO_SEPARATE_COMPILATION
#endif
#ifndef BOOST_BEAST_SEPARATE_COMPILATION
#define BOOST_BEAST_SEPARATE_COMPILATION
#endif
#include <boost/asio/io_context.hpp>

#include "agent/runtime/io_loop.hpp"

namespace aisle::runtime {

// For .cpp files of runtime and of drivers that wait for file descriptors or serial ports. Never
// from a header.
inline boost::asio::io_context& io_context_of(IoLoop& loop) {
    return *static_cast<boost::asio::io_context*>(loop.native());
}

}  // namespace aisle::runtime
