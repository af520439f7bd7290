#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "drivers/camera/blobs.hpp"

namespace aisle::camera {

// A person in a mask that was seen from above, in pixels of the mask.
struct PersonAbove {
    tracking::Point middle;  // of the pixels: steadier than their box, which swings with the arms
    tracking::Box box;
    bool sure = true;  // false: may prolong a track and not begin one
    double alone = 0;  // the length of a blob that has been one person for a while; else 0
};

// Whom the tracker knows, and where he will be in this picture.
struct ExpectedAbove {
    std::int64_t id = 0;
    tracking::Point middle;
};

// Pixels that hang together become people seen from above. Pieces that are one body are put
// together, for clothes in the floor's colour leave only head, arms and shoes of somebody; blobs
// that are several people are parted, where somebody is expected along those. Whether a blob is a
// person with a bag or with a child at the hand is not told by one picture: it is asked until the
// answer is steady. One thread; no chance in it.
class PeopleAbove {
public:
    // `width` of one person; the picture's size, because who is cut off by its edge says little.
    struct Measures {
        double width = 0;
        double picture_width = 0;
        double picture_height = 0;
    };
    // Good until the next call.
    const std::vector<PersonAbove>& find(std::vector<std::vector<Dot>> pieces,
                                         const Measures& measures,
                                         std::span<const ExpectedAbove> expected);

private:
    // How much a track's blob has looked like two, on the average of its last pictures.
    struct Looks {
        int count = 0;
        double mean = 0;
        bool told = false;  // it has been put to in_company_
    };
    struct Clump {
        std::vector<Dot> dots;
        BlobShape shape;
    };
    struct Verdict {
        double now = 0;       // how much this picture looks like two
        double mean = 0;      // and the last ones on the average
        double two_from = 0;  // such a mean speaks for two
        bool steady = false;  // enough were seen
        bool whole = false;   // not cut off by the picture's edge
    };
    struct Parting {
        Split split;
        double alone = 0;
    };
    std::vector<Clump> gathered(std::vector<std::vector<Dot>> pieces) const;
    [[nodiscard]] double span_of(std::size_t one, std::size_t other) const;
    [[nodiscard]] std::vector<ExpectedAbove> seats_of(
        const Clump& clump, std::span<const ExpectedAbove> expected) const;
    Parting part(const Clump& clump, std::span<const ExpectedAbove> expected);
    Verdict judge(const Clump& clump, Looks& looks);
    [[nodiscard]] Parting part_of_one(const Clump& clump, const Verdict& verdict) const;
    [[nodiscard]] Split part_among(const Clump& clump, std::span<const ExpectedAbove> seats) const;
    void unite(std::vector<std::vector<Dot>>& parts) const;
    [[nodiscard]] bool cut_off(const tracking::Box& box) const;

    Measures measures_;
    std::vector<PersonAbove> people_;
    std::map<std::int64_t, Looks> looks_;  // by track; of those that are expected
    double in_company_ = 0;                // the share of passages that were plainly two people
};

}  // namespace aisle::camera
