#include "tests/kit/sim_disk_files.hpp"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <utility>

namespace aisle::kit {
namespace {

constexpr std::int64_t kSectorBytes = 512;

std::size_t below(std::mt19937_64& random, std::size_t n) { return random() % n; }

// `size` grows a file with zeros, as a hole would.
void put_at(std::string& bytes, std::size_t at, std::string_view piece) {
    if (at + piece.size() > bytes.size()) bytes.resize(at + piece.size());
    std::memcpy(bytes.data() + at, piece.data(), piece.size());
}

}  // namespace

void SimFile::write(std::int64_t at, std::string_view bytes) {
    if (bytes.empty()) return;
    const auto from = static_cast<std::size_t>(at);
    const std::size_t overlap =
        from < bytes_.size() ? std::min(bytes.size(), bytes_.size() - from) : 0;
    changes_.push_back({.at = at,
                        .size_before = bytes_.size(),
                        .log_from = log_.size(),
                        .before_bytes = overlap,
                        .after_bytes = bytes.size()});
    if (overlap > 0) log_.append(bytes_, from, overlap);
    log_.append(bytes);
    put_at(bytes_, from, bytes);
}

void SimFile::truncate(std::int64_t size) {
    const auto to = static_cast<std::size_t>(size);
    const std::size_t cut = to < bytes_.size() ? bytes_.size() - to : 0;
    changes_.push_back({.at = size,
                        .size_before = bytes_.size(),
                        .log_from = log_.size(),
                        .before_bytes = cut,
                        .truncation = true});
    if (cut > 0) log_.append(bytes_, to, cut);
    bytes_.resize(to);
}

void SimFile::synced() {
    changes_.clear();
    log_.clear();
}

std::string_view SimFile::after(const Change& change) const {
    return std::string_view{log_}.substr(change.log_from + change.before_bytes, change.after_bytes);
}

void SimFile::undo(const Change& change) {
    bytes_.resize(change.size_before);
    const auto before = std::string_view{log_}.substr(change.log_from, change.before_bytes);
    if (!before.empty()) put_at(bytes_, static_cast<std::size_t>(change.at), before);
}

// The first `bytes` of a write; a truncation is whole.
void SimFile::redo(const Change& change, std::size_t bytes) {
    const auto at = static_cast<std::size_t>(change.at);
    if (change.truncation) {
        bytes_.resize(at);
    } else if (bytes > 0) {
        put_at(bytes_, at, after(change).substr(0, bytes));
    }
}

std::vector<SimFile::Change> SimFile::undo_all() {
    for (auto change = changes_.rbegin(); change != changes_.rend(); ++change) undo(*change);
    return std::exchange(changes_, {});
}

void SimFile::lose_all() {
    undo_all();
    log_.clear();
}

void SimFile::keep_prefix(std::mt19937_64& random) {
    const auto changes = undo_all();
    const std::size_t kept = below(random, changes.size() + 1);
    for (std::size_t i = 0; i < kept; ++i) redo(changes[i], changes[i].after_bytes);
    log_.clear();
}

void SimFile::keep_subset(std::mt19937_64& random) {
    for (const Change& change : undo_all())
        if (random() % 2 == 0) redo(change, change.after_bytes);
    log_.clear();
}

// A beginning of the changes, the last of them in whole sectors only, and then one sector of
// garbage: but never beyond the bytes that this write was to change.
void SimFile::tear(std::mt19937_64& random) {
    const auto changes = undo_all();
    const std::size_t torn = below(random, changes.size() + 1);
    for (std::size_t i = 0; i < torn; ++i) redo(changes[i], changes[i].after_bytes);
    if (torn < changes.size() && !changes[torn].truncation) {
        const Change& change = changes[torn];
        const std::int64_t end = change.at + static_cast<std::int64_t>(change.after_bytes);
        const std::int64_t first = change.at / kSectorBytes;
        const std::int64_t sectors = (end + kSectorBytes - 1) / kSectorBytes - first;
        const auto whole = static_cast<std::int64_t>(
            below(random, static_cast<std::size_t>(std::max<std::int64_t>(sectors, 1))));
        const std::int64_t from = std::max(change.at, (first + whole) * kSectorBytes);
        redo(change, static_cast<std::size_t>(from - change.at));
        std::string garbage(
            static_cast<std::size_t>(std::min(end, (first + whole + 1) * kSectorBytes) - from), 0);
        for (char& byte : garbage) byte = static_cast<char>(random());
        if (!garbage.empty()) put_at(bytes_, static_cast<std::size_t>(from), garbage);
    }
    log_.clear();
}

SimDirectory::File SimDirectory::find(const std::string& path) const {
    const auto place = entries_.find(path);
    return place == entries_.end() ? nullptr : place->second;
}

void SimDirectory::note(std::initializer_list<std::string> paths) {
    Change change;
    for (const std::string& path : paths) change.push_back({path, find(path)});
    changes_.push_back(std::move(change));
}

SimDirectory::File SimDirectory::create(const std::string& path) {
    assert(find(path) == nullptr);
    note({path});
    return entries_[path] = std::make_shared<SimFile>();
}

void SimDirectory::remove(const std::string& path) {
    note({path});
    entries_.erase(path);
}

void SimDirectory::rename(const std::string& from, const std::string& to) {
    note({from, to});
    File file = find(from);
    entries_.erase(from);
    entries_[to] = std::move(file);
}

void SimDirectory::clear() {
    entries_.clear();
    changes_.clear();
}

void SimDirectory::undo_from(std::size_t first) {
    while (changes_.size() > first) {
        for (const Entry& entry : changes_.back()) {
            if (entry.file == nullptr) {
                entries_.erase(entry.path);
            } else {
                entries_[entry.path] = entry.file;
            }
        }
        changes_.pop_back();
    }
    changes_.clear();
}

void SimDirectory::keep_prefix(std::mt19937_64& random) {
    undo_from(below(random, changes_.size() + 1));
}

}  // namespace aisle::kit
