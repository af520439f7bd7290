#include "camera_stage.hpp"

#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <sstream>
#include <thread>

#include "agent/runtime/http.hpp"
#include "tests/kit/real_chain.hpp"

namespace aisle::e2e {
namespace {

namespace fs = std::filesystem;
using Steady = std::chrono::steady_clock;

constexpr milliseconds kAnswerMax{5'000};

std::string text_of(const fs::path& path) {
    std::ostringstream text;
    text << std::ifstream{path, std::ios::binary}.rdbuf();
    return text.str();
}

std::string sale_json(int seq) {
    const std::string n = std::to_string(seq);
    return R"({"source":"till","store":"s-0001","till":"1","seq":)" + n +
           R"(,"business_date":"2026-06-12","ended_at":"2026-06-12T12:00:00+08:00","currency":"CNY",)" +
           R"("lines":[{"n":1,"kind":"sale","sku":"SKU1","text":"item","qty_milli":1000,"unit":"ea",)" +
           R"("gross":1250,"discount":0,"net":1250}],"tenders":[{"kind":"cash","amount":1250,)" +
           R"("change":0}],"total":1250})";
}

}  // namespace

CameraStage::CameraStage(Settings settings) : settings_{std::move(settings)} {
    std::string name = (fs::temp_directory_path() / "aisle-camera-stage-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
    fs::create_directories(folder_ / "data");
    fs::create_directories(folder_ / "campaigns");
    port_ = kit::free_port();
    std::ofstream{folder_ / "scene.toml"} << settings_.scene;
    write_settings();
    kit::Program{{settings_.bin + "/aislectl", "init", "--data", data_dir()}, file("tool.log")}
        .wait();
}

CameraStage::~CameraStage() {
    agent_ = {};
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
}

void CameraStage::write_settings() const {
    std::ofstream toml{folder_ / "aisle.toml"};
    toml << "[store]\nid = \"s-0001\"\ndata_dir = \"" << data_dir() << "\"\n[http]\nlisten = "
         << "\"127.0.0.1:" << port_ << "\"\nunix_socket = \"\"\n[uplink]\naddress = "
         << "\"127.0.0.1:1\"\n[offers]\ncampaigns_dir = \"" << file("campaigns")
         << "\"\n[[door]]\nid = \"main\"\n";
    if (settings_.url.empty()) return;
    toml << "[[video]]\nsource = \"camera\"\nurl = \"" << settings_.url << "\"\nscene = \""
         << file("scene.toml") << "\"\n"
         << settings_.more;
}

bool CameraStage::start() {
    agent_ = kit::Program{{settings_.bin + "/aisled", "--config", file("aisle.toml")},
                          file("aisled.log")};
    return kit::wait_for(
        [&] { return text_of(folder_ / "aisled.log").find(" ready ") != std::string::npos; },
        seconds{30});
}

int CameraStage::sell(int seq) const {
    const auto answer = runtime::http_call("127.0.0.1:" + std::to_string(port_),
                                           {.method = "POST",
                                            .path = "/api/v1/sales",
                                            .headers = {{"content-type", "application/json"}},
                                            .body = sale_json(seq)},
                                           kAnswerMax);
    return answer ? answer->status : 0;
}

std::optional<double> CameraStage::metric(const std::string& name) const {
    const auto answer = runtime::http_call("127.0.0.1:" + std::to_string(port_),
                                           {.method = "GET", .path = "/metrics"}, kAnswerMax);
    if (!answer) return std::nullopt;
    std::istringstream lines{answer->body};
    for (std::string line; std::getline(lines, line);) {
        const bool ours = line.starts_with(name + " ") || line.starts_with(name + "{");
        if (ours) return std::atof(line.c_str() + line.rfind(' '));
    }
    return std::nullopt;
}

double CameraStage::status_mb(const std::string& name) const {
    std::ifstream status{"/proc/" + std::to_string(agent_.pid()) + "/status"};
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with(name + ":")) return std::atof(line.c_str() + name.size() + 1) / 1024;
    }
    return 0;
}

bool CameraStage::maps(const std::string& library) const {
    return text_of("/proc/" + std::to_string(agent_.pid()) + "/maps").find(library) !=
           std::string::npos;
}

CameraStage::Stopped CameraStage::stop() {
    const auto begun = Steady::now();
    agent_.signal(SIGTERM);
    kit::wait_for(
        [&] {
            siginfo_t what{};
            ::waitid(P_PID, static_cast<id_t>(agent_.pid()), &what, WEXITED | WNOHANG | WNOWAIT);
            return what.si_pid != 0;
        },
        seconds{60}, milliseconds{1});
    const auto took = std::chrono::duration_cast<milliseconds>(Steady::now() - begun);
    return {.took = took, .exit = agent_.wait()};
}

int CameraStage::journal_rows(const std::vector<std::string>& words) const {
    const std::string out = file("journal.txt");
    fs::remove(out);
    kit::Program{{settings_.bin + "/aislectl", "journal", "export", "--data", data_dir()}, out}
        .wait();
    std::ifstream lines{out};
    int rows = 0;
    for (std::string line; std::getline(lines, line);) {
        bool all = true;
        for (const std::string& word : words) all &= line.find(word) != std::string::npos;
        rows += all ? 1 : 0;
    }
    return rows;
}

void CameraStage::tell() const { std::cerr << text_of(folder_ / "aisled.log"); }

void make_film(const std::string& path, const FilmSize& size) {
    std::ofstream film{path, std::ios::binary};
    film << "YUV4MPEG2 W" << size.width << " H" << size.height << " F10:1 C420jpeg\n";
    const auto pixels = static_cast<std::size_t>(size.width * size.height);
    std::string planes(pixels + pixels / 2, '\x80');  // grey: its chroma says nothing
    for (int number = 0; number < size.frames; ++number) {
        std::uint32_t texture = 77;
        const int left = number * 4 % (size.width + 60) - 30;
        for (int at = 0; at < size.width * size.height; ++at) {
            texture = texture * 1664525U + 1013904223U;
            const int x = at % size.width;
            const int y = at / size.width;
            const bool walker = x >= left && x < left + 14 && y >= 40 && y < 76;
            planes[static_cast<std::size_t>(at)] =
                static_cast<char>(walker ? 40 : 100 + (texture >> 26U));
        }
        film << "FRAME\n" << planes;
    }
}

int half_open_to(int port) {
    std::array<char, 8> hex{};
    std::snprintf(hex.data(), hex.size(), ":%04X", static_cast<unsigned>(port));
    std::ifstream lines{"/proc/net/tcp"};
    int found = 0;
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words{line};
        std::string number, local, remote, state;
        words >> number >> local >> remote >> state;
        found += remote.ends_with(hex.data()) && state == "02" ? 1 : 0;  // SYN_SENT
    }
    return found;
}

}  // namespace aisle::e2e
