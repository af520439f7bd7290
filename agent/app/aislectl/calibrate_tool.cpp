// aislectl footfall calibrate: a person at a door taps who goes in and out; the running agent says
// how right the door counted meanwhile.
#include <poll.h>
#include <termios.h>
#include <unistd.h>
#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <charconv>
#include <chrono>
#include <cmath>
#include <iostream>
#include <memory>
#include <sstream>

#include "agent/app/aislectl/tool.hpp"
#include "agent/runtime/http.hpp"

namespace aisle::app::ctl {
namespace {

namespace json = boost::json;
using SteadyTime = std::chrono::steady_clock::time_point;

constexpr milliseconds kCallMax{5'000};
constexpr milliseconds kResultLook{500};
constexpr minutes kResultMax{20};  // a counter's sums may be so late
constexpr std::size_t kTapsMax = 5'000;

struct Calibrate {
    std::string socket = "/run/aisle/aisled.sock";
    std::string door;
    std::string by = "aislectl";
    std::string taps;  // a file; empty: keys
    double minutes = 0;
};

// A tap of a file: so long after the beginning.
struct PlannedTap {
    milliseconds at{};
    std::string kind;
};

// "12.5 in", "14 out", "15 undo"; blank lines and what follows a # are for people. Ascending.
Result<std::vector<PlannedTap>> read_taps(const std::string& text) {
    std::vector<PlannedTap> taps;
    std::istringstream lines{text};
    std::string line;
    for (int n = 1; std::getline(lines, line); ++n) {
        std::istringstream words{line.substr(0, line.find('#'))};
        double at_s = 0;
        std::string kind;
        std::string more;
        if (!(words >> std::ws) || words.eof()) continue;
        const bool known = words >> at_s >> kind && !(words >> more) && std::isfinite(at_s) &&
                           at_s >= 0 && at_s <= 7200 &&
                           (kind == "in" || kind == "out" || kind == "undo");
        const milliseconds at{known ? std::llround(at_s * 1000) : 0};
        if (!known) return malformed("taps:" + std::to_string(n) + ": SECONDS in|out|undo");
        if (!taps.empty() && at < taps.back().at)
            return malformed("taps:" + std::to_string(n) + ": earlier than the one before");
        if (taps.size() >= kTapsMax) return malformed("taps: more than 5000");
        taps.push_back({at, kind});
    }
    return taps;
}

// One session, from the tool's side.
class Session {
public:
    explicit Session(const Calibrate& options) : options_{options} {}

    Status begin() {
        const auto answer =
            call("POST", "/api/v1/calibrations", {{"door", options_.door}, {"by", options_.by}});
        if (!answer) return answer.error();
        id_ = answer->at("id").as_string();
        told_ = answer->at("taps").as_int64();
        begun_ = std::chrono::steady_clock::now();
        return {};
    }
    Status tap(const std::string& kind) {
        json::object tap{{"n", ++told_}, {"kind", kind}, {"ago_ms", 0}};
        json::array taps;
        taps.emplace_back(std::move(tap));
        const auto answer = call("POST", path(":tap"), {{"taps", std::move(taps)}});
        if (!answer) return answer.error();
        std::cerr << "\r  in " << answer->at("in").as_int64() << "  out "
                  << answer->at("out").as_int64() << "   " << std::flush;
        return {};
    }
    Status end() { return told("end"); }
    Status cancel() { return told("cancel"); }

    // What the agent found; Unavailable when it has not within kResultMax.
    Result<json::object> result() {
        const auto until = std::chrono::steady_clock::now() + kResultMax;
        while (std::chrono::steady_clock::now() < until) {
            const auto answer = call("GET", path(""), {});
            if (!answer) return answer.error();
            if (const auto* found = answer->if_contains("result")) return found->as_object();
            ::poll(nullptr, 0, static_cast<int>(kResultLook.count()));
        }
        return unavailable("the door's counts have not come");
    }
    [[nodiscard]] milliseconds passed() const {
        return std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - begun_);
    }

private:
    [[nodiscard]] std::string path(const char* step) const {
        return "/api/v1/calibrations/" + id_ + step;
    }
    Status told(const char* step) {
        const auto answer =
            call("POST", path((std::string{":"} + step).c_str()), {{"by", options_.by}});
        return answer ? Status{} : Status{answer.error()};
    }
    Result<json::object> call(const char* method, const std::string& path,
                              const json::object& body) const {
        const bool post = std::string_view{method} == "POST";
        const auto answer =
            runtime::http_call("unix:" + options_.socket,
                               {.method = method,
                                .path = path,
                                .headers = {{"content-type", "application/json"}},
                                .body = post ? json::serialize(body) : std::string{}},
                               kCallMax);
        if (!answer) return unavailable("the agent does not answer on " + options_.socket);
        boost::system::error_code failed;
        json::value value = json::parse(answer->body, failed);
        if (failed || !value.is_object()) return unavailable(answer->body);
        if (answer->status == 200) return std::move(value.as_object());
        const auto* why = value.as_object().if_contains("detail");
        const std::string detail{why != nullptr && why->is_string() ? why->as_string()
                                                                    : json::string{answer->body}};
        return answer->status == 404 ? malformed(detail) : unavailable(detail);
    }

    Calibrate options_;
    std::string id_;
    std::int64_t told_ = 0;
    SteadyTime begun_;
};

// Single keys instead of lines, until it goes.
class RawKeys {
public:
    RawKeys() {
        if (::isatty(STDIN_FILENO) == 0 || ::tcgetattr(STDIN_FILENO, &before_) != 0) return;
        termios raw = before_;
        raw.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
        changed_ = ::tcsetattr(STDIN_FILENO, TCSANOW, &raw) == 0;
    }
    ~RawKeys() {
        if (changed_) ::tcsetattr(STDIN_FILENO, TCSANOW, &before_);
    }
    RawKeys(const RawKeys&) = delete;
    RawKeys& operator=(const RawKeys&) = delete;

private:
    termios before_{};
    bool changed_ = false;
};

enum class Pressed { Nothing, In, Out, Undo, End, Cancel };

Pressed key_within(milliseconds wait) {
    pollfd in{.fd = STDIN_FILENO, .events = POLLIN, .revents = 0};
    if (::poll(&in, 1, static_cast<int>(wait.count())) <= 0) return Pressed::Nothing;
    char key = 0;
    if (::read(STDIN_FILENO, &key, 1) != 1) return Pressed::End;  // nobody is there any more
    switch (key) {
        case 'i':
            return Pressed::In;
        case 'o':
            return Pressed::Out;
        case 'u':
        case 0x7F:
            return Pressed::Undo;
        case 'q':
            return Pressed::End;
        case 'x':
            return Pressed::Cancel;
        default:
            return Pressed::Nothing;
    }
}

// False: cancelled.
Result<bool> tap_by_keys(Session& session, milliseconds length) {
    std::cerr << "i: somebody went in, o: out, u: take the last back, q: end, x: cancel\n";
    const RawKeys keys;
    constexpr milliseconds kLook{250};
    while (length == milliseconds{0} || session.passed() < length) {
        const Pressed pressed = key_within(kLook);
        if (pressed == Pressed::End) return true;
        if (pressed == Pressed::Cancel) return false;
        if (pressed == Pressed::Nothing) continue;
        const char* kind = pressed == Pressed::In ? "in" : pressed == Pressed::Out ? "out" : "undo";
        if (const Status told = session.tap(kind); !told) return told.error();
    }
    return true;
}

// In real time: the door counts the people of now.
Result<bool> tap_by_file(Session& session, const std::vector<PlannedTap>& taps,
                         milliseconds length) {
    const auto wait_until = [&](milliseconds at) {
        for (auto left = at - session.passed(); left > milliseconds{0};
             left = at - session.passed())
            ::poll(nullptr, 0, static_cast<int>(left.count()));
    };
    for (const PlannedTap& tap : taps) {
        wait_until(tap.at);
        if (const Status told = session.tap(tap.kind); !told) return told.error();
    }
    wait_until(length);
    return true;
}

int run(const Calibrate& options, const Outcome& outcome) {
    std::vector<PlannedTap> taps;
    if (!options.taps.empty()) {
        const auto text = read_input(options.taps);
        if (!text) return fail(text.error()), kNoInput;
        auto read = read_taps(*text);
        if (!read) return fail(read.error());
        taps = *std::move(read);
    }
    Session session{options};
    if (const Status begun = session.begin(); !begun) return fail(begun.error());
    const milliseconds length{std::llround(options.minutes * 60'000)};
    const auto tapped =
        options.taps.empty() ? tap_by_keys(session, length) : tap_by_file(session, taps, length);
    std::cerr << "\n";
    if (!tapped) return fail(tapped.error());
    const Status over = *tapped ? session.end() : session.cancel();
    if (!over) return fail(over.error());
    if (!*tapped) return kOk;
    const auto found = session.result();
    if (!found) return fail(found.error());
    print(json::serialize(*found), outcome);
    return kOk;
}

}  // namespace

void add_calibrate(CLI::App& footfall, Outcome& outcome) {
    auto options = std::make_shared<Calibrate>();
    auto* sub = footfall.add_subcommand(
        "calibrate", "tap who goes in and out at a door: how right does it count?");
    sub->add_option("--door", options->door, "the door, as the agent names it")->required();
    sub->add_option("--by", options->by, "who taps")->capture_default_str();
    sub->add_option("--taps", options->taps, "SECONDS in|out|undo a line, instead of keys");
    sub->add_option("--minutes", options->minutes, "how long; keys: until q")
        ->check(CLI::Range(0.0, 120.0));
    sub->add_option("--socket", options->socket, "the agent's socket")->capture_default_str();
    sub->callback([options, &outcome] { outcome.exit = run(*options, outcome); });
}

}  // namespace aisle::app::ctl
