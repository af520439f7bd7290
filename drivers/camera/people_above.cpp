#include "drivers/camera/people_above.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace aisle::camera {
namespace {

// Of a person's width squared. A grown one who is seen whole fills half of it, one with a child at
// the hand seven tenths.
constexpr double kPartMin = 0.09;    // less is a foot or a hand, unless it belongs to somebody
constexpr double kLoose = 0.1;       // so little is a limb or a hat and goes with any body
constexpr double kOneArea = 0.42;    // two pieces that have less are not two bodies
constexpr double kPieceMost = 0.45;  // more is a body of its own

// How many widths two pieces may span together and be one body: with a loose one, both of them
// thin, and with one that might be a child.
constexpr double kSpanLoose = 1.4;
constexpr double kSpanThin = 1.35;
constexpr double kSpanPiece = 1.15;
constexpr double kOneLength = 1.2;  // no blob this short is parted between those who are expected

constexpr double kNearSeat = 0.15;  // widths: a blob so near to where somebody is expected is his
constexpr double kOneBody =
    0.5;  // widths: nobody stands so near to another, and the older track stays

// A blob's length and how far it reaches from its thickest place, both in widths, tell one body
// from two: shoulders alone give 1 and 0.55, shoulders with a bag some 1.2 and 0.75, with a child
// of half their size 1.3 and 0.85 or more. Their sum is `look`.
// What lies between a large man with a bag and a small woman with a child is decided by how often
// people come in company here, as far as that is plain (kPlainCompany): from kLooksTwo where nobody
// does down to kLooksTwoOften where one in five plainly does.
constexpr double kLooksTwo = 2.35;
constexpr double kLooksTwoOften = 2.0;
constexpr double kPlainCompany = 2.2;
constexpr double kOften = 0.2;
constexpr double kCompanyShare = 0.15;  // what one more passage moves that by
constexpr double kLooksOne = 1.85;      // the blob tells how large a person is
constexpr double kStaysTwo = 0.1;       // less is asked of two who are known
constexpr double kLooksTwoNow = 1.8;    // in this picture, to be parted in it
constexpr double kPlainlyTwo = 2.6;     // at first sight
constexpr int kLooksNeeded = 6;         // pictures
constexpr int kLooksMax = 20;           // older ones fade
constexpr double kThickest = 0.25;      // widths to both sides of a place that count as there
constexpr double kFringe = 0.03;        // of the pixels, at each end
constexpr double kPairLength = 1.43;    // blobs.cpp takes what is longer than this for two
constexpr double kEdge = 2;             // pixels: nearer to the picture's edge is cut off by it

double squared(double value) { return value * value; }

std::vector<Dot> together(const std::vector<Dot>& one, const std::vector<Dot>& other) {
    std::vector<Dot> both = one;
    both.insert(both.end(), other.begin(), other.end());
    return both;
}

double distance_to(const std::vector<Dot>& dots, tracking::Point from) {
    double least = 1e18;
    for (const Dot dot : dots) {
        least = std::min(least, squared(dot.x - from.x) + squared(dot.y - from.y));
    }
    return std::sqrt(least);
}

// How far a blob reaches along its axis from where it is thickest, in pixels.
double overhang_of(const std::vector<Dot>& dots, const BlobShape& shape, double width) {
    std::vector<double> along;
    along.reserve(dots.size());
    for (const Dot dot : dots) {
        along.push_back((dot.x - shape.middle.x) * shape.axis.x +
                        (dot.y - shape.middle.y) * shape.axis.y);
    }
    std::ranges::sort(along);
    // The window of two times kThickest with the most dots in it.
    std::size_t begin = 0;
    std::size_t most = 0;
    double thickest = 0;
    for (std::size_t end = 0; end < along.size(); ++end) {
        while (along[end] - along[begin] > 2 * kThickest * width) ++begin;
        if (end - begin + 1 <= most) continue;
        most = end - begin + 1;
        thickest = (along[begin] + along[end]) / 2;
    }
    const auto fringe = static_cast<std::size_t>(kFringe * static_cast<double>(along.size()));
    return std::max(along[along.size() - 1 - fringe] - thickest, thickest - along[fringe]);
}

}  // namespace

