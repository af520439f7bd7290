#pragma once

#include <string>
#include <utility>

#include <boost/system/result.hpp>

// Errors that cross a room. The Fault picks the reaction, the detail is for people: it names what
// was wrong and where, and never holds personal data. Programmer's errors are asserted instead.
namespace aisle {

enum class Fault {
    Malformed,    // the input can never be used: quarantine it or refuse it
    Unavailable,  // a peer, a device or a file is not there now: try again later, with back-off
    Full,         // no room: the sender keeps what it has and comes back
    Denied,       // not allowed: wrong key, wrong signature, second use, expired
};

struct Error {
    Fault fault = Fault::Malformed;
    std::string detail;

    friend bool operator==(const Error&, const Error&) = default;
};

template <typename T>
using Result = boost::system::result<T, Error>;
using Status = Result<void>;

inline Error malformed(std::string detail) { return {Fault::Malformed, std::move(detail)}; }
inline Error unavailable(std::string detail) { return {Fault::Unavailable, std::move(detail)}; }
inline Error full(std::string detail) { return {Fault::Full, std::move(detail)}; }
inline Error denied(std::string detail) { return {Fault::Denied, std::move(detail)}; }

// boost::system::result asks for this: reading the value of a failed Result is a programmer's
// error.
[[noreturn]] void throw_exception_from_error(const Error& error, const boost::source_location& at);

}  // namespace aisle
