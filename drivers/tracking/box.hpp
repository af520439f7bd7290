#pragma once

// Plain geometry of a picture: pixels, x to the right, y downwards. No OpenCV here.
namespace aisle::tracking {

struct Point {
    double x = 0;
    double y = 0;

    friend bool operator==(const Point&, const Point&) = default;
};

// What a detector says it saw: the upper left corner, the size, and how sure it is (0..1).
struct Box {
    double x = 0;
    double y = 0;
    double w = 0;
    double h = 0;
    double score = 1;

    friend bool operator==(const Box&, const Box&) = default;
};

// Where a person stands: in the middle, a little above the lower edge, which shadows and shoes make
// unsteady.
inline constexpr double kFootHeight = 0.95;
inline Point foot_point(const Box& box) { return {box.x + box.w / 2, box.y + kFootHeight * box.h}; }

// Intersection over union, 0..1.
double overlap(const Box& a, const Box& b);
double distance(Point a, Point b);

}  // namespace aisle::tracking
