#include "agent/app/camera_module.hpp"

#include <dlfcn.h>
#include <cstdlib>
#include <filesystem>
#include <vector>

namespace aisle::app {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> places() {
    std::vector<fs::path> all;
    if (const char* told = std::getenv("AISLE_MODULES")) all.emplace_back(told);
    std::error_code error;
    const fs::path program = fs::read_symlink("/proc/self/exe", error);
    if (!error) {
        const fs::path prefix = program.parent_path().parent_path();
        all.push_back(prefix / "lib");
        all.push_back(prefix / "lib" / "aisle");
    }
    return all;
}

Result<const camera::ModuleApi*> load() {
    std::string tried;
    for (const fs::path& place : places()) {
        const fs::path file = place / camera::kModuleFile;
        tried += " " + file.string();
        if (!fs::exists(file)) continue;
        void* module = ::dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
        if (module == nullptr) return unavailable(std::string{"cannot load it: "} + ::dlerror());
        const auto entry =
            reinterpret_cast<camera::ModuleEntry>(::dlsym(module, camera::kModuleEntry));
        const camera::ModuleApi* api = entry != nullptr ? entry() : nullptr;
        if (api == nullptr || api->version != camera::kModuleVersion) {
            return unavailable(file.string() + " is of another version");
        }
        return api;
    }
    return unavailable("no camera module; looked for" + tried);
}

}  // namespace

Result<const camera::ModuleApi*> camera_module() {
    static const Result<const camera::ModuleApi*> module = load();
    return module;
}

}  // namespace aisle::app
