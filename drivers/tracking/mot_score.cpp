#include "drivers/tracking/mot_score.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <optional>

#include "drivers/tracking/mot_sequence.hpp"

namespace aisle::tracking {
namespace {

// Outweighs any overlap, so that a pair goes on as long as it may.
constexpr double kKeepPair = 1000;

double percent(double part, double whole) { return whole > 0 ? 100 * part / whole : 0; }

double total(const std::vector<std::int64_t>& boxes) {
    return static_cast<double>(std::accumulate(boxes.begin(), boxes.end(), std::int64_t{0}));
}

// What a true track has been paired with.
struct Followed {
    std::optional<std::size_t> last;  // whenever that was
    std::optional<std::size_t> now;   // in the frame before
    bool ever = false;
};

std::vector<Pair> clear_pairs(const MotFrame& frame, const std::vector<Followed>& followed,
                              double overlap_min) {
    Likeness gains = frame.overlaps;
    for (std::size_t t = 0; t < frame.truths.size(); ++t) {
        for (std::size_t f = 0; f < frame.found.size(); ++f) {
            double& gain = gains.at({t, f});
            if (gain < overlap_min - kOverlapSlack)
                gain = 0;
            else if (followed[frame.truths[t]].now == frame.found[f])
                gain += kKeepPair;
        }
    }
    auto pairs = best_pairs(gains);
    std::erase_if(pairs, [&](const Pair& pair) { return gains.at(pair) <= 0; });
    return pairs;
}

// How much of two whole tracks' boxes is shared, where a box that overlaps with several counts in
// part: what HOTA aligns tracks by before it pairs boxes.
Likeness alignment(const MotSequence& sequence) {
    Likeness shared{{sequence.true_boxes.size(), sequence.found_boxes.size()}};
    for (const MotFrame& frame : sequence.frames) {
        std::vector<double> of_truth(frame.truths.size());
        std::vector<double> of_found(frame.found.size());
        for (std::size_t t = 0; t < of_truth.size(); ++t) {
            for (std::size_t f = 0; f < of_found.size(); ++f) {
                of_truth[t] += frame.overlaps.at({t, f});
                of_found[f] += frame.overlaps.at({t, f});
            }
        }
        for (std::size_t t = 0; t < of_truth.size(); ++t) {
            for (std::size_t f = 0; f < of_found.size(); ++f) {
                const double own = frame.overlaps.at({t, f});
                const double all = of_truth[t] + of_found[f] - own;
                if (all > kOverlapSlack) shared.at({frame.truths[t], frame.found[f]}) += own / all;
            }
        }
    }
    for (std::size_t t = 0; t < sequence.true_boxes.size(); ++t) {
        for (std::size_t f = 0; f < sequence.found_boxes.size(); ++f) {
            const auto boxes =
                static_cast<double>(sequence.true_boxes[t] + sequence.found_boxes[f]);
            shared.at({t, f}) /= boxes - shared.at({t, f});
        }
    }
    return shared;
}

// A pair of boxes that HOTA made, by the places of their tracks.
struct Hit {
    Pair tracks;
    double overlap = 0;
};

std::vector<Hit> hota_hits(const MotSequence& sequence) {
    const Likeness aligned = alignment(sequence);
    std::vector<Hit> hits;
    for (const MotFrame& frame : sequence.frames) {
        Likeness gains = frame.overlaps;
        for (std::size_t t = 0; t < frame.truths.size(); ++t) {
            for (std::size_t f = 0; f < frame.found.size(); ++f) {
                gains.at({t, f}) *= aligned.at({frame.truths[t], frame.found[f]});
            }
        }
        for (const Pair& pair : best_pairs(gains)) {
            hits.push_back({.tracks = {frame.truths[pair.row], frame.found[pair.column]},
                            .overlap = frame.overlaps.at(pair)});
        }
    }
    return hits;
}

struct HotaPart {
    double det_a = 0;
    double ass_a = 0;
};

// DetA and AssA of the hits that overlap by at least `alpha`.
HotaPart hota_at(const MotSequence& sequence, const std::vector<Hit>& hits, double alpha) {
    Likeness together{{sequence.true_boxes.size(), sequence.found_boxes.size()}};
    double count = 0;
    for (const Hit& hit : hits) {
        if (hit.overlap < alpha - kOverlapSlack) continue;
        together.at(hit.tracks) += 1;
        count += 1;
    }
    double agreement = 0;
    for (std::size_t t = 0; t < sequence.true_boxes.size(); ++t) {
        for (std::size_t f = 0; f < sequence.found_boxes.size(); ++f) {
            const double both = together.at({t, f});
            const auto boxes =
                static_cast<double>(sequence.true_boxes[t] + sequence.found_boxes[f]);
            agreement += both * both / std::max(1.0, boxes - both);
        }
    }
    const double boxes = total(sequence.true_boxes) + total(sequence.found_boxes);
    return {.det_a = count / std::max(1.0, boxes - count),
            .ass_a = agreement / std::max(1.0, count)};
}

}  // namespace

void score_clear(const MotSequence& sequence, double overlap_min, MotScore& score) {
    std::vector<Followed> followed(sequence.true_boxes.size());
    double overlaps = 0;
    for (const MotFrame& frame : sequence.frames) {
        const auto pairs = clear_pairs(frame, followed, overlap_min);
        std::vector<std::optional<std::size_t>> now(followed.size());
        for (const Pair& pair : pairs) {
            Followed& track = followed[frame.truths[pair.row]];
            const std::size_t by = frame.found[pair.column];
            if (track.last && *track.last != by) ++score.switches;
            if (track.ever && !track.now) ++score.fragments;
            track.last = by;
            track.ever = true;
            now[frame.truths[pair.row]] = by;
            overlaps += frame.overlaps.at(pair);
        }
        for (std::size_t i = 0; i < followed.size(); ++i) followed[i].now = now[i];
        const auto matches = static_cast<std::int64_t>(pairs.size());
        score.matches += matches;
        score.missed += static_cast<std::int64_t>(frame.truths.size()) - matches;
        score.invented += static_cast<std::int64_t>(frame.found.size()) - matches;
    }
    const auto right = static_cast<double>(score.matches - score.invented - score.switches);
    score.mota = percent(right, total(sequence.true_boxes));
    score.motp = percent(overlaps, static_cast<double>(score.matches));
}

void score_identity(const MotSequence& sequence, double overlap_min, MotScore& score) {
    Likeness common{{sequence.true_boxes.size(), sequence.found_boxes.size()}};
    for (const MotFrame& frame : sequence.frames) {
        for (std::size_t t = 0; t < frame.truths.size(); ++t) {
            for (std::size_t f = 0; f < frame.found.size(); ++f) {
                if (frame.overlaps.at({t, f}) < overlap_min) continue;
                common.at({frame.truths[t], frame.found[f]}) += 1;
            }
        }
    }
    double explained = 0;
    for (const Pair& pair : best_pairs(common)) explained += common.at(pair);
    const double truths = total(sequence.true_boxes);
    const double found = total(sequence.found_boxes);
    score.idf1 = percent(2 * explained, truths + found);
    score.id_precision = percent(explained, found);
    score.id_recall = percent(explained, truths);
}

void score_hota(const MotSequence& sequence, MotScore& score) {
    constexpr int kAlphas = 19;
    const auto hits = hota_hits(sequence);
    for (int i = 1; i <= kAlphas; ++i) {
        const HotaPart part = hota_at(sequence, hits, 0.05 * i);
        score.hota += 100 * std::sqrt(part.det_a * part.ass_a) / kAlphas;
        score.det_a += 100 * part.det_a / kAlphas;
        score.ass_a += 100 * part.ass_a / kAlphas;
    }
}

MotScore score(std::span<const MotRow> truth, std::span<const MotRow> found,
               const MotSettings& settings) {
    const MotSequence sequence = sequence_of(truth, found, settings);
    MotScore score{.truths = static_cast<std::int64_t>(total(sequence.true_boxes)),
                   .found = static_cast<std::int64_t>(total(sequence.found_boxes)),
                   .ignored = sequence.ignored};
    score_clear(sequence, settings.overlap_min, score);
    score_identity(sequence, settings.overlap_min, score);
    score_hota(sequence, score);
    return score;
}

}  // namespace aisle::tracking
