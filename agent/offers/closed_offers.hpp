#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "agent/core/hex.hpp"
#include "agent/offers/held.hpp"

namespace aisle::offers {

// How the latest offers ended, so that a late receipt or a second use of a code finds out: 20,000
// of them, each as a few packed bytes. Inside this room only; one thread.
class ClosedOffers {
public:
    [[nodiscard]] std::optional<Closed> find(const OfferId& offer) const;
    // The last that ended under this code.
    [[nodiscard]] std::optional<Closed> under(const std::string& code) const;
    // What a receipt names: an offer or its code.
    [[nodiscard]] std::optional<Closed> named(const std::string& name) const;

    // A new one, or the same with more known of it: its `order` stays what it was.
    void put(const Closed& closed);
    // The oldest goes; empty where there is none.
    OfferId drop_oldest();
    void clear();

    [[nodiscard]] std::size_t size() const { return rows_.size(); }
    [[nodiscard]] std::vector<OfferId> ids() const;  // oldest first

private:
    using Order = std::uint64_t;
    struct IdHash {
        std::size_t operator()(const Id128& id) const;
    };

    [[nodiscard]] std::optional<Order> order_of(std::string_view offer) const;
    [[nodiscard]] std::optional<Closed> at(std::optional<Order> order) const;

    std::map<Order, std::string> rows_;
    boost::unordered_flat_map<Id128, Order, IdHash> by_id_;
    std::map<std::string, Order, std::less<>> by_odd_id_;  // that are no 32 hex digits
    boost::unordered_flat_map<std::string, Order> by_code_;
};

}  // namespace aisle::offers
