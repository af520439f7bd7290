// camera_driver: a real agent with a camera that is dead, is taken away under it, or just works.
//   stop    SIGTERM while a dead RTSP source is being opened: how long it takes, and whether what
//           was sold a moment before is in the journal
//   swap    a file under the capture is taken away, replaced and brought back
//   traces  after a run no picture or film is in any of its files
//   memory  what it holds after so many seconds: without a camera, with motion, with YOLOX
//   crash   that a crash with a camera leaves no core dump
// One JSON object a case; exit 0 if all holds, 1 if not, 77 without the film that was named.
#include <arpa/inet.h>
#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <thread>

#include "camera_stage.hpp"
#include "tests/kit/picture_traces.hpp"
#include "tests/kit/real_chain.hpp"

namespace {

using namespace aisle;
using e2e::CameraStage;
namespace fs = std::filesystem;
using Steady = std::chrono::steady_clock;

struct Options {
    std::string bin;
    std::string film;   // empty: one of our own
    std::string other;  // of another size
    std::string scene;  // of the film; empty: one line in the middle
    std::string model;  // YOLOX; empty: not measured
    int rounds = 2;
    int seconds_long = 10;
};

// A stop takes two seconds at most; twice that is a hang, less is left to the reader of the figure.
constexpr milliseconds kStopHang{4'000};
constexpr milliseconds kOpenAgain{15'000};

bool say(bool holds, const std::string& json) {
    std::cout << json << (holds ? "" : "  <-- broken") << std::endl;
    return holds;
}

// A host with which nothing can be agreed: it takes a connection and says nothing, or drops what
// asks for one, as a host that is off behind a router does.
class DeadHost {
public:
    enum class Way { Silent, Dropping };
    explicit DeadHost(Way way) : way_{way}, fd_{::socket(AF_INET, SOCK_STREAM, 0)} {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        ::bind(fd_, reinterpret_cast<sockaddr*>(&address), size);
        ::getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &size);
        port_ = ntohs(address.sin_port);
        ::listen(fd_, way == Way::Dropping ? 0 : 16);
        // A full queue of connections that nobody accepts: Linux drops who asks next.
        for (int i = 0; way == Way::Dropping && i < 4; ++i) {
            fillers_.push_back(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0));
            (void)::connect(fillers_.back(), reinterpret_cast<sockaddr*>(&address), size);
        }
        std::this_thread::sleep_for(milliseconds{100});
        half_open_ = e2e::half_open_to(port_);
    }
    ~DeadHost() {
        for (const int filler : fillers_) ::close(filler);
        ::close(fd_);
    }
    DeadHost(const DeadHost&) = delete;
    DeadHost& operator=(const DeadHost&) = delete;

    [[nodiscard]] std::string url() const {
        return "rtsp://127.0.0.1:" + std::to_string(port_) + "/door";
    }
    // Somebody is trying.
    [[nodiscard]] bool asked() const {
        if (way_ == Way::Dropping) return e2e::half_open_to(port_) > half_open_;
        pollfd waits{.fd = fd_, .events = POLLIN, .revents = 0};
        return ::poll(&waits, 1, 0) > 0;
    }

private:
    Way way_;
    int fd_;
    int port_ = 0;
    int half_open_ = 0;
    std::vector<int> fillers_;
};

bool stop_once(const Options& options, DeadHost::Way way, int round) {
    const DeadHost host{way};
    CameraStage stage{{.bin = options.bin, .url = host.url()}};
    const bool ready = stage.start();
    const bool asked = kit::wait_for([&] { return host.asked(); }, seconds{20});
    const int sold = stage.sell(round);
    const auto stopped = stage.stop();
    const int kept = stage.journal_rows({"\"kind\":\"sale\""});
    const bool holds =
        ready && asked && sold == 200 && stopped.exit == 0 && stopped.took < kStopHang && kept == 1;
    if (!holds) stage.tell();
    const char* const name = way == DeadHost::Way::Silent ? "never answers" : "drops";
    return say(holds, std::string{R"({"case":"stop","host":")"} + name + R"(","opening":)" +
                          (asked ? "true" : "false") + R"(,"stopped_ms":)" +
                          std::to_string(stopped.took.count()) + R"(,"exit":)" +
                          std::to_string(stopped.exit) + R"(,"sales_kept":)" +
                          std::to_string(kept) + "}");
}

bool stop(const Options& options) {
    bool all = true;
    for (int round = 1; round <= options.rounds; ++round) {
        all &= stop_once(options, DeadHost::Way::Silent, round);
        all &= stop_once(options, DeadHost::Way::Dropping, round);
    }
    return all;
}

std::string scene_of(const Options& options) {
    if (options.scene.empty()) return "[[line]]\nname = \"main\"\npoints = [[96, 0], [96, 143]]\n";
    std::ifstream file{options.scene};
    return {std::istreambuf_iterator<char>{file}, {}};
}

// From the file's return to the first picture of it, polled.
bool come_back(CameraStage& stage, const char* what, const std::function<void()>& bring) {
    const double frames = stage.metric("aisle_video_frames_total").value_or(0);
    const double reopened = stage.metric("aisle_video_reopened_total").value_or(0);
    bring();
    const auto begun = Steady::now();
    const bool back = kit::wait_for(
        [&] {
            return stage.metric("aisle_video_reopened_total").value_or(0) > reopened &&
                   stage.metric("aisle_video_frames_total").value_or(0) > frames;
        },
        3 * kOpenAgain, milliseconds{50});
    const auto took = std::chrono::duration_cast<milliseconds>(Steady::now() - begun);
    const double blind = stage.metric("aisle_video_blind_seconds_total").value_or(0);
    return say(back, std::string{R"({"case":"swap","what":")"} + what + R"(","open_again_ms":)" +
                         std::to_string(took.count()) + R"(,"blind_s":)" + std::to_string(blind) +
                         "}");
}

bool swap(const Options& options) {
    const fs::path folder =
        fs::temp_directory_path() / ("aisle-swap-" + std::to_string(::getpid()));
    fs::create_directories(folder);
    const fs::path film = folder / "door.film";
    fs::copy_file(options.film, film, fs::copy_options::overwrite_existing);
    CameraStage stage{{.bin = options.bin,
                       .url = film.string(),
                       .scene = scene_of(options),
                       .more = "loop = true\n"}};
    bool all = stage.start();
    const auto frames = [&] { return stage.metric("aisle_video_frames_total").value_or(0); };
    all &= kit::wait_for([&] { return frames() > 5; }, seconds{30});
    fs::rename(film, folder / "away");
    std::this_thread::sleep_for(seconds{5});
    all &=
        come_back(stage, "taken away and brought back", [&] { fs::rename(folder / "away", film); });
    std::ofstream{folder / "rubbish"} << "this is no film";
    fs::rename(folder / "rubbish", film);
    std::this_thread::sleep_for(seconds{5});
    all &= come_back(stage, "rubbish, then another film", [&] {
        fs::copy_file(options.other, folder / "other");
        fs::rename(folder / "other", film);
    });
    const double blind = stage.metric("aisle_video_blind_seconds_total").value_or(0);
    const auto stopped = stage.stop();
    all &= blind >= 9 && stopped.exit == 0;
    if (!all) stage.tell();
    fs::remove_all(folder);
    return say(all, R"({"case":"swap","blind_s":)" + std::to_string(blind) + R"(,"exit":)" +
                        std::to_string(stopped.exit) + "}");
}

// The bytes of a film of raw pictures, anywhere in it; of others their marks must do.
std::vector<std::string> samples_of(const std::string& film) {
    std::ifstream file{film, std::ios::binary};
    std::vector<std::uint8_t> part(200'000);
    std::vector<std::string> all;
    while (file.read(reinterpret_cast<char*>(part.data()), std::ssize(part)) && all.size() < 200) {
        const auto some = kit::raw_samples(part);
        all.insert(all.end(), some.begin(), some.end());
    }
    return all;
}

bool traces(const Options& options) {
    CameraStage stage{{.bin = options.bin,
                       .url = options.film,
                       .scene = scene_of(options),
                       .more = "loop = true\npaced = false\n"}};
    bool all = stage.start();
    const auto frames = [&] { return stage.metric("aisle_video_frames_total").value_or(0); };
    all &= kit::wait_for([&] { return frames() > 1'000; }, seconds{120});
    all &= stage.sell(1) == 200;
    const double seen = frames();
    const std::vector<std::string> raw = samples_of(options.film);
    const std::string folder = fs::path{stage.data_dir()}.parent_path();
    std::string found = to_text(kit::picture_traces(folder, raw));  // with its WAL
    all &= stage.stop().exit == 0;
    found += to_text(kit::picture_traces(folder, raw));
    // The tooth: one picture among all that would be seen.
    std::ofstream{stage.data_dir() + "/aisle.db.tmp"} << "\xFF\xD8\xFF\xE0\x20\x10JFIF";
    const bool tooth = kit::picture_traces(folder, raw).size() == 1;
    if (!found.empty()) std::cerr << found;
    return say(all && found.empty() && tooth && !raw.empty(),
               R"({"case":"traces","frames":)" + std::to_string(seen) + R"(,"raw_samples":)" +
                   std::to_string(raw.size()) + R"(,"found":)" + (found.empty() ? "0" : "1") +
                   R"(,"planted_found":)" + (tooth ? "true" : "false") + "}");
}

// Whether a crash of it leaves a core dump, as far as the kernel says so.
bool dumps(CameraStage& stage) {
    stage.agent().signal(SIGABRT);
    siginfo_t what{};
    ::waitid(P_PID, static_cast<id_t>(stage.agent().pid()), &what, WEXITED | WNOWAIT);
    return what.si_code == CLD_DUMPED;
}

bool crash(const Options& options) {
    const rlimit all_of_it{RLIM_INFINITY, RLIM_INFINITY};
    ::setrlimit(RLIMIT_CORE, &all_of_it);
    const fs::path here = fs::temp_directory_path() / ("aisle-crash-" + std::to_string(::getpid()));
    fs::create_directories(here);
    fs::current_path(here);
    CameraStage without{{.bin = options.bin, .url = {}}};
    CameraStage with{{.bin = options.bin,
                      .url = options.film,
                      .scene = scene_of(options),
                      .more = "loop = true\n"}};
    const bool started = without.start() && with.start();
    const bool usual = dumps(without);  // where the kernel writes none at all nothing is shown
    const bool dumped = dumps(with);
    fs::current_path("/");
    fs::remove_all(here);
    return say(started && !dumped, std::string{R"({"case":"crash","dump_without_camera":)"} +
                                       (usual ? "true" : "false") + R"(,"dump_with_camera":)" +
                                       (dumped ? "true" : "false") + "}");
}

struct Held {
    const char* name;
    std::string url;
    std::string more;
    double limit_mb;  // of RssAnon
};

bool holds_little(const Options& options, const Held& held) {
    CameraStage stage{
        {.bin = options.bin, .url = held.url, .scene = scene_of(options), .more = held.more}};
    const bool started = stage.start();
    std::this_thread::sleep_for(seconds{options.seconds_long});
    const double anon = stage.status_mb("RssAnon");
    const bool opencv = stage.maps("libopencv");
    const std::string frames =
        std::to_string(static_cast<int>(stage.metric("aisle_video_frames_total").value_or(0)));
    const std::string rss = std::to_string(stage.status_mb("VmRSS"));
    const bool kept = stage.stop().exit == 0;
    const bool fits = anon <= held.limit_mb && opencv == !held.url.empty();
    return say(started && kept && fits,
               std::string{R"({"case":"memory","of":")"} + held.name + R"(","seconds":)" +
                   std::to_string(options.seconds_long) + R"(,"frames":)" + frames +
                   R"(,"rss_mb":)" + rss + R"(,"rss_anon_mb":)" + std::to_string(anon) +
                   R"(,"opencv":)" + (opencv ? "true" : "false") + "}");
}

bool memory(const Options& options) {
    bool all = holds_little(options, {"no camera", "", "", 40});
    all &= holds_little(options, {"motion", options.film, "loop = true\n", 40});
    if (options.model.empty()) return all;
    all &= holds_little(
        options, {"onnx", options.film,
                  "loop = true\ndetector = \"onnx\"\nmodel = \"" + options.model + "\"\n", 70});
    return all;
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App cli{"camera_driver"};
    Options options;
    std::vector<std::string> cases;
    cli.add_option("--bin", options.bin)->required();
    cli.add_option("--film", options.film);
    cli.add_option("--scene", options.scene);
    cli.add_option("--model", options.model);
    cli.add_option("--rounds", options.rounds)->capture_default_str();
    cli.add_option("--seconds", options.seconds_long)->capture_default_str();
    cli.add_option("cases", cases, "stop, swap, traces, crash, memory")->required();
    CLI11_PARSE(cli, argc, argv);
    const fs::path made = fs::temp_directory_path() / ("aisle-films-" + std::to_string(::getpid()));
    fs::create_directories(made);
    if (options.film.empty()) {
        options.film = made / "one.y4m";
        e2e::make_film(options.film, {});
    }
    if (!fs::exists(options.film)) return std::cerr << "no film at " << options.film << "\n", 77;
    options.other = made / "other.y4m";
    e2e::make_film(options.other, {.width = 320, .height = 240, .frames = 100});
    bool all = true;
    for (const std::string& what : cases) {
        if (what == "stop") all &= stop(options);
        if (what == "swap") all &= swap(options);
        if (what == "traces") all &= traces(options);
        if (what == "crash") all &= crash(options);
        if (what == "memory") all &= memory(options);
    }
    fs::remove_all(made);
    return all ? 0 : 1;
}
