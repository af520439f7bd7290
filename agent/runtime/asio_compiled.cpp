// The one place where Asio and Beast are compiled: everywhere else they are declarations (see
// io_context_access.hpp).
#include "agent/runtime/io_context_access.hpp"

#include <boost/asio/impl/src.hpp>
#include <boost/beast/src.hpp>
