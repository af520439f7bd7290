#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace aisle::config {

// The word that `wrong` was probably meant to be: within two edits and a third of its length; empty
// if none is near.
std::string nearest(std::string_view wrong, const std::vector<std::string>& words);

}  // namespace aisle::config
