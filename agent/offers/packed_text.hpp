#pragma once

#include <string>

#include "agent/core/hex.hpp"
#include "agent/core/varint.hpp"

// Names among packed numbers. Inside this room only.
namespace aisle::offers {

// They mostly are ids of 32 hex digits: then 0 and sixteen bytes; else a text of so many bytes less
// one.
inline void put_text(std::string& out, const std::string& text) {
    if (const auto id = id_from_hex(text)) {
        put_number(out, 0);
        out.append(id->begin(), id->end());
    } else {
        put_number(out, text.size() + 1);
        out += text;
    }
}

inline std::string text_from(VarintReader& in) {
    const std::uint64_t size = in.number();
    if (size == 0) return to_hex(in.take(std::tuple_size_v<Id128>));
    const auto text = in.take(size - 1);
    return {text.begin(), text.end()};
}

}  // namespace aisle::offers
