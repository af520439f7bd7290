#include "agent/store/manifest.hpp"

#include <gtest/gtest.h>

#include "sim_store.hpp"

namespace aisle::store {
namespace {

Manifest sample() {
    Manifest manifest{.store = "s-0001",
                      .epoch = "00000000000000aa",
                      .schema = 4,
                      .wall = kit::kNoon,
                      .set_aside = "aisle.db.bad-x",
                      .suspect = "a \"quoted\" word"};
    manifest.marks.at(2) = {.acked = 7, .next = 1'000'000'000'000};
    return manifest;
}

TEST(Manifest, ComesBackAsItWasWritten) {
    const auto read = manifest_from_json(to_json(sample()));
    ASSERT_TRUE(read);
    EXPECT_EQ(to_json(*read), to_json(sample()));
    EXPECT_EQ(read->marks.at(2).next, 1'000'000'000'000);
    EXPECT_EQ(read->suspect, sample().suspect);
}

TEST(Manifest, IsRefusedWithAnyByteChangedOrMissing) {
    const std::string text = to_json(sample());
    for (std::size_t at = 0; at < text.size(); ++at) {
        std::string changed = text;
        changed[at] = static_cast<char>(changed[at] ^ 1);
        EXPECT_FALSE(manifest_from_json(changed)) << at;
        EXPECT_FALSE(manifest_from_json(text.substr(0, at))) << at;
    }
}

TEST(ManifestFile, IsWrittenOnlyForWhatIsWorthIt) {
    kit::SimDisk disk;
    ManifestFile file{disk, kSimDir};
    Manifest manifest = sample();
    ASSERT_TRUE(file.keep(manifest));
    const auto writes = disk.counters().writes;
    manifest.marks.at(2).next += kManifestSeqStep - 1;
    manifest.wall += kManifestEvery - seconds{1};
    ASSERT_TRUE(file.keep(manifest));
    EXPECT_EQ(disk.counters().writes, writes);
    manifest.marks.at(2).next += 1;
    ASSERT_TRUE(file.keep(manifest));
    EXPECT_GT(disk.counters().writes, writes);
}

}  // namespace
}  // namespace aisle::store
