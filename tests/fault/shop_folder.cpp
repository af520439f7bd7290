#include "tests/fault/shop_folder.hpp"

#include <cstdlib>
#include <filesystem>

namespace aisle::fault {
namespace {

struct Folder {
    Folder() : path{(std::filesystem::temp_directory_path() / "aisle-fault-XXXXXX").string()} {
        if (::mkdtemp(path.data()) == nullptr) std::abort();
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder() {
        std::error_code ignored;
        std::filesystem::remove_all(path, ignored);
    }
    std::string path;
};

}  // namespace

const std::string& shop_folder() {
    static const Folder folder;
    return folder.path;
}

}  // namespace aisle::fault
