#pragma once

#include "tests/world/headquarters.hpp"
#include "tests/world/site.hpp"
#include "tests/world/world.hpp"

namespace aisle::world {

// What stands between the parts where the world is to have a fault of our own making; empty where
// it has none.
Headquarters::Wrap wrap_of(Tooth tooth);
SiteSettings::WrapTransport transport_of(Tooth tooth);

}  // namespace aisle::world
