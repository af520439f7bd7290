#pragma once

#include <cstdint>
#include <span>

#include "drivers/tracking/mot.hpp"

// How good tracks are, by the three measures that the literature compares trackers with. Shares are
// per cent. Each is computed as TrackEval (Luiten 2020, the official evaluation of MOTChallenge)
// computes it:
// * CLEAR MOT (Bernardin and Stiefelhagen 2008): frame by frame as many pairs of true and found
//   boxes as can be, each overlapping by at least `overlap_min`; pairs of the frame before are kept
//   first, then the greatest sum of overlaps. MOTA = 1 - (missed + invented + switches) / true
//   boxes.
// * IDF1 (Ristani 2016): the pairing of whole true tracks with whole found ones that leaves the
//   fewest boxes unexplained; IDF1 = 2 IDTP / (true boxes + found boxes).
// * HOTA (Luiten 2020): the mean over overlaps of 0.05, 0.10 ... 0.95 of sqrt(DetA AssA); DetA = TP
// /
//   (TP + FN + FP), AssA the mean over the TPs of how much their two whole tracks agree.
namespace aisle::tracking {

struct MotFrames {
    std::int64_t first = 1;
    std::int64_t last = 0;  // 0: to the end of the truth
};

struct MotSettings {
    MotFrames frames;
    double overlap_min = 0.5;  // for MOTA and IDF1, and for ignore regions
};

struct MotScore {
    std::int64_t truths = 0;  // true boxes that are judged
    std::int64_t found = 0;   // boxes of the tracks, without those in ignore regions
    std::int64_t ignored = 0;
    std::int64_t matches = 0;
    std::int64_t missed = 0;
    std::int64_t invented = 0;
    std::int64_t switches = 0;   // a true track is found under another id than when last found
    std::int64_t fragments = 0;  // a true track is found again after it was missed
    double mota = 0;
    double motp = 0;  // mean overlap of the matches
    double idf1 = 0;
    double id_precision = 0;
    double id_recall = 0;
    double hota = 0;
    double det_a = 0;
    double ass_a = 0;
};

// Scores `found` against `truth`. Found boxes that pair best with a truth of flag 0 are taken out
// before anything is counted (TrackEval does so with MOT17's distractors). The order of rows makes
// no difference, and no id may come twice in one frame: the second one is left out.
MotScore score(std::span<const MotRow> truth, std::span<const MotRow> found,
               const MotSettings& settings = {});

}  // namespace aisle::tracking
