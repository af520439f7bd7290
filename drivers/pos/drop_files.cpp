#include "drivers/pos/drop_files.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <set>

#include <sys/stat.h>

namespace aisle::pos {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kHashedBytes = 1024;
constexpr std::string_view kDone = ".done";

// FNV-1a: it tells two files apart, it defends against nobody.
std::uint64_t hash_of(std::string_view bytes) {
    std::uint64_t hash = 14695981039346656037ULL;
    for (const char c : bytes.substr(0, kHashedBytes)) {
        hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
    }
    return hash;
}

}  // namespace

bool is_partial_name(std::string_view name) {
    return name.ends_with(".tmp") || name.ends_with(".part");
}

std::optional<FileStat> stat_file(const std::string& path) {
    struct stat found {};
    if (::stat(path.c_str(), &found) != 0 || !S_ISREG(found.st_mode)) return std::nullopt;
    return FileStat{.device = found.st_dev,
                    .inode = found.st_ino,
                    .size = static_cast<std::uint64_t>(found.st_size),
                    .modified_ns = found.st_mtim.tv_sec * 1'000'000'000 + found.st_mtim.tv_nsec};
}

Result<DropListing> list_drop_files(const std::string& directory, std::size_t files_max) {
    std::error_code failed;
    fs::directory_iterator entries{directory, failed};
    if (failed) return unavailable("the directory cannot be read: " + failed.message());
    DropListing listing;
    std::set<std::string> done;
    for (; entries != fs::directory_iterator{}; entries.increment(failed)) {
        if (failed) return unavailable("the directory cannot be read: " + failed.message());
        std::string name = entries->path().filename().string();
        if (name.starts_with('.')) continue;
        if (name.ends_with(kDone)) {
            done.insert(name.substr(0, name.size() - kDone.size()));
            continue;
        }
        const auto stat = stat_file(entries->path().string());
        if (!stat) continue;
        if (is_partial_name(name)) {
            listing.partial.push_back(*stat);
        } else if (listing.files.size() < files_max) {
            listing.files.push_back({std::move(name), *stat, false});
        } else {
            ++listing.left_out;
        }
    }
    for (auto& file : listing.files) file.marked_done = done.contains(file.name);
    std::ranges::sort(listing.files, {}, &DropFile::name);
    return listing;
}

Result<std::string> read_file(const std::string& path, std::size_t bytes_max) {
    std::ifstream in{path, std::ios::binary};
    if (!in) return unavailable("a file cannot be opened");
    std::string bytes;
    std::array<char, 65536> piece{};
    while (bytes.size() <= bytes_max) {
        const std::size_t wanted = std::min(piece.size(), bytes_max + 1 - bytes.size());
        in.read(piece.data(), static_cast<std::streamsize>(wanted));
        if (in.gcount() == 0) break;
        bytes.append(piece.data(), static_cast<std::size_t>(in.gcount()));
    }
    if (in.bad()) return unavailable("a file cannot be read");
    return bytes;
}

std::string position_of(const FileStat& stat, std::string_view first_bytes) {
    return std::to_string(stat.device) + ':' + std::to_string(stat.inode) + ':' +
           std::to_string(stat.size) + ':' + std::to_string(stat.modified_ns) + ':' +
           std::to_string(hash_of(first_bytes));
}

Status move_file(const std::string& path, const std::string& directory) {
    std::error_code failed;
    const fs::path from{path};
    fs::path to = fs::path{directory} / from.filename();
    constexpr int kNamesMax = 1000;
    for (int n = 1; fs::exists(to, failed) && n < kNamesMax; ++n) {
        to = fs::path{directory} / (from.filename().string() + '.' + std::to_string(n));
    }
    if (fs::exists(to, failed)) return full("no free name in the directory for finished files");
    fs::rename(from, to, failed);
    if (!failed) return {};
    if (!fs::copy_file(from, to, failed) || failed)
        return unavailable("cannot be moved: " + failed.message());
    fs::remove(from, failed);
    if (failed) return unavailable("cannot be removed: " + failed.message());
    return {};
}

}  // namespace aisle::pos