bool PeopleAbove::cut_off(const tracking::Box& box) const {
    return box.x <= kEdge || box.y <= kEdge || box.x + box.w >= measures_.picture_width - kEdge ||
           box.y + box.h >= measures_.picture_height - kEdge;
}

// How long two parts of so many pixels may be together and be one body.
double PeopleAbove::span_of(std::size_t one, std::size_t other) const {
    const double unit = squared(measures_.width);
    const double lesser = static_cast<double>(std::min(one, other)) / unit;
    const double both = static_cast<double>(one + other) / unit;
    if (lesser <= kLoose) return kSpanLoose * measures_.width;
    if (both <= kOneArea) return kSpanThin * measures_.width;
    return lesser <= kPieceMost ? kSpanPiece * measures_.width : 0;
}

// Each piece goes to the nearest larger one with which it still is one person.
std::vector<PeopleAbove::Clump> PeopleAbove::gathered(std::vector<std::vector<Dot>> pieces) const {
    std::vector<Clump> clumps;
    for (auto& piece : pieces) {
        const BlobShape shape = shape_of(piece);
        clumps.push_back({.dots = std::move(piece), .shape = shape});
    }
    std::ranges::stable_sort(clumps, std::greater{},
                             [](const Clump& clump) { return clump.dots.size(); });
    for (std::size_t i = clumps.size(); i-- > 1;) {
        std::size_t best = i;
        double least = 1e18;
        for (std::size_t j = 0; j < i; ++j) {
            const double span = span_of(clumps[i].dots.size(), clumps[j].dots.size());
            const double away = tracking::distance(clumps[i].shape.middle, clumps[j].shape.middle);
            if (away > std::min(least, span)) continue;
            if (shape_of(together(clumps[i].dots, clumps[j].dots)).length > span) continue;
            least = away, best = j;
        }
        if (best == i) continue;
        clumps[best].dots = together(clumps[best].dots, clumps[i].dots);
        clumps[best].shape = shape_of(clumps[best].dots);
        clumps.erase(clumps.begin() + static_cast<std::ptrdiff_t>(i));
    }
    return clumps;
}

std::vector<ExpectedAbove> PeopleAbove::seats_of(const Clump& clump,
                                                 std::span<const ExpectedAbove> expected) const {
    std::vector<ExpectedAbove> seats;
    for (const ExpectedAbove& one : expected) {
        const bool taken = std::ranges::any_of(seats, [&](const ExpectedAbove& older) {
            return tracking::distance(older.middle, one.middle) < kOneBody * measures_.width;
        });
        if (taken) continue;
        if (distance_to(clump.dots, one.middle) <= kNearSeat * measures_.width) {
            seats.push_back(one);
        }
    }
    return seats;
}

// Two who claim one body are one.
void PeopleAbove::unite(std::vector<std::vector<Dot>>& parts) const {
    const auto united = [&] {
        for (std::size_t i = 0; i < parts.size(); ++i) {
            for (std::size_t j = i + 1; j < parts.size(); ++j) {
                auto both = together(parts[i], parts[j]);
                if (shape_of(both).length > span_of(parts[i].size(), parts[j].size())) continue;
                parts[i] = std::move(both);
                parts.erase(parts.begin() + static_cast<std::ptrdiff_t>(j));
                return true;
            }
        }
        return false;
    };
    while (united()) continue;
}

// Between those who are expected; what is left of a part that is too long is somebody new.
Split PeopleAbove::part_among(const Clump& clump, std::span<const ExpectedAbove> seats) const {
    if (clump.shape.length <= kOneLength * measures_.width) return {.parts = {clump.dots}};
    std::vector<tracking::Point> middles;
    for (const ExpectedAbove& seat : seats) middles.push_back(seat.middle);
    auto parts = share_out(clump.dots, std::move(middles));
    unite(parts);
    Split split;
    for (auto& part : parts) {
        Split further = split_by_width(part, measures_.width);
        if (!further.sure) further.parts = {std::move(part)};
        std::ranges::move(further.parts, std::back_inserter(split.parts));
    }
    return split;
}

