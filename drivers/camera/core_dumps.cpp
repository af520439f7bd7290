#include "drivers/camera/core_dumps.hpp"

#include <sys/prctl.h>

namespace aisle::camera {

// RLIMIT_CORE does not do: the kernel does not look at it where dumps are piped into a program, as
// systemd has it (core(5)).
void leave_no_core_dump() { ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); }

}  // namespace aisle::camera
