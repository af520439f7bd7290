#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "agent/core/time.hpp"
#include "tests/kit/program.hpp"

// A real agent with one camera and nothing else, in a folder of its own.
namespace aisle::e2e {

class CameraStage {
public:
    struct Settings {
        std::string bin;  // folder of the programs
        std::string url;
        std::string scene = "[[line]]\nname = \"main\"\npoints = [[96, 0], [96, 143]]\n";
        std::string more;  // lines of [[video]]; empty url: no camera at all
    };
    explicit CameraStage(Settings settings);
    ~CameraStage();
    CameraStage(const CameraStage&) = delete;
    CameraStage& operator=(const CameraStage&) = delete;

    // Starts the agent. False when it does not say READY.
    bool start();
    [[nodiscard]] kit::Program& agent() { return agent_; }
    // A sale by HTTP; the status of the answer.
    int sell(int seq) const;
    // Of /metrics, with the camera's label where it has one; nothing when it is not there.
    [[nodiscard]] std::optional<double> metric(const std::string& name) const;
    // Kilobytes of this name in /proc/PID/status.
    [[nodiscard]] double status_mb(const std::string& name) const;
    [[nodiscard]] bool maps(const std::string& library) const;

    struct Stopped {
        milliseconds took{};
        int exit = -1;
    };
    // SIGTERM, and waits until the process is gone, for a minute at most.
    Stopped stop();
    // Lines of `aislectl journal export` that hold all of these.
    [[nodiscard]] int journal_rows(const std::vector<std::string>& words) const;

    [[nodiscard]] std::string data_dir() const { return (folder_ / "data").string(); }
    [[nodiscard]] std::string file(const std::string& name) const { return folder_ / name; }
    void tell() const;  // what the agent said, for a run that failed

private:
    void write_settings() const;

    Settings settings_;
    std::filesystem::path folder_;
    int port_;
    kit::Program agent_;
};

// A film (YUV4MPEG2, ten pictures a second): a floor of many tones, and somebody who walks across
// it again and again.
struct FilmSize {
    int width = 192;
    int height = 144;
    int frames = 200;
};
void make_film(const std::string& path, const FilmSize& size);

// Connections to a port of loopback that were asked for and are not yet answered.
int half_open_to(int port);

}  // namespace aisle::e2e
