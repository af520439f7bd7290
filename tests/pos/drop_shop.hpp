#pragma once

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "agent/runtime/inline_executor.hpp"
#include "drivers/pos/poslog_dir.hpp"
#include "poslog_samples.hpp"
#include "recording_sink.hpp"

namespace aisle::pos {

namespace fs = std::filesystem;

// A directory of its own, a clock that stands still, and a driver that has been started.
class DropShop {
public:
    DropShop() {
        std::string pattern = (fs::temp_directory_path() / "aisle-drop-XXXXXX").string();
        path = ::mkdtemp(pattern.data());
        settings.name = "till";
        settings.directory = path.string();
        settings.store = StoreId{"s-0001"};
        settings.currency = "CNY";
    }
    ~DropShop() { fs::remove_all(path); }
    DropShop(const DropShop&) = delete;
    DropShop& operator=(const DropShop&) = delete;

    void put(const std::string& name, const std::string& bytes) const {
        std::ofstream{path / name, std::ios::binary} << bytes;
    }
    void start(const std::vector<SourcePosition>& positions = {}) {
        auto made = make_poslog_dir(settings, {sink, executor, zone, *metrics}, positions);
        driver = std::move(*made);
        driver->start();
        pass(milliseconds{0});
    }
    void pass(milliseconds time) { executor.advance(time); }

    fs::path path;
    PoslogDirSettings settings;
    kit::FixedZone zone;
    std::unique_ptr<runtime::Metrics> metrics = runtime::make_metrics();
    runtime::ManualClock clock;
    runtime::InlineExecutor executor{clock};
    RecordingSink sink;
    std::unique_ptr<Driver> driver;
};

inline constexpr milliseconds kSettled{2'100};
inline constexpr milliseconds kNextScan{5'100};

}  // namespace aisle::pos
