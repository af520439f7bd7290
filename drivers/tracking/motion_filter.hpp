#pragma once

#include "drivers/tracking/box.hpp"

namespace aisle::tracking {

// A Kalman filter with constant velocity over centre, width and height of a box (SORT, Bewley 2016;
// noise in proportion to the height as in DeepSORT, Wojke 2017). The four axes do not mix, so each
// is a filter of its own with two states: exact, and free of matrices.
class MotionFilter {
public:
    MotionFilter() = default;
    explicit MotionFilter(const Box& first);

    void predict(double elapsed_s);
    // `noise` times the usual uncertainty of a detector's edges.
    void correct(const Box& seen, double noise = 1);
    // Stands where it is: no speed, and nothing that a later correction could take for one.
    void halt();
    [[nodiscard]] Box box() const;
    [[nodiscard]] Point velocity_s() const { return {x_.speed, y_.speed}; }

private:
    struct Axis {
        double value = 0;
        double speed = 0;  // pixels a second
        double var_value = 0;
        double covar = 0;
        double var_speed = 0;
        struct Drift {  // variances a second
            double value = 0;
            double speed = 0;
        };
        void predict(double elapsed_s, Drift drift);
        void correct(double seen, double var_seen);
    };
    Axis x_, y_, w_, h_;  // x and y are the centre
};

}  // namespace aisle::tracking
