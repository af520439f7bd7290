#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace aisle::config {

// The word that `wrong` was probably meant to be: within two edits or a third of its length,
// whichever is more, and with at least one of its letters kept. The first of equals; empty if none
// is near.
std::string nearest(std::string_view wrong, const std::vector<std::string>& words);

}  // namespace aisle::config
