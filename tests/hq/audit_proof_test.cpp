#include "sync/hq/audit_proof.hpp"

#include <gtest/gtest.h>

#include "agent/intake/digest.hpp"
#include "agent/records/audit_chain.hpp"
#include "quiet_store.hpp"
#include "tests/kit/builders.hpp"

// The chain through what people did, as headquarters has it.
namespace aisle::hq {
namespace {

class Told final : public QuietStore {
public:
    Result<std::vector<Notice>> notices(std::int64_t after, std::size_t limit) override {
        std::vector<Notice> page;
        for (const Notice& one : all) {
            if (one.id > after && page.size() < limit) page.push_back(one);
        }
        return page;
    }
    void tell(const std::string& body, const std::string& kind = "audit") {
        Notice notice;
        notice.id = static_cast<std::int64_t>(all.size()) + 1;
        notice.store = "s-0001";
        notice.kind = kind;
        notice.body = body;
        all.push_back(std::move(notice));
    }
    std::vector<Notice> all;
};

// Bodies of a chain of `n` entries.
std::vector<std::string> chain(int n) {
    std::vector<std::string> bodies;
    std::string before;
    for (int i = 1; i <= n; ++i) {
        records::AuditEntry entry{.n = i,
                                  .actor = "s-2",
                                  .action = "offer.redeem",
                                  .subject = "o-" + std::to_string(i),
                                  .detail = {},
                                  .at = kit::at(seconds{i})};
        entry.chain = before = records::chain_of(
            before, entry, [](std::string_view text) { return intake::sha256_hex(text); });
        bodies.push_back(records::audit_record(entry).body);
    }
    return bodies;
}

AuditProof proof_of(Told& told) {
    const auto proofs = prove_audit(told, {});
    EXPECT_TRUE(proofs);
    return proofs && !proofs->empty() ? proofs->front() : AuditProof{};
}

TEST(AuditProof, HoldsWhereEveryEntryCame) {
    Told told;
    for (const std::string& body : chain(5)) told.tell(body);
    EXPECT_EQ(proof_of(told).entries, 5);
    EXPECT_EQ(proof_of(told).breaks, 0) << proof_of(told).first_break;
}

TEST(AuditProof, HoldsInWhateverOrderTheyCameAndHoweverOften) {
    Told told;
    const auto bodies = chain(5);
    for (const std::size_t i : {3U, 4U, 0U, 1U, 2U, 1U, 4U}) told.tell(bodies[i]);
    EXPECT_EQ(proof_of(told).entries, 5);
    EXPECT_EQ(proof_of(told).breaks, 0) << proof_of(told).first_break;
}

TEST(AuditProof, BreaksAtAnEntryThatWasEditedBeforeItWasSent) {
    Told told;
    auto bodies = chain(5);
    bodies[2].replace(bodies[2].find("s-2"), 3, "s-9");
    for (const std::string& body : bodies) told.tell(body);
    EXPECT_EQ(proof_of(told).breaks, 1);
    EXPECT_EQ(proof_of(told).first_break, "entry 3 is not what was written");
}

TEST(AuditProof, BreaksWhereAnEntryWasLeftOut) {
    Told told;
    const auto bodies = chain(5);
    for (const std::size_t i : {0U, 1U, 3U, 4U}) told.tell(bodies[i]);
    EXPECT_EQ(proof_of(told).missing, 1);
    EXPECT_EQ(proof_of(told).first_break, "entry 2 is followed by 4");
}

TEST(AuditProof, BreaksWhereTwoHistoriesHaveOneNumber) {
    Told told;
    for (const std::string& body : chain(3)) told.tell(body);
    std::string other = chain(3)[2];
    other.replace(other.find("\"chain\":\"") + 9, 4, "0000");
    told.tell(other);
    EXPECT_GT(proof_of(told).breaks, 0);
}

TEST(AuditProof, MissesNobodyWhoWasForgotten) {
    Told told;
    const auto bodies = chain(5);
    for (const std::size_t i : {0U, 1U, 3U, 4U}) told.tell(bodies[i]);
    told.tell(R"({"erased":true})");
    EXPECT_EQ(proof_of(told).erased, 1);
    EXPECT_EQ(proof_of(told).breaks, 0) << proof_of(told).first_break;
}

TEST(AuditProof, PassesOverWhatAStoreTellsOfItselfAndOtherKinds) {
    Told told;
    told.tell(R"({"what":"store_salvaged","why":"damaged"})");
    for (const std::string& body : chain(2)) told.tell(body);
    told.tell("{}", "health");
    EXPECT_EQ(proof_of(told).beside, 1);
    EXPECT_EQ(proof_of(told).breaks, 0);
}

}  // namespace
}  // namespace aisle::hq
