#pragma once

#include <cstdint>
#include <string>

namespace aisle::e2e {

// What runs of the kill driver add up to. Kept in a file between them, so that a series that was
// cut off goes on where it stopped and no single run need last for hours.
struct KillSums {
    std::int64_t runs = 0;
    std::int64_t failed = 0;  // runs that lost or doubled something
    std::int64_t kills = 0;
    std::int64_t sales = 0;
    std::int64_t at_hq = 0;
    std::int64_t doubled = 0;
    std::int64_t takeovers = 0;
    double takeover_max_s = 0;  // until another collector holds the shop's partition
    double sale_max_s = 0;      // until a sale is there that was made after the death
    double seconds = 0;

    void add(const KillSums& run);
};

// One line of numbers; zeros where there is no such file.
KillSums read_sums(const std::string& path);
// Written beside and renamed.
bool write_sums(const std::string& path, const KillSums& sums);
std::string to_json(const std::string& table, const std::string& broker, const KillSums& sums);

}  // namespace aisle::e2e
