#pragma once

#include <string>

namespace aisle::fault {

// Teeth: every database that is opened while it lives gets this PRAGMA synchronous (OFF, NORMAL),
// whatever it asks for itself. One at a time.
class Synchronous {
public:
    explicit Synchronous(std::string level);
    Synchronous(const Synchronous&) = delete;
    Synchronous& operator=(const Synchronous&) = delete;
    ~Synchronous();
};

}  // namespace aisle::fault
