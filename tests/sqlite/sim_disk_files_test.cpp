// The model under the simulated disk: a fault here would make every power-cut test lie.
#include "tests/kit/sim_disk_files.hpp"

#include <gtest/gtest.h>

#include <set>

namespace aisle::kit {
namespace {

SimFile synced_file(std::string_view bytes) {
    SimFile file;
    file.write(0, bytes);
    file.synced();
    return file;
}

TEST(SimFile, ShowsUnsyncedWritesToThePrograms) {
    SimFile file = synced_file("aaaa");
    file.write(2, "bbbb");
    EXPECT_EQ(file.bytes(), "aabbbb");
    file.truncate(1);
    EXPECT_EQ(file.bytes(), "a");
}

TEST(SimFile, LosesWhatWasNotSynced) {
    SimFile file = synced_file("aaaa");
    file.write(2, "bbbb");
    file.truncate(1);
    file.write(3, "c");
    file.lose_all();
    EXPECT_EQ(file.bytes(), "aaaa");
}

TEST(SimFile, KeepsWhatWasSynced) {
    SimFile file = synced_file("aaaa");
    file.truncate(0);
    file.write(0, "bb");
    file.synced();
    file.lose_all();
    EXPECT_EQ(file.bytes(), "bb");
}

TEST(SimFile, KeepsEveryBeginningAndNothingElse) {
    std::set<std::string> seen;
    for (unsigned seed = 0; seed < 200; ++seed) {
        SimFile file = synced_file("....");
        file.write(0, "a");
        file.write(1, "b");
        file.write(2, "c");
        std::mt19937_64 random{seed};
        file.keep_prefix(random);
        seen.insert(file.bytes());
    }
    EXPECT_EQ(seen, (std::set<std::string>{"....", "a...", "ab..", "abc."}));
}

TEST(SimFile, KeepsEverySubset) {
    std::set<std::string> seen;
    for (unsigned seed = 0; seed < 400; ++seed) {
        SimFile file = synced_file("...");
        file.write(0, "a");
        file.write(1, "b");
        file.write(2, "c");
        std::mt19937_64 random{seed};
        file.keep_subset(random);
        seen.insert(file.bytes());
    }
    EXPECT_EQ(seen.size(), 8u);
}

TEST(SimFile, FillsTheHoleOfALostWriteWithZeros) {
    for (unsigned seed = 0;; ++seed) {
        SimFile file;
        file.write(0, "a");
        file.write(1, "b");
        std::mt19937_64 random{seed};
        file.keep_subset(random);
        if (file.bytes().size() != 2 || file.bytes() == "ab") continue;
        EXPECT_EQ(file.bytes(), std::string("\0b", 2));
        return;
    }
}

// Whole sectors, one of garbage, and the old bytes behind it; never a byte outside of the write.
TEST(SimFile, TearsAtSectorsWithinTheWriteAlone) {
    std::set<std::size_t> whole_bytes;
    for (unsigned seed = 0; seed < 300; ++seed) {
        SimFile file = synced_file(std::string(4096, '.'));
        file.write(100, std::string(2000, 'x'));
        std::mt19937_64 random{seed};
        file.tear(random);
        const std::string& bytes = file.bytes();
        ASSERT_EQ(bytes.substr(0, 100), std::string(100, '.'));
        ASSERT_EQ(bytes.substr(2100), std::string(1996, '.'));
        const std::size_t kept = bytes.find_first_not_of('x', 100);
        whole_bytes.insert(kept);
        if (kept == 2100 || kept % 512 != 0) continue;
        const std::size_t behind = std::min<std::size_t>(kept + 512, 2100);
        ASSERT_EQ(bytes.substr(behind), std::string(4096 - behind, '.'));
    }
    for (const std::size_t at : {std::size_t{512}, std::size_t{1024}, std::size_t{2100}})
        EXPECT_TRUE(whole_bytes.contains(at)) << at;
}

TEST(SimDirectory, UndoesWhatWasNotSyncedInOrder) {
    SimDirectory directory;
    directory.put("a", std::make_shared<SimFile>());
    directory.remove("a");
    directory.create("a")->write(0, "new");
    directory.rename("a", "b");
    directory.lose_all();
    ASSERT_NE(directory.find("a"), nullptr);
    EXPECT_EQ(directory.find("a")->bytes(), "");
    EXPECT_EQ(directory.find("b"), nullptr);
}

// What SQLite relies on: a journal that was deleted before a sync does not come back after it.
TEST(SimDirectory, BringsNothingBackThatASyncHasCommitted) {
    for (unsigned seed = 0; seed < 50; ++seed) {
        SimDirectory directory;
        directory.create("journal");
        directory.synced();
        directory.remove("journal");
        directory.synced();
        directory.create("other");
        std::mt19937_64 random{seed};
        directory.keep_prefix(random);
        ASSERT_EQ(directory.find("journal"), nullptr);
    }
}

TEST(SimDirectory, KeepsEveryBeginning) {
    std::set<std::string> seen;
    for (unsigned seed = 0; seed < 200; ++seed) {
        SimDirectory directory;
        directory.create("a");
        directory.create("b");
        directory.rename("a", "c");
        std::mt19937_64 random{seed};
        directory.keep_prefix(random);
        std::string names;
        for (const auto& [name, file] : directory.entries()) names += name;
        seen.insert(names);
    }
    EXPECT_EQ(seen, (std::set<std::string>{"", "a", "ab", "bc"}));
}

}  // namespace
}  // namespace aisle::kit
