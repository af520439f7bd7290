#include "sync/wire/guard.hpp"

#include <cassert>

#include "sync/wire/line.hpp"

namespace aisle::wire {
namespace {

constexpr std::string_view kBefore = ",\"sum\":\"";
constexpr std::size_t kSumHex = 16;
constexpr std::string_view kAfter = "\"}";
constexpr std::size_t kTailBytes = kBefore.size() + kSumHex + kAfter.size();

std::string sum_of(std::string_view topic, std::string_view text) {
    std::string both{topic};
    both += '\n';
    both += text;
    return check_of(both);
}

}  // namespace

std::string guarded(std::string_view topic, std::string json) {
    assert(json.size() > 2 && json.back() == '}');  // an empty object would get a stray comma
    json.pop_back();
    const std::string sum = sum_of(topic, json);
    json += kBefore;
    json += sum;
    json += kAfter;
    return json;
}

Status intact(std::string_view topic, std::string_view payload) {
    if (payload.size() <= kTailBytes) return malformed("no sum");
    const auto text = payload.substr(0, payload.size() - kTailBytes);
    const auto tail = payload.substr(text.size());
    if (!tail.starts_with(kBefore) || !tail.ends_with(kAfter)) return malformed("no sum");
    if (tail.substr(kBefore.size(), kSumHex) != sum_of(topic, text))
        return malformed("damaged on the way");
    return {};
}

}  // namespace aisle::wire
