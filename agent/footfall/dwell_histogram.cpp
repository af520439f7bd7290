#include "agent/footfall/dwell_histogram.hpp"

#include <algorithm>
#include <bit>

#include "agent/footfall/fields.hpp"

namespace aisle::footfall {
namespace {

constexpr std::uint64_t kSecondsMax = 86'400;
constexpr int kBucketsMax = 120;

int bucket_of(std::uint64_t dwell_s) {
    if (dwell_s < 8) return static_cast<int>(dwell_s);
    const int power = static_cast<int>(std::bit_width(dwell_s)) - 1;
    return 8 * (power - 2) + static_cast<int>((dwell_s >> (power - 3)) & 7);
}

std::int64_t middle_of(int bucket) {
    if (bucket < 8) return bucket;
    const int shift = bucket / 8 - 1;
    const std::int64_t width = std::int64_t{1} << shift;
    return (8 + bucket % 8) * width + width / 2;
}

}  // namespace

void DwellHistogram::add(seconds dwell) {
    const auto whole = static_cast<std::uint64_t>(std::max<std::int64_t>(0, dwell.count()));
    ++buckets_[bucket_of(std::min(whole, kSecondsMax))];
    ++count_;
}

seconds DwellHistogram::quantile(int permille) const {
    std::int64_t seen = 0;
    for (const auto& [bucket, count] : buckets_) {
        seen += count;
        if (seen * 1000 >= count_ * permille) return seconds{middle_of(bucket)};
    }
    return seconds{0};
}

std::string DwellHistogram::to_text() const {
    std::string text;
    for (const auto& [bucket, count] : buckets_) {
        if (!text.empty()) text += ' ';
        text += std::to_string(bucket) + ":" + std::to_string(count);
    }
    return text;
}

std::optional<DwellHistogram> DwellHistogram::from_text(std::string_view text) {
    DwellHistogram histogram;
    while (!text.empty()) {
        auto pair = take_field(text, ' ');
        const auto bucket = number_from(take_field(pair, ':'));
        const auto count = number_from(pair);
        if (!bucket || !count || *bucket < 0 || *bucket >= kBucketsMax || *count < 1) {
            return std::nullopt;
        }
        histogram.buckets_[static_cast<int>(*bucket)] += *count;
        histogram.count_ += *count;
    }
    return histogram;
}

}  // namespace aisle::footfall
