#include "agent/records/audit_chain.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "tests/kit/builders.hpp"

namespace aisle::records {
namespace {

// Enough of a digest for a test: different texts give different words.
std::string plain(std::string_view bytes) {
    return std::to_string(std::hash<std::string_view>{}(bytes));
}

std::vector<AuditEntry> chain(int entries) {
    std::vector<AuditEntry> all;
    std::string before;
    for (int n = 1; n <= entries; ++n) {
        AuditEntry entry{.n = n, .actor = "s-2", .action = "offer.redeem", .subject = "o1"};
        entry.at = kit::at(seconds{n});
        entry.chain = before = chain_of(before, entry, plain);
        all.push_back(std::move(entry));
    }
    return all;
}

int breaks_in(const std::vector<AuditEntry>& entries) {
    AuditWalk walk{plain};
    int breaks = 0;
    for (const AuditEntry& entry : entries) breaks += walk.step(entry).has_value() ? 1 : 0;
    return breaks;
}

TEST(AuditChain, HoldsAsItWasWritten) { EXPECT_EQ(breaks_in(chain(20)), 0); }

TEST(AuditChain, ShowsEveryFieldThatWasEdited) {
    const std::vector<std::function<void(AuditEntry&)>> edits{
        [](AuditEntry& e) { e.actor = "s-3"; }, [](AuditEntry& e) { e.action = "x"; },
        [](AuditEntry& e) { e.subject = "o2"; }, [](AuditEntry& e) { e.detail = "5.00"; },
        [](AuditEntry& e) { e.at.wall += seconds{1}; }};
    for (const auto& edit : edits) {
        auto entries = chain(5);
        edit(entries[2]);
        EXPECT_EQ(breaks_in(entries), 1);
    }
}

TEST(AuditChain, ShowsAnEntryThatWasLeftOut) {
    auto entries = chain(5);
    entries.erase(entries.begin() + 2);
    EXPECT_EQ(breaks_in(entries), 1);
}

TEST(AuditChain, ShowsThatAnEditWasChainedAnew) {
    auto entries = chain(5);
    entries[2].actor = "nobody";
    entries[2].chain = chain_of(entries[1].chain, entries[2], plain);
    EXPECT_EQ(breaks_in(entries), 1);  // at the one after
}

TEST(AuditChain, ShowsAFirstEntryThatWasEdited) {
    auto entries = chain(3);
    entries[0].actor = "nobody";
    EXPECT_EQ(breaks_in(entries), 1);
}

TEST(AuditChain, BelievesTheOldestThatRetentionHasLeft) {
    auto entries = chain(9);
    entries.erase(entries.begin(), entries.begin() + 4);
    EXPECT_EQ(breaks_in(entries), 0);
}

TEST(AuditChain, MustEndAtItsHead) {
    const auto entries = chain(4);
    AuditWalk walk{plain};
    for (const AuditEntry& entry : entries) walk.step(entry);
    EXPECT_FALSE(walk.end({4, entries.back().chain}));
    EXPECT_TRUE(walk.end({5, "x"}));
    EXPECT_TRUE(walk.end({4, "x"}));
    EXPECT_TRUE(walk.end({3, entries[2].chain}));
}

TEST(AuditChain, OfNothingEndsAtNothing) {
    EXPECT_FALSE(AuditWalk{plain}.end({}));
    EXPECT_TRUE(AuditWalk{plain}.end({1, "x"}));
}

}  // namespace
}  // namespace aisle::records
