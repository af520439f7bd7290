#include "sync/hq/audit_proof.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <map>

#include <sodium.h>

#include "agent/records/audit_chain.hpp"

namespace aisle::hq {
namespace {

constexpr std::size_t kNoticesAtOnce = 1000;
constexpr std::string_view kErasedBody = R"({"erased":true})";

std::string sha256_hex(std::string_view bytes) {
    std::array<unsigned char, crypto_hash_sha256_BYTES> sum{};
    crypto_hash_sha256(sum.data(), reinterpret_cast<const unsigned char*>(bytes.data()),
                       bytes.size());
    std::string hex(2 * sum.size() + 1, '\0');
    sodium_bin2hex(hex.data(), hex.size(), sum.data(), sum.size());
    hex.pop_back();
    return hex;
}

struct Heard {
    AuditProof proof;
    std::vector<records::AuditEntry> entries;
};

void note(AuditProof& proof, const std::string& why) {
    if (proof.breaks++ == 0) proof.first_break = why;
}

void take(Heard& heard, const Notice& notice) {
    if (notice.body.starts_with(R"({"what":"store_)")) {
        ++heard.proof.beside;
        return;
    }
    if (notice.body == kErasedBody) {
        ++heard.proof.erased;
        return;
    }
    auto entry = records::audit_from_json(notice.body);
    if (!entry) return note(heard.proof, "an entry cannot be read: " + entry.error().detail);
    heard.entries.push_back(std::move(*entry));
}

// In the order of their numbers: the backlog comes after what is new, and rows come again in other
// epochs.
void judge(Heard& heard) {
    std::ranges::stable_sort(heard.entries, {}, &records::AuditEntry::n);
    records::AuditHead before;
    std::string jump;
    for (const records::AuditEntry& entry : heard.entries) {
        if (entry.n == before.n && entry.chain == before.chain) continue;
        ++heard.proof.entries;
        const std::string number = std::to_string(entry.n);
        if (entry.n == before.n) {
            note(heard.proof, "there are two entries " + number);
        } else if (entry.n != before.n + 1) {
            heard.proof.missing += entry.n - before.n - 1;
            if (jump.empty())
                jump = "entry " + std::to_string(before.n) + " is followed by " + number;
        } else if (records::chain_of(before.chain, entry, sha256_hex) != entry.chain) {
            note(heard.proof, "entry " + number + " is not what was written");
        }
        before = {entry.n, entry.chain};
    }
    if (heard.proof.missing > heard.proof.erased) note(heard.proof, jump);
}

}  // namespace

Result<std::vector<AuditProof>> prove_audit(EventStore& events, std::string_view store) {
    std::map<std::string, Heard> by_store;
    std::int64_t after = 0;
    for (;;) {
        const auto page = events.notices(after, kNoticesAtOnce);
        if (!page) return page.error();
        for (const Notice& notice : *page) {
            after = notice.id;
            if (notice.kind != "audit" || (!store.empty() && notice.store != store)) continue;
            take(by_store[notice.store], notice);
        }
        if (page->empty()) break;
    }
    std::vector<AuditProof> proofs;
    for (auto& [name, heard] : by_store) {
        heard.proof.store = name;
        judge(heard);
        proofs.push_back(std::move(heard.proof));
    }
    return proofs;
}

std::string to_json(const AuditProof& proof) {
    boost::json::object out;
    out["store"] = proof.store;
    out["audit_entries"] = proof.entries;
    out["audit_beside"] = proof.beside;
    out["audit_erased"] = proof.erased;
    out["audit_missing"] = proof.missing;
    out["audit_breaks"] = proof.breaks;
    if (proof.breaks > 0) out["first_break"] = proof.first_break;
    return boost::json::serialize(out);
}

}  // namespace aisle::hq
