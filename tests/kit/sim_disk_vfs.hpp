#pragma once

#include <memory>
#include <string>

#include "tests/kit/sim_disk_device.hpp"

struct sqlite3_vfs;

namespace aisle::kit {

// A device under a name that sqlite3_open_v2 finds; gone when destroyed. The device must outlive
// it.
class SimVfs {
public:
    explicit SimVfs(SimDevice& device);
    SimVfs(const SimVfs&) = delete;
    SimVfs& operator=(const SimVfs&) = delete;
    ~SimVfs();
    [[nodiscard]] const std::string& name() const { return name_; }

private:
    std::string name_;
    std::unique_ptr<sqlite3_vfs> vfs_;
};

}  // namespace aisle::kit
