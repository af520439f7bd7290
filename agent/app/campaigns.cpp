#include "agent/app/campaigns.hpp"

#include <algorithm>
#include <filesystem>

#include "agent/runtime/time_zone.hpp"
#include "config/toml_reader.hpp"

namespace aisle::app {
namespace {

namespace fs = std::filesystem;

Result<std::vector<offers::CampaignFile>> read_files(const std::string& path) {
    std::vector<fs::path> paths;
    std::error_code error;
    if (fs::is_directory(path, error)) {
        for (const auto& entry : fs::directory_iterator{path, error}) {
            if (entry.path().extension() == ".json") paths.push_back(entry.path());
        }
    } else {
        paths.emplace_back(path);
    }
    if (error) return unavailable("cannot read " + path + ": " + error.message());
    std::ranges::sort(paths);
    std::vector<offers::CampaignFile> files;
    for (const fs::path& file : paths) {
        auto text = config::read_text_file(file.string());
        if (!text) return text.error();
        files.push_back({.name = file.filename().string(), .text = std::move(*text)});
    }
    return files;
}

// Zones that campaigns name besides the store's; each is opened once and kept for good, as sets
// come and go.
const TimeZone* zone_of(const std::string& name) {
    static std::map<std::string, std::unique_ptr<TimeZone>> open;
    auto& zone = open[name];
    if (!zone) {
        auto opened = runtime::open_time_zone(name);
        if (opened) zone = std::move(*opened);
    }
    return zone.get();
}

}  // namespace

Result<std::shared_ptr<const offers::CampaignSet>> load_campaigns(const std::string& path,
                                                                  const TimeZone& zone) {
    std::vector<offers::CampaignFile> files;
    if (!path.empty()) {
        auto read = read_files(path);
        if (!read) return read.error();
        files = std::move(*read);
    }
    return compile_campaigns(files, zone);
}

Result<std::shared_ptr<const offers::CampaignSet>> compile_campaigns(
    std::span<const offers::CampaignFile> files, const TimeZone& zone) {
    auto set = offers::CampaignSet::load(files, {.store = &zone, .zone = zone_of});
    if (set) return std::make_shared<const offers::CampaignSet>(std::move(*set));
    std::string faults;
    for (const offers::CampaignFault& fault : set.error()) {
        faults += (faults.empty() ? "" : "\n") + to_text(fault);
    }
    return malformed(faults);
}

}  // namespace aisle::app
