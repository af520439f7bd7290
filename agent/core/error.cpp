#include "agent/core/error.hpp"

#include <stdexcept>

namespace aisle {

void throw_exception_from_error(const Error& error, const boost::source_location& at) {
    throw std::logic_error(std::string{"a failed Result was read at "} + at.file_name() + ":" +
                           std::to_string(at.line()) + ": " + error.detail);
}

}  // namespace aisle