// What this picture and those before it say of one who is known, and of whoever is with him.
PeopleAbove::Verdict PeopleAbove::judge(const Clump& clump, Looks& looks) {
    const double width = measures_.width;
    const double look = (clump.shape.length + overhang_of(clump.dots, clump.shape, width)) / width;
    const bool whole = !cut_off(clump.shape.box);
    if (whole) {
        looks.count = std::min(looks.count + 1, kLooksMax);
        looks.mean += (look - looks.mean) / looks.count;
        if (looks.count == kLooksNeeded && !std::exchange(looks.told, true)) {
            const double company = looks.mean > kPlainCompany ? 1 : 0;
            in_company_ += kCompanyShare * (company - in_company_);
        }
    }
    const double often = std::min(1.0, in_company_ / kOften);
    return {.now = look,
            .mean = looks.mean,
            .two_from = kLooksTwo + often * (kLooksTwoOften - kLooksTwo),
            .steady = looks.count >= kLooksNeeded,
            .whole = whole};
}

// Of somebody who is known. One picture of a swung arm makes him no two.
PeopleAbove::Parting PeopleAbove::part_of_one(const Clump& clump, const Verdict& verdict) const {
    Parting parting;
    if (verdict.whole && verdict.steady && verdict.mean < kLooksOne) {
        parting.alone = clump.shape.length;
    }
    const bool two = verdict.steady && verdict.mean > verdict.two_from;
    if (two ? verdict.now < kLooksTwoNow : verdict.now < kPlainlyTwo) {
        parting.split = {.parts = {clump.dots}};
        return parting;
    }
    // At its waist if it has one, else in the middle.
    parting.split = split_by_width(clump.dots, measures_.width);
    if (parting.split.parts.size() == 1) {
        parting.split = split_by_width(clump.dots, clump.shape.length / kPairLength);
    }
    parting.split.sure = true;
    return parting;
}

// Two tracks may have begun on one body while it came into the picture: what has looked like one
// since is not parted between them.
PeopleAbove::Parting PeopleAbove::part(const Clump& clump,
                                       std::span<const ExpectedAbove> expected) {
    const auto seats = seats_of(clump, expected);
    if (seats.empty()) return {.split = split_by_width(clump.dots, measures_.width)};
    if (seats.size() > 2) return {.split = part_among(clump, seats)};
    const Verdict verdict = judge(clump, looks_[seats.front().id]);
    if (seats.size() == 1) return part_of_one(clump, verdict);
    const bool one =
        verdict.steady && verdict.mean < verdict.two_from - kStaysTwo && verdict.now < kPlainlyTwo;
    if (one) return {.split = {.parts = {clump.dots}}};
    return {.split = part_among(clump, seats)};
}

const std::vector<PersonAbove>& PeopleAbove::find(std::vector<std::vector<Dot>> pieces,
                                                  const Measures& measures,
                                                  std::span<const ExpectedAbove> expected) {
    measures_ = measures;
    people_.clear();
    std::erase_if(looks_, [&](const auto& each) {
        return std::ranges::find(expected, each.first, &ExpectedAbove::id) == expected.end();
    });
    const double least = kPartMin * squared(measures.width);
    for (const Clump& clump : gathered(std::move(pieces))) {
        if (static_cast<double>(clump.dots.size()) < least) continue;
        auto [split, alone] = part(clump, expected);
        std::ranges::stable_sort(split.parts, std::greater{}, &std::vector<Dot>::size);
        for (const auto& dots : split.parts) {
            const BlobShape shape = shape_of(dots);
            people_.push_back({.middle = shape.middle,
                               .box = shape.box,
                               .sure = split.sure || &dots == &split.parts.front(),
                               .alone = split.parts.size() == 1 ? alone : 0});
        }
    }
    return people_;
}

}  // namespace aisle::camera
