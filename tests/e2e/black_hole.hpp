#pragma once

#include <string>

// A store's uplink with the settings it is shipped with, over one real broker.
namespace aisle::e2e {

// Seconds from the moment at which the network takes everything and passes nothing on until the
// link is given up; below 0: it never was within two minutes. `busy`: records wait for an answer.
double black_hole_s(bool busy);

// Lines of log that a link which is cut every half second writes in so many seconds.
struct FlapResult {
    int seconds = 0;
    int cuts = 0;
    int lines = 0;
};
FlapResult flap(int seconds);

std::string to_json(const FlapResult& result);

}  // namespace aisle::e2e
