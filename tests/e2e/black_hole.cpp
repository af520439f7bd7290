#include "black_hole.hpp"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <fstream>
#include <memory>

#include "agent/runtime/io_loop.hpp"
#include "agent/runtime/system_clock.hpp"
#include "sync/mqtt/transport.hpp"
#include "sync/uplink/uplink.hpp"
#include "tests/kit/model_outbox.hpp"
#include "tests/kit/mosquitto.hpp"
#include "tests/kit/tcp_proxy.hpp"

namespace aisle::e2e {
namespace {

constexpr milliseconds kPatience{120'000};

// As aisled makes it; nobody answers for headquarters.
struct Shop {
    bool start() {
        if (!broker.start()) return false;
        way = std::make_unique<kit::TcpProxy>(broker.port());
        link = mqtt::make_transport(
            loop, *metrics,
            {.name = "hq", .port = way->port(), .client_id = "s-0001", .echo_every = seconds{300}});
        uplink = uplink::make_uplink({outbox, *link, loop, *metrics},
                                     {.store = StoreId{"s-0001"}, .epoch = "0123456789abcdef"});
        uplink->start();
        return kit::run_until(loop, [this] { return link->link().connected; });
    }
    void wait(milliseconds time) {
        kit::run_until(
            loop, [] { return false; }, time);
    }

    kit::Mosquitto broker;
    runtime::SystemClock clock{1};
    std::unique_ptr<runtime::Metrics> metrics = runtime::make_metrics();
    runtime::IoLoop loop{clock, *metrics};
    kit::ModelOutbox outbox{[this](std::function<void()> task) { loop.post(std::move(task)); }};
    std::unique_ptr<kit::TcpProxy> way;
    std::unique_ptr<Transport> link;
    std::unique_ptr<uplink::Uplink> uplink;
};

// What the program says goes into a file for so long.
class Overheard {
public:
    Overheard() : kept_{::dup(STDERR_FILENO)} {
        const int file = ::mkstemp(name_.data());
        ::dup2(file, STDERR_FILENO);
        ::close(file);
    }
    ~Overheard() {
        restore();
        ::unlink(name_.c_str());
    }
    Overheard(const Overheard&) = delete;
    Overheard& operator=(const Overheard&) = delete;
    int lines() {
        restore();
        std::ifstream file{name_};
        std::string line;
        int count = 0;
        while (std::getline(file, line)) ++count;
        return count;
    }

private:
    void restore() {
        if (kept_ < 0) return;
        ::dup2(kept_, STDERR_FILENO);
        ::close(kept_);
        kept_ = -1;
    }
    std::string name_ = "/tmp/aisle-flap-XXXXXX";
    int kept_;
};

}  // namespace

double black_hole_s(bool busy) {
    Shop shop;
    if (!shop.start()) return -1;
    shop.wait(seconds{2});
    shop.way->set({.black_hole = true});
    if (busy) {
        shop.outbox.add(Stream::Ledger, "{}");
        shop.uplink->wake(Stream::Ledger);
    }
    const MonoTime begun = shop.clock.now().mono;
    const bool found = kit::run_until(
        shop.loop, [&] { return !shop.link->link().connected; }, kPatience);
    const auto took = std::chrono::duration_cast<milliseconds>(shop.clock.now().mono - begun);
    return found ? static_cast<double>(took.count()) / 1'000 : -1;
}

FlapResult flap(int seconds_long) {
    FlapResult result{.seconds = seconds_long};
    Overheard log;
    Shop shop;
    if (!shop.start()) return result;
    shop.outbox.add(Stream::Ledger, "{}");
    shop.uplink->wake(Stream::Ledger);
    const MonoTime end = shop.clock.now().mono + seconds{seconds_long};
    while (shop.clock.now().mono < end) {
        shop.way->cut();
        ++result.cuts;
        shop.wait(milliseconds{500});
    }
    result.lines = log.lines();
    return result;
}

std::string to_json(const FlapResult& result) {
    return R"({"flap_s":)" + std::to_string(result.seconds) +
           ",\"cuts\":" + std::to_string(result.cuts) +
           ",\"log_lines\":" + std::to_string(result.lines) + "}";
}

}  // namespace aisle::e2e
