#pragma once

#include <string>
#include <string_view>

#include "agent/core/error.hpp"

// A sum on what is neither a batch (zstd's checksum, prev and check) nor sealed (a signature): acks
// and births. TCP's own sum misses one damaged segment in 65,536 and boxes on the way mend it after
// they have damaged the bytes; an ack with one other digit would look like a clone's and begin a
// new epoch. Against damage only: who can write to the topic can also make the sum. Pure.
namespace aisle::wire {

// `json` is one object; the sum becomes its last member: {...,"sum":"<16 hex>"}, the first 8 bytes
// of SHA-256 of topic, a line break, and the object as it was without its closing brace. The topic
// is in it because a damaged one may be another store's.
std::string guarded(std::string_view topic, std::string json);

// Whether it is, byte for byte, what guarded() gave to be sent to this topic. Malformed with a
// reason otherwise: whoever gets that does nothing at all, as if the message had been lost.
Status intact(std::string_view topic, std::string_view payload);

}  // namespace aisle::wire
