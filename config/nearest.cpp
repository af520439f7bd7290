#include "config/nearest.hpp"

#include <algorithm>
#include <numeric>

namespace aisle::config {
namespace {

// Levenshtein's distance, row by row.
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t change = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({change, row[j] + 1, row[j - 1] + 1});
        }
    }
    return row.back();
}

}  // namespace

std::string nearest(std::string_view wrong, const std::vector<std::string>& words) {
    std::string best;
    std::size_t best_edits = std::max<std::size_t>(2, wrong.size() / 3) + 1;
    best_edits = std::min(best_edits, wrong.size());  // as many edits make any word of any other
    for (const std::string& word : words) {
        const std::size_t edits = distance(wrong, word);
        if (edits < best_edits) best = word, best_edits = edits;
    }
    return best;
}

}  // namespace aisle::config
