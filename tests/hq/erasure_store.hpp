#pragma once

#include <gtest/gtest.h>

#include "event_store_contract.hpp"
#include "sync/hq/erasure.hpp"

// What erasing must hold, whatever the database.
namespace aisle::hq {

inline const std::string kErasedMember(32, 'a');
inline const std::string kOtherMember(32, 'b');

inline std::string naming(const std::string& member) {
    return R"({"total": 900, "member": ")" + member + R"("})";
}

// Two shops with rows of two members; slices of two rows each.
inline std::int64_t erase_all(EventStore& store, const std::string& shop) {
    std::int64_t erased = 0;
    EraseOrder order{
        .store = shop, .members = {kErasedMember, std::string(32, 'c')}, .rows_max = 2};
    for (int slices = 0; slices < 100; ++slices) {
        const auto slice = store.erase(order);
        EXPECT_TRUE(slice) << (slice ? "" : slice.error().detail);
        if (!slice) return -1;
        erased += slice->erased;
        if (!slice->next) return erased;
        EXPECT_GT(*slice->next, order.after);
        order.after = *slice->next;
    }
    ADD_FAILURE() << "the slices do not end";
    return -1;
}

// The same by digests alone, in one slice: what a shop says of names that only it knows.
inline std::int64_t erase_by_digest(EventStore& store, const std::string& shop) {
    const auto slice = store.erase({.store = shop, .digests = {name_digest(kErasedMember)}});
    EXPECT_TRUE(slice) << (slice ? "" : slice.error().detail);
    return slice ? slice->erased : -1;
}

inline void fill_for_erasure(EventStore& store, const Clock& clock) {
    using contract::batch_of;
    using contract::LineSpec;
    std::vector<LineSpec> rows;
    for (std::int64_t seq = 1; seq <= 9; ++seq)
        rows.push_back({.seq = seq,
                        .body = naming(seq % 3 == 0 ? kErasedMember : kOtherMember),
                        .kind = seq == 3 ? "sale" : "consent"});
    auto elsewhere = header_for(1, 1);
    elsewhere.store = StoreId{"s-0002"};
    const std::vector<Inbound> batches{
        batch_of(kEpoch, rows),
        batch_of(contract::kSecondEpoch, {{.seq = 1, .body = naming(kErasedMember)}}),
        batch_of(kEpoch, {{.seq = 1, .body = naming(kErasedMember)}}, Stream::Offers),
        inbound(elsewhere, {line_for(1, naming(kErasedMember))})};
    ASSERT_TRUE(store.apply(batches, clock));
}

}  // namespace aisle::hq
