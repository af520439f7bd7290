#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "agent/core/error.hpp"
#include "drivers/tracking/box.hpp"

namespace aisle::tracking {

// One row of a MOTChallenge file (Leal-Taixe 2015, section 3.2), `frame,id,x,y,w,h,score,...`:
// frames count from 1, a detection has no track and says -1. In a truth file the seventh column is
// a flag: 0 marks a place that is not judged, neither as missed when nothing is found there nor as
// invented when something is.
struct MotRow {
    std::int64_t frame = 0;
    std::int64_t id = -1;
    Box box;

    friend bool operator==(const MotRow&, const MotRow&) = default;
};

// A file with more rows is refused: two hundred people for a day at 7 frames a second are more than
// a bench can hold.
inline constexpr std::size_t kMotRowsMax = 4'000'000;
inline constexpr std::int64_t kMotFramesMax = 4'000'000;

// Rows in the file's order. Fields are parted by commas or blanks, those after the seventh are not
// looked at, lines without anything or that begin with # are skipped, and a row of six fields has
// the score 1. Malformed: `line N: why`.
Result<std::vector<MotRow>> parse_mot(std::string_view text);

// `frame,id,x,y,w,h,score,-1,-1,-1` and a line's end; hundredths of a pixel, thousandths of a
// score.
std::string mot_line(const MotRow& row);

// Rows with those between added where a track was out of sight for at most `frames_max` frames: on
// the straight way from box to box, with the lower of the two scores. Ordered by frame, then id. As
// ByteTrack's evaluation does: what a track knows afterwards, not what it knew then.
std::vector<MotRow> fill_gaps(std::vector<MotRow> rows, std::int64_t frames_max);

// Rows parted by frame: the place in the answer is the frame, so that 0 stays empty. Rows of frames
// beyond `last` are left out.
std::vector<std::vector<MotRow>> by_frame(std::span<const MotRow> rows, std::int64_t last);

}  // namespace aisle::tracking
