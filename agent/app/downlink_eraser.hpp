#pragma once

#include <memory>
#include <span>
#include <vector>

#include "agent/app/storage.hpp"
#include "agent/core/downlink.hpp"

namespace aisle::app {

// What the shop's own word of an erasure says of the names that went: 16 hex digits of SHA-256 of
// each, ascending. The word stays in the journal, so it must not name anybody; headquarters finds
// the names in its rows by it (docs/downlink.md).
std::vector<MemberKey> name_digests(std::span<const MemberKey> names);

// What is deleted after an erasure (which names it was about) lies in the log until it is cut.
void overwrite(Eraser& eraser);

// The store's erasure, member by member and step by step on the storage thread, so that sales go on
// in between. For an empty name the journal is not looked through: only freed pages and the log are
// overwritten.
class StoreEraser final : public Eraser {
public:
    struct Parts {
        store::Store& store;  // used inside `write` only
        Run write;
        runtime::Executor& loop;
    };
    explicit StoreEraser(Parts parts) : parts_{std::move(parts)} {}
    void erase(std::vector<MemberKey> members, std::function<void(Result<Erased>)> answer) override;

private:
    struct Order {
        std::vector<MemberKey> left;
        std::int64_t after_id = 0;
        Erased so_far;
        std::function<void(Result<Erased>)> answer;
    };
    void go_on(std::shared_ptr<Order> order);
    void done(std::shared_ptr<Order> order, const Result<store::ErasureWork>& work);

    Parts parts_;
};

}  // namespace aisle::app
