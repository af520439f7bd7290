#pragma once

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <vector>

#include "tests/kit/program.hpp"
#include "tests/kit/tcp_proxy.hpp"
#include "uplink_records.hpp"
#include "uplink_road.hpp"

// What a shop's day costs on the line: every kind of exchange is made for real over TLS, through a
// proxy that counts both ways, and then counted by a day's plan drawn from a seed.
namespace aisle::bench {

inline constexpr int kDaySales = 1'500;
inline constexpr int kDayVisits = 6'000;
inline constexpr double kOpen_s = 12 * 3'600.0;
inline constexpr double kDay_s = 24 * 3'600.0;

// The broker that config/mosquitto/chain.conf makes, with certificates.
class SecuredBroker {
public:
    SecuredBroker() : broker_{kit::Mosquitto::Whole{text_of("chain.conf")}} {
        std::filesystem::copy_file(shipped("acl"), broker_.folder() / "acl");
        good_ = make({"ca"}) && make({"broker", "localhost", "127.0.0.1"}) &&
                make({"client", "s-0001", "aisle-hq"}) && broker_.start();
    }
    [[nodiscard]] bool good() const { return good_; }
    [[nodiscard]] std::uint16_t port() const { return broker_.port(); }
    [[nodiscard]] mqtt::TransportSettings settings(const std::string& name,
                                                   std::uint16_t port) const {
        auto settings = link_settings(name, port);
        settings.tls = {.enabled = true,
                        .ca_file = file("ca.pem"),
                        .cert_file = file(name + ".pem"),
                        .key_file = file(name + ".key")};
        return settings;
    }

private:
    static std::filesystem::path shipped(const std::string& name) {
        return std::filesystem::path{AISLE_SOURCE_DIR} / "config/mosquitto" / name;
    }
    static std::string text_of(const std::string& name) {
        std::ostringstream text;
        text << std::ifstream{shipped(name)}.rdbuf();
        return text.str();
    }
    [[nodiscard]] std::string file(const std::string& name) const {
        return (broker_.folder() / name).string();
    }
    [[nodiscard]] bool make(std::vector<std::string> words) const {
        words.insert(words.begin(), {"env", "DIR=" + broker_.folder().string(),
                                     shipped("make-certificates.sh").string()});
        return kit::Program{words, file("openssl.log")}.wait() == 0;
    }

    kit::Mosquitto broker_;
    bool good_ = false;
};

// Counts of a day.
struct DayPlan {
    int visit_batches = 0;  // as the linger of 30 s gathers them
    int pings = 0;          // in gaps without traffic
    int births = 0;

    // Sales and visits at random over the hours that the shop is open.
    DayPlan(double keep_alive_s, double linger_s, double birth_every_s) {
        std::mt19937_64 random{1};
        std::uniform_real_distribution<double> moment{0, kOpen_s};
        std::vector<double> visits(kDayVisits);
        for (double& at : visits) at = moment(random);
        std::ranges::sort(visits);
        std::vector<double> traffic(kDaySales);
        for (double& at : traffic) at = moment(random);
        for (double until = -1; const double at : visits) {
            if (at < until) continue;
            until = at + linger_s;
            traffic.push_back(until);
            ++visit_batches;
        }
        births = static_cast<int>(kDay_s / birth_every_s);
        for (int n = 1; n <= births; ++n) traffic.push_back(n * birth_every_s);
        std::ranges::sort(traffic);
        double last = 0;
        for (const double at : traffic)
            pings += static_cast<int>(std::floor((at - std::exchange(last, at)) / keep_alive_s));
    }
};

inline Record visit(std::mt19937_64& random) {
    ZoneVisit visit{.tag = TagKey{hex(random, 32)},
                    .label = "trolley " + std::to_string(random() % 200),
                    .zone = ZoneId{"zone-" + std::to_string(random() % 24)},
                    .entered = kit::kNoon + milliseconds{random() % 10'000'000},
                    .entered_mono = MonoTime{microseconds{random() % 10'000'000'000}},
                    .open = false,
                    .confidence_permille = static_cast<std::int32_t>(500 + random() % 500)};
    const milliseconds stay{5'000 + random() % 600'000};
    visit.left = visit.entered + stay;
    visit.left_mono = visit.entered_mono + stay;
    Stamp at = kit::at(milliseconds{random() % 10'000'000});
    at.mono += microseconds{random() % 1'000};
    return records::zone_visit_record(visit, at);
}

}  // namespace aisle::bench
