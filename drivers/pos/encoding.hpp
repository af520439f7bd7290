#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "agent/core/error.hpp"

// What a till file's bytes say in UTF-8. iconv and simdjson's validator stay in the .cpp. Pure.
namespace aisle::pos {

enum class Encoding { Utf8, Utf16Le, Utf16Be, Gb18030, Latin1, Unknown };

// By the byte order mark, else by zeros around the first character, else by the XML declaration,
// else UTF-8. Unknown: a declaration that names something else.
Encoding encoding_of(std::string_view bytes);

// Malformed where the bytes are not of that encoding, or hold a NUL.
Result<std::string> to_utf8(std::string_view bytes, Encoding encoding);

// Where text that came out of UTF-16 stood in the file. Ask in ascending order: each byte is walked
// once.
class Utf16Offsets {
public:
    Utf16Offsets(std::string_view utf8, std::size_t skipped) : utf8_{utf8}, file_{skipped} {}
    std::size_t of(std::size_t utf8_offset);

private:
    std::string_view utf8_;
    std::size_t at_ = 0;
    std::size_t file_;
};

}  // namespace aisle::pos
