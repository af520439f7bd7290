#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/core/error.hpp"

// What a directory driver asks of the file system. Reads only, but for move_file.
namespace aisle::pos {

struct FileStat {
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    std::uint64_t size = 0;
    std::int64_t modified_ns = 0;

    friend auto operator<=>(const FileStat&, const FileStat&) = default;
};

struct DropFile {
    std::string name;
    FileStat stat;
    bool marked_done = false;  // NAME.done lies beside it
};

struct DropListing {
    std::vector<DropFile> files;    // by name
    std::vector<FileStat> partial;  // *.tmp and *.part: somebody is still writing them
    std::size_t left_out = 0;       // beyond the bound
};

// Regular files whose names do not begin with a dot, at most `files_max`.
Result<DropListing> list_drop_files(const std::string& directory, std::size_t files_max);

std::optional<FileStat> stat_file(const std::string& path);
bool is_partial_name(std::string_view name);  // *.tmp, *.part

// At most `bytes_max` + 1 bytes, so that a caller sees that there were too many.
Result<std::string> read_file(const std::string& path, std::size_t bytes_max);

// "device:inode:size:modified:hash of the first KiB": a file that says the same has been read
// before.
std::string position_of(const FileStat& stat, std::string_view first_bytes);

// Into a directory of the same or another file system; never over an existing file.
Status move_file(const std::string& path, const std::string& directory);

}  // namespace aisle::pos
