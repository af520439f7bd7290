#pragma once

#include <memory>

#include "agent/app/storage.hpp"
#include "agent/core/downlink.hpp"

namespace aisle::app {

// The store's erasure, member by member and step by step on the storage thread, so that sales go on
// in between.
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
