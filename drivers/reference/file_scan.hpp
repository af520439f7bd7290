#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "drivers/reference/reference_lines.hpp"

// One look at one file. Blocking; touches nothing but the file, so that it can run on any thread.
namespace aisle::reference {

// What tells one content of a file from another.
struct FileMark {
    std::int64_t mtime_ns = 0;
    std::int64_t size = 0;
    std::uint64_t inode = 0;
    std::uint64_t hash = 0;  // FNV-1a 64 of the content

    [[nodiscard]] bool same_stat(const FileMark& other) const {
        return mtime_ns == other.mtime_ns && size == other.size && inode == other.inode;
    }
    friend bool operator==(const FileMark&, const FileMark&) = default;
};

// As stored in SourcePosition::position.
std::string to_position(const FileMark& mark);
std::optional<FileMark> mark_from(std::string_view position);

struct FileLook {
    ReferenceFile file = ReferenceFile::Members;
    std::filesystem::path path;
    std::int64_t bytes_max = 0;
    std::optional<FileMark> known;  // what has been handed over
    bool look_inside =
        false;  // `known` was read so soon after a change that its times prove nothing
    std::optional<FileMark> settled;  // this content is taken even if it looks unfinished
};

enum class LookOutcome {
    Missing,
    Untouched,   // by its times
    Unchanged,   // by its content
    Unfinished,  // someone may be writing
    Refused,     // beyond a bound
    Unreadable,
    Read,
};

struct LookResult {
    LookOutcome outcome = LookOutcome::Missing;
    FileMark mark;
    ParsedFile parsed;
    std::string detail;  // for Refused and Unreadable
};

LookResult look_at(const FileLook& look);

}  // namespace aisle::reference
