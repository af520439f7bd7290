#include "agent/store/migrations.hpp"
#include "agent/store/salvage.hpp"
#include "agent/store/settings.hpp"

namespace aisle::store {
namespace {

constexpr std::size_t kHeaderBytes = 100;

void put(std::string& header, std::size_t at, std::size_t bytes, std::int64_t value) {
    for (std::size_t i = 0; i < bytes; ++i)
        header[at + i] = static_cast<char>((value >> (8 * (bytes - 1 - i))) & 0xff);
}

// "The Database Header", sqlite.org/fileformat2.html section 1.3, as our databases have it: a
// write-ahead log, UTF-8, no incremental vacuum. The list of free pages is left out: who only reads
// needs none.
std::string header_of(std::int64_t pages, std::int64_t page_bytes) {
    std::string header(kHeaderBytes, '\0');
    header.replace(0, 15, "SQLite format 3");
    put(header, 16, 2, page_bytes);
    put(header, 18, 1, 2), put(header, 19, 1, 2);  // written and read by way of a log
    put(header, 21, 1, 64), put(header, 22, 1, 32), put(header, 23, 1, 32);
    put(header, 24, 4, 1), put(header, 92, 4, 1);  // the size is valid for this change
    put(header, 28, 4, pages);
    put(header, 40, 4, 1), put(header, 44, 4, 4);  // schema: its cookie, its format
    put(header, 56, 4, 1);                         // UTF-8
    put(header, 68, 4, kApplicationId);
    put(header, 96, 4, 3'040'001);
    return header;
}

Result<sqlite::Database> open_once(const std::string& path, const std::string& vfs) {
    auto from = sqlite::Database::open(
        path, {.read_only = true, .checkpoint_on_close = false, .vfs = vfs, .damaged = true});
    if (!from) return from;
    const auto tables = from->integer("SELECT count(*) FROM sqlite_master");
    if (!tables) return tables.error();
    if (*tables == 0) return malformed(path + ": no tables");
    return from;
}

}  // namespace

Result<sqlite::Database> open_damaged(sqlite::Disk& disk, const std::string& path,
                                      const std::string& vfs) {
    auto from = open_once(path, vfs);
    // SQLITE_NOTADB, in its own words: the header is none. Damage behind it is another error.
    if (from || from.error().detail.find("not a database") == std::string::npos) return from;
    const auto size = disk.size(path);
    const auto before = disk.head(path, kHeaderBytes);
    if (!size || !before) return from;
    for (const std::int64_t page_bytes : {kPageBytes, std::int64_t{4096}}) {
        if (*size < page_bytes) continue;
        if (!disk.patch(path, 0, header_of(*size / page_bytes, page_bytes))) return from;
        if (auto mended = open_once(path, vfs)) return mended;
    }
    // It is no database with a damaged header but something else: people find it as it was.
    (void)disk.patch(path, 0, *before);
    return from;
}

}  // namespace aisle::store
