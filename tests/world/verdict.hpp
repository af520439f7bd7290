#pragma once

#include <string>
#include <vector>

#include "tests/world/headquarters.hpp"
#include "tests/world/site.hpp"

// What both ends say of themselves once a world has come to rest, each line one fault of ours. What
// they should hold is the oracle's.
namespace aisle::world {

// Every device is up and its outbox is empty.
std::vector<std::string> faults_of_outboxes(const std::vector<Site*>& sites);
// HQ counts its own rows again and misses none.
std::vector<std::string> faults_of_completeness(Headquarters& hq);

}  // namespace aisle::world
