#pragma once

#include <unistd.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "agent/runtime/inline_executor.hpp"
#include "agent/runtime/io_loop.hpp"

namespace aisle::runtime {

// A loop that the test runs by hand.
struct TestLoop {
    // Until `done`; the test program's time-out is the bound.
    void run_until(const std::function<bool()>& done) {
        while (!done()) loop.run_ready();
    }

    ManualClock clock;
    std::unique_ptr<Metrics> metrics = make_metrics();
    IoLoop loop{clock, *metrics};
};

// An empty directory that goes with it.
class TestFolder {
public:
    TestFolder() {
        std::string name = (std::filesystem::temp_directory_path() / "aisle-XXXXXX").string();
        path_ = mkdtemp(name.data());
    }
    ~TestFolder() { std::filesystem::remove_all(path_); }
    TestFolder(const TestFolder&) = delete;
    TestFolder& operator=(const TestFolder&) = delete;
    [[nodiscard]] std::string path(const std::string& file = {}) const {
        return file.empty() ? path_ : path_ + '/' + file;
    }

private:
    std::string path_;
};

// Sets an environment variable and puts back what was there.
class TestVariable {
public:
    TestVariable(std::string name, const std::string& value) : name_{std::move(name)} {
        if (const char* const before = std::getenv(name_.c_str())) before_ = before, had_ = true;
        setenv(name_.c_str(), value.c_str(), 1);
    }
    ~TestVariable() {
        if (had_) setenv(name_.c_str(), before_.c_str(), 1);
        if (!had_) unsetenv(name_.c_str());
    }
    TestVariable(const TestVariable&) = delete;
    TestVariable& operator=(const TestVariable&) = delete;

private:
    std::string name_;
    std::string before_;
    bool had_ = false;
};

}  // namespace aisle::runtime
