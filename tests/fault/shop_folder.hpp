#pragma once

#include <string>

namespace aisle::fault {

// Where the store lies on its simulated disk. A folder of this name is there for the process's
// life as well, as long as the store's lock is a file of the machine's own.
const std::string& shop_folder();

}  // namespace aisle::fault
