#pragma once

#include <string>
#include <string_view>

namespace aisle::hq {

// The first 8 bytes of SHA-256, in hex, of what a body says: its JSON without the order of members,
// without blanks, and without the top-level members `lineage` and `revision`, which differ when the
// same till record is read again. So the digest is the same for the text and for a database's own
// form of it. Pure.
std::string content_digest(std::string_view body);

}  // namespace aisle::hq
