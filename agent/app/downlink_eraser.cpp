#include "agent/app/downlink_eraser.hpp"

#include <algorithm>
#include <cstdint>

#include "agent/runtime/log.hpp"
#include "sync/wire/line.hpp"

namespace aisle::app {
namespace {

constexpr std::int64_t kBehindAllRows = INT64_MAX;

}  // namespace

std::vector<MemberKey> name_digests(std::span<const MemberKey> names) {
    std::vector<MemberKey> digests;
    for (const MemberKey& name : names) digests.emplace_back(wire::check_of(name.value));
    std::ranges::sort(digests);
    return digests;
}

void overwrite(Eraser& eraser) {
    eraser.erase({MemberKey{}}, [](const Result<Erased>& done) {
        if (!done) log::warn("erased_not_overwritten", {{"why", done.error().detail}});
    });
}

void StoreEraser::erase(std::vector<MemberKey> members,
                        std::function<void(Result<Erased>)> answer) {
    auto order = std::make_shared<Order>();
    order->left = std::move(members);
    order->answer = std::move(answer);
    go_on(std::move(order));
}

void StoreEraser::go_on(std::shared_ptr<Order> order) {
    if (order->left.empty()) return order->answer(order->so_far);
    const bool taken = parts_.write([this, order] {
        const std::string& name = order->left.back().value;
        const std::int64_t after = name.empty() ? kBehindAllRows : order->after_id;
        auto work = std::make_shared<Result<store::ErasureWork>>(
            parts_.store.erase({.member = name}, after));
        parts_.loop.post([this, order, work] { done(order, *work); });
    });
    if (!taken) order->answer(full("the storage queue is full"));
}

void StoreEraser::done(std::shared_ptr<Order> order, const Result<store::ErasureWork>& work) {
    if (!work) return order->answer(work.error());
    order->so_far.journal_rows += work->journal_rows;
    order->so_far.outbox_rows += work->outbox_rows;
    order->after_id = work->more ? work->next_id : 0;
    if (!work->more) order->left.pop_back();
    go_on(std::move(order));
}

}  // namespace aisle::app
