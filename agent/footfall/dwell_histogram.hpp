#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "agent/core/time.hpp"

namespace aisle::footfall {

// Lengths of stay in buckets that grow with the length: eight to each power of two, so a quantile
// is right to 6 % (the layout of HdrHistogram). At most 120 buckets, whatever happens.
class DwellHistogram {
public:
    void add(seconds dwell);  // longer than a day counts as a day
    [[nodiscard]] std::int64_t count() const { return count_; }
    // The shortest stay that at least `permille` of all did not exceed; 0 when there are none.
    [[nodiscard]] seconds quantile(int permille) const;

    // "bucket:count bucket:count", ascending.
    [[nodiscard]] std::string to_text() const;
    static std::optional<DwellHistogram> from_text(std::string_view text);

    friend bool operator==(const DwellHistogram&, const DwellHistogram&) = default;

private:
    std::map<int, std::int64_t> buckets_;
    std::int64_t count_ = 0;
};

}  // namespace aisle::footfall
