#include "agent/app/campaigns.hpp"

#include <algorithm>
#include <filesystem>
#include <functional>
#include <iterator>

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

bool is_segment(const offers::CampaignFile& file) {
    return customers::SegmentRules::is_segment(file.text);
}

Result<std::vector<offers::CampaignFile>> files_at(const std::string& path) {
    if (path.empty()) return std::vector<offers::CampaignFile>{};
    return read_files(path);
}

}  // namespace

Result<std::shared_ptr<const offers::CampaignSet>> load_campaigns(const std::string& path,
                                                                  const TimeZone& zone) {
    const auto files = files_at(path);
    if (!files) return files.error();
    return compile_campaigns(*files, zone);
}

Result<std::shared_ptr<const offers::CampaignSet>> compile_campaigns(
    std::span<const offers::CampaignFile> all, const TimeZone& zone) {
    // A set whose audience cannot be told is not loaded either.
    if (const auto segments = compile_segments(all); !segments) return segments.error();
    std::vector<offers::CampaignFile> files;
    std::ranges::copy_if(all, std::back_inserter(files), std::not_fn(is_segment));
    auto set = offers::CampaignSet::load(files, {.store = &zone, .zone = zone_of});
    if (set) return std::make_shared<const offers::CampaignSet>(std::move(*set));
    std::string faults;
    for (const offers::CampaignFault& fault : set.error()) {
        faults += (faults.empty() ? "" : "\n") + to_text(fault);
    }
    return malformed(faults);
}

Result<Segments> load_segments(const std::string& path) {
    const auto files = files_at(path);
    if (!files) return files.error();
    return compile_segments(*files);
}

Result<Segments> compile_segments(std::span<const offers::CampaignFile> files) {
    std::vector<customers::SegmentFile> segments;
    for (const offers::CampaignFile& file : files)
        if (is_segment(file)) segments.push_back({.name = file.name, .text = file.text});
    auto rules = customers::SegmentRules::load(segments);
    if (!rules) return rules.error();
    return std::make_shared<const customers::SegmentRules>(std::move(*rules));
}

}  // namespace aisle::app
