#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "agent/core/ids.hpp"
#include "agent/core/record.hpp"

// The names under which a store and HQ meet: aisle/v1/<part>/<store>/... (docs/sync-protocol.md).
// Pure.
namespace aisle::wire {

// [a-z0-9-]{1,32}: dots, slashes and wildcards mean something to one broker or another.
bool valid_store_id(std::string_view id);

// FNV-1a 32 of the store id mod 32: collectors share the work by it on any broker.
inline constexpr unsigned kPartitions = 32;
unsigned partition_of(const StoreId& store);

enum class Channel { Up, Ack, State, DownBundle, DownData, DownCommand };

struct Topic {
    StoreId store;
    Channel channel = Channel::Up;
    Stream stream = Stream::Ledger;  // only for Up

    friend bool operator==(const Topic&, const Topic&) = default;
};

// The store id must be valid and an Up topic's stream must not be Local: both are asserted.
std::string to_text(const Topic& topic);
// Nothing for a foreign topic, a bad store id, or a partition that is not the store's.
std::optional<Topic> parse_topic(std::string_view text);

// A store's filter for all that comes down: one, so that the broker keeps one subscription.
std::string every_down(const StoreId& store);

// Filters for a collector of all partitions.
inline constexpr std::string_view kEveryUp = "aisle/v1/+/+/up/+";
inline constexpr std::string_view kEveryState = "aisle/v1/+/+/state";

}  // namespace aisle::wire
