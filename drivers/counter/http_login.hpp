#pragma once

#include <string>
#include <string_view>

namespace aisle::counter {

struct Login {
    std::string username;  // empty: none, and a challenge is not answered
    std::string password;
};

// One request that is to be let in.
struct Asked {
    std::string_view method;
    std::string_view uri;     // path and query as they are sent
    std::string_view cnonce;  // ours, new for each request
};

// The Authorization header that answers a WWW-Authenticate header: Digest (RFC 7616, MD5 or
// SHA-256, with qop=auth or without one, as old cameras have it) or Basic (RFC 7617). Empty for a
// challenge of another kind, without a nonce, or without a login of ours. Pure.
[[nodiscard]] std::string answer_to(std::string_view challenge, const Login& login,
                                    const Asked& asked);

}  // namespace aisle::counter
