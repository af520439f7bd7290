#include "sync/wire/topics.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstdint>

namespace aisle::wire {
namespace {

constexpr std::string_view kRoot = "aisle/v1/";
constexpr std::size_t kStoreIdMax = 32;
constexpr std::string_view kUp = "up/";

struct FixedTail {
    Channel channel;
    std::string_view text;
};
constexpr std::array<FixedTail, 5> kTails{{
    {Channel::Ack, "ack"},
    {Channel::State, "state"},
    {Channel::DownBundle, "down/bundle"},
    {Channel::DownData, "down/data"},
    {Channel::DownCommand, "down/cmd"},
}};

std::string two_digits(unsigned value) {
    return {static_cast<char>('0' + value / 10), static_cast<char>('0' + value % 10)};
}

std::string tail_of(const Topic& topic) {
    if (topic.channel == Channel::Up) {
        assert(topic.stream != Stream::Local);
        return std::string{kUp} + std::string{aisle::to_text(topic.stream)};
    }
    const auto* found = std::ranges::find(kTails, topic.channel, &FixedTail::channel);
    return std::string{found->text};
}

bool read_tail(std::string_view text, Topic& topic) {
    if (text.starts_with(kUp)) {
        const auto stream = stream_from(text.substr(kUp.size()));
        if (!stream || *stream == Stream::Local) return false;
        topic.stream = *stream;
        return true;
    }
    const auto* found = std::ranges::find(kTails, text, &FixedTail::text);
    if (found == kTails.end()) return false;
    topic.channel = found->channel;
    return true;
}

}  // namespace

bool valid_store_id(std::string_view id) {
    const auto fits = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    };
    return !id.empty() && id.size() <= kStoreIdMax && std::ranges::all_of(id, fits);
}

// FNV-1a (Fowler, Noll, Vo; draft-eastlake-fnv): offset basis 2166136261, prime 16777619.
unsigned partition_of(const StoreId& store) {
    std::uint32_t hash = 2'166'136'261U;
    for (const char c : store.value) {
        hash ^= static_cast<unsigned char>(c);
        hash *= 16'777'619U;
    }
    return hash % kPartitions;
}

std::string to_text(const Topic& topic) {
    assert(valid_store_id(topic.store.value));
    return std::string{kRoot} + two_digits(partition_of(topic.store)) + "/" + topic.store.value +
           "/" + tail_of(topic);
}

std::string every_down(const StoreId& store) {
    assert(valid_store_id(store.value));
    return std::string{kRoot} + two_digits(partition_of(store)) + "/" + store.value + "/down/+";
}

std::optional<Topic> parse_topic(std::string_view text) {
    if (!text.starts_with(kRoot)) return std::nullopt;
    text.remove_prefix(kRoot.size());
    const auto part_end = text.find('/');
    if (part_end == std::string_view::npos) return std::nullopt;
    const auto store_end = text.find('/', part_end + 1);
    if (store_end == std::string_view::npos) return std::nullopt;

    const auto store = text.substr(part_end + 1, store_end - part_end - 1);
    if (!valid_store_id(store)) return std::nullopt;
    Topic topic{.store = StoreId{std::string{store}}};
    if (text.substr(0, part_end) != two_digits(partition_of(topic.store))) return std::nullopt;
    if (!read_tail(text.substr(store_end + 1), topic)) return std::nullopt;
    return topic;
}

}  // namespace aisle::wire
