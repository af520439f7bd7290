#pragma once

namespace aisle::camera {

// From now on this process leaves no core dump, in a file or in a service manager's hands: a dump
// of a process with a camera holds its last pictures. Other users' debuggers cannot attach either;
// those of root can. For the whole process and for good.
void leave_no_core_dump();

}  // namespace aisle::camera
