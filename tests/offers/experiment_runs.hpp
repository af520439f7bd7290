#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "agent/core/srm.hpp"
#include "agent/offers/assignment.hpp"

// Simulated experiments: what the acceptance asks of assignment and alarm, in any size.
namespace aisle::offers {

struct Shares {
    int runs = 0;
    int below_5_percent = 0;  // of the p values
    int below_1_permille = 0;
    double least_p = 1;
};

inline void count(double p, Shares& shares) {
    ++shares.runs;
    shares.below_5_percent += p < 0.05;
    shares.below_1_permille += p < 0.001;
    shares.least_p = std::min(shares.least_p, p);
}

// Chi-squared of a table of two by two against independence.
inline double independence_p(const std::array<std::array<std::int64_t, 2>, 2>& table) {
    const double all = static_cast<double>(table[0][0] + table[0][1] + table[1][0] + table[1][1]);
    double statistic = 0;
    for (std::size_t i = 0; i < 2; ++i)
        for (std::size_t j = 0; j < 2; ++j) {
            const auto row = static_cast<double>(table[i][0] + table[i][1]);
            const auto column = static_cast<double>(table[0][j] + table[1][j]);
            const double off = static_cast<double>(table[i][j]) - row * column / all;
            statistic += off * off / (row * column / all);
        }
    return upper_tail({.statistic = statistic, .freedom = 1});
}

struct AssignmentRuns {
    Shares balance;       // half against half, one p an experiment
    Shares independence;  // of an experiment and the one before it
};

// `experiments` of two halves over the same people, whose ids look like pseudonyms.
inline AssignmentRuns run_assignments(int experiments, int people) {
    AssignmentRuns runs;
    std::mt19937_64 random{20260601};
    std::vector<std::string> ids;
    constexpr std::string_view kHex = "0123456789abcdef";
    for (int i = 0; i < people; ++i) {
        std::string id(32, '0');
        for (char& c : id) c = kHex[random() % 16];
        ids.push_back(std::move(id));
    }
    std::vector<bool> before, now(ids.size());
    for (int e = 0; e < experiments; ++e) {
        const std::string name = "aa-" + std::to_string(e);
        const Experiment halves{
            .key = name, .seed = name, .holdout = name, .arms = {{"A", 0.5}, {"B", 0.5}}};
        std::array<std::array<std::int64_t, 2>, 2> table{};
        std::int64_t in_b = 0;
        for (std::size_t i = 0; i < ids.size(); ++i) {
            const bool b = arm_of(halves, ids[i]) == &halves.arms[1];
            now[i] = b;
            in_b += b;
            if (e > 0) ++table[before[i]][b];
        }
        const std::array<RatioGroup, 2> groups{
            {{.weight = 1, .n = people - in_b}, {.weight = 1, .n = in_b}}};
        count(look_at_ratio(groups).p, runs.balance);
        if (e > 0) count(independence_p(table), runs.independence);
        before = now;
    }
    return runs;
}

struct Looking {
    double share = 0.5;  // of the first of two halves, in truth
    std::int64_t first = kFirstLook;
    std::int64_t every = kLookEvery;
    std::int64_t until = kPlannedExposures;
};

// How many of the seeds raise the alarm at some look.
inline int alarms(const Looking& looking, int seeds, std::uint64_t first_seed) {
    int raised = 0;
    for (int s = 0; s < seeds; ++s) {
        std::mt19937_64 random{first_seed + static_cast<std::uint64_t>(s)};
        std::bernoulli_distribution first_half{looking.share};
        std::array<RatioGroup, 2> groups{{{.weight = 1}, {.weight = 1}}};
        std::int64_t due = looking.first;
        for (std::int64_t n = 1; n <= looking.until; ++n) {
            ++groups[first_half(random) ? 0 : 1].n;
            if (n < due) continue;
            if (look_at_ratio(groups).alarm) {
                ++raised;
                break;
            }
            due += looking.every;
        }
    }
    return raised;
}

}  // namespace aisle::offers
