#pragma once

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "agent/store/store.hpp"
#include "tests/kit/builders.hpp"

// The shortest way to a store in a folder of its own.
namespace aisle::store {

// A new folder under the system's temporary one; goes with all that is in it.
class TempDir {
public:
    TempDir() {
        std::string name = std::filesystem::temp_directory_path() / "aisle-store-XXXXXX";
        if (::mkdtemp(name.data()) == nullptr) std::abort();
        path_ = name;
    }
    TempDir(const TempDir&) = delete;
    TempDir& operator=(const TempDir&) = delete;
    ~TempDir() { std::filesystem::remove_all(path_); }
    [[nodiscard]] const std::string& path() const { return path_; }
    [[nodiscard]] std::string file(const std::string& name) const { return path_ + "/" + name; }

private:
    std::string path_;
};

// Without a ballast: it is told of in its own tests.
inline std::unique_ptr<Store> open_store(const TempDir& dir, StoreSettings settings = {}) {
    settings.ballast_bytes = 0;
    auto opened = Store::open(dir.path(), settings, kit::kNoon);
    if (!opened) ADD_FAILURE() << opened.error().detail;
    return opened ? std::move(*opened) : nullptr;
}

// A record of `kind` without identity, with a body that names `n`.
inline Record record_of(Stream stream, const std::string& kind, int n) {
    return {.stream = stream,
            .kind = kind,
            .at = kit::at(milliseconds{n}),
            .body = "{\"n\":" + std::to_string(n) + ",\"text\":\"\u8d2d\u7269\"}"};
}

inline Record sale_record(const std::string& id, std::int32_t revision, const std::string& digest) {
    return {.stream = Stream::Ledger,
            .kind = "sale",
            .event_id = id,
            .revision = revision,
            .at = kit::at(),
            .body = "{\"sale\":\"" + id + "\",\"revision\":" + std::to_string(revision) + "}",
            .digest = digest};
}

inline Batch batch_of(std::vector<Record> records) {
    Batch batch;
    batch.records = std::move(records);
    return batch;
}

// `count` footfall minutes, numbered from `first`.
inline Batch minutes_of(int first, int count) {
    Batch batch;
    for (int n = first; n < first + count; ++n) {
        batch.records.push_back(record_of(Stream::Footfall, "footfall_minute", n));
    }
    return batch;
}

inline std::vector<OutboxRow> rows_of(Reads& store, Stream stream, std::int64_t from_seq = 1) {
    auto rows = store.read(OutboxRead{.stream = stream, .from_seq = from_seq});
    if (!rows) ADD_FAILURE() << rows.error().detail;
    return rows ? std::move(*rows) : std::vector<OutboxRow>{};
}

inline StreamDepth depth_of(Reads& store, Stream stream) {
    auto depths = store.depths();
    if (!depths) ADD_FAILURE() << depths.error().detail;
    return depths ? depths->at(static_cast<std::size_t>(stream)) : StreamDepth{};
}

inline void expect_same(const Record& is, const Record& was) {
    EXPECT_EQ(is.stream, was.stream);
    EXPECT_EQ(is.kind, was.kind);
    EXPECT_EQ(is.event_id, was.event_id);
    EXPECT_EQ(is.revision, was.revision);
    EXPECT_EQ(is.at, was.at);
    EXPECT_EQ(is.body, was.body);
    EXPECT_EQ(is.digest, was.digest);
}

}  // namespace aisle::store
