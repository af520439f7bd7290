#include "agent/app/cameras.hpp"

#include <algorithm>

namespace aisle::app {

const SeenCamera* Cameras::find(std::string_view name) const {
    const auto found = std::ranges::find(all_, name, &SeenCamera::name);
    return found == all_.end() ? nullptr : &*found;
}

}  // namespace aisle::app
