#include "agent/runtime/system_clock.hpp"

#include <dirent.h>
#include <sys/timex.h>
#include <time.h>

#include <chrono>
#include <fstream>

namespace aisle::runtime {

namespace {

constexpr std::int64_t kAskKernelEveryUs = 1'000'000;

bool machine_has_rtc() {
    DIR* const devices = opendir("/sys/class/rtc");
    if (devices == nullptr) return false;
    bool found = false;
    while (const dirent* entry = readdir(devices)) found = found || entry->d_name[0] != '.';
    closedir(devices);
    return found;
}

bool kernel_clock_is_synchronised() {
    timex state{};  // modes = 0: only asks
    return adjtimex(&state) != TIME_ERROR && (state.status & STA_UNSYNC) == 0;
}

MonoTime since_boot() {
    timespec now{};
    clock_gettime(CLOCK_BOOTTIME, &now);
    return MonoTime{seconds{now.tv_sec} + std::chrono::duration_cast<microseconds>(
                                              std::chrono::nanoseconds{now.tv_nsec})};
}

}  // namespace

SystemClock::SystemClock(std::int64_t boot) : boot_{boot}, has_rtc_{machine_has_rtc()} {
    synchronised_ = kernel_clock_is_synchronised();
    asked_us_ = since_boot().time_since_epoch().count();
}

Stamp SystemClock::now() const {
    const MonoTime mono = since_boot();
    const auto wall = std::chrono::floor<milliseconds>(std::chrono::system_clock::now());
    return {.boot = boot_, .mono = mono, .wall = wall, .quality = quality(mono)};
}

ClockQuality SystemClock::quality(MonoTime mono) const {
    if (hq_confirmed_) return ClockQuality::Hq;
    const std::int64_t now_us = mono.time_since_epoch().count();
    if (now_us - asked_us_ >= kAskKernelEveryUs) {
        asked_us_ = now_us;
        synchronised_ = kernel_clock_is_synchronised();
    }
    if (synchronised_) return ClockQuality::Ntp;
    return has_rtc_ ? ClockQuality::Rtc : ClockQuality::None;
}

std::string read_boot_id() {
    std::ifstream file{"/proc/sys/kernel/random/boot_id"};
    std::string id;
    std::getline(file, id);
    return id;
}

}  // namespace aisle::runtime
