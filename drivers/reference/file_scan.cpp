#include "drivers/reference/file_scan.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <system_error>
#include <utility>

namespace aisle::reference {
namespace {

// O_NONBLOCK, so that a pipe laid in our way does not hold the thread up; marks then tell that it
// is no file.
class OpenFile {
public:
    explicit OpenFile(const std::filesystem::path& path)
        : fd_{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)} {}
    ~OpenFile() {
        if (fd_ >= 0) ::close(fd_);
    }
    OpenFile(const OpenFile&) = delete;
    OpenFile& operator=(const OpenFile&) = delete;

    [[nodiscard]] bool open() const { return fd_ >= 0; }
    // Nothing for what is not a regular file.
    [[nodiscard]] std::optional<FileMark> mark() const {
        struct stat found {};
        if (::fstat(fd_, &found) != 0 || !S_ISREG(found.st_mode)) return std::nullopt;
        return FileMark{.mtime_ns = found.st_mtim.tv_sec * 1'000'000'000 + found.st_mtim.tv_nsec,
                        .size = found.st_size,
                        .inode = found.st_ino};
    }
    // Exactly so many bytes, or nothing.
    [[nodiscard]] std::optional<std::string> read(std::size_t size) const {
        std::string bytes(size, '\0');
        std::size_t got = 0;
        while (got < size) {
            const ssize_t n = ::read(fd_, bytes.data() + got, size - got);
            if (n < 0 && errno == EINTR) continue;
            if (n <= 0) return std::nullopt;
            got += static_cast<std::size_t>(n);
        }
        return bytes;
    }

private:
    int fd_;
};

// Tells changes, not forgeries: who can write here can write anything anyway.
std::uint64_t fnv1a(std::string_view bytes) {
    std::uint64_t hash = 0xcbf29ce484222325;
    for (const char byte : bytes) hash = (hash ^ static_cast<unsigned char>(byte)) * 0x100000001b3;
    return hash;
}

// A file that has not changed for several scans is as finished as it will ever be: many editors
// leave the last line end out.
LookResult take(const FileLook& look, const FileMark& mark, std::string_view bytes) {
    auto parsed = parse_reference(look.file, bytes);
    if (!parsed)
        return {.outcome = LookOutcome::Refused, .mark = mark, .detail = parsed.error().detail};
    const bool wait = parsed->unfinished && look.settled != mark;
    return {.outcome = wait ? LookOutcome::Unfinished : LookOutcome::Read,
            .mark = mark,
            .parsed = std::move(*parsed)};
}

}  // namespace

// mtime:size:inode:hash, in decimal.
std::string to_position(const FileMark& mark) {
    return std::to_string(mark.mtime_ns) + ":" + std::to_string(mark.size) + ":" +
           std::to_string(mark.inode) + ":" + std::to_string(mark.hash);
}

std::optional<FileMark> mark_from(std::string_view position) {
    FileMark mark;
    const auto take_number = [&](auto& number) {
        const auto colon = std::min(position.find(':'), position.size());
        const auto [end, error] = std::from_chars(position.data(), position.data() + colon, number);
        const bool whole = error == std::errc{} && end == position.data() + colon;
        position.remove_prefix(std::min(colon + 1, position.size()));
        return whole;
    };
    const bool read = take_number(mark.mtime_ns) && take_number(mark.size) &&
                      take_number(mark.inode) && take_number(mark.hash) && position.empty();
    return read ? std::optional{mark} : std::nullopt;
}

LookResult look_at(const FileLook& look) {
    const OpenFile file{look.path};
    if (!file.open()) {
        if (errno == ENOENT) return {.outcome = LookOutcome::Missing};
        return {.outcome = LookOutcome::Unreadable,
                .detail = std::generic_category().message(errno)};
    }
    const auto before = file.mark();
    if (!before) return {.outcome = LookOutcome::Unreadable, .detail = "not a regular file"};
    if (look.known && look.known->same_stat(*before) && !look.look_inside) {
        return {.outcome = LookOutcome::Untouched, .mark = *look.known};
    }
    if (before->size > look.bytes_max) {
        return {
            .outcome = LookOutcome::Refused, .mark = *before, .detail = "the file is too large"};
    }
    // The mark before and after: a writer at work while we read shows in one of them.
    const auto bytes = file.read(static_cast<std::size_t>(before->size));
    const auto after = file.mark();
    if (!bytes || !after || !after->same_stat(*before))
        return {.outcome = LookOutcome::Unfinished, .mark = *before};

    FileMark mark = *before;
    mark.hash = fnv1a(*bytes);
    const bool same = look.known && look.known->hash == mark.hash && look.known->size == mark.size;
    return same ? LookResult{.outcome = LookOutcome::Unchanged, .mark = mark}
                : take(look, mark, *bytes);
}

}  // namespace aisle::reference
