// How many adverts a core reads: the parser alone beside a plain copy of the same bytes, and
// gateway JSON beside parsing the same text as JSON only. One JSON line a case; CPU seconds, so
// that a busy machine matters less.
#include <array>
#include <boost/json.hpp>
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <string>

#include "drivers/beacon/advert_parser.hpp"
#include "drivers/beacon/gateway_json.hpp"

namespace {

using namespace aisle;

constexpr std::array<std::uint8_t, 30> kIBeacon{
    0x02, 0x01, 0x06, 0x1a, 0xff, 0x4c, 0x00, 0x02, 0x15, 0x7e, 0x1f, 0x0c, 0x52, 0xa3, 0xd9,
    0x4b, 0x6e, 0x8f, 0x21, 0xc4, 0xd5, 0xa6, 0xb7, 0xc8, 0xd9, 0x00, 0x01, 0x00, 0x0e, 0xc5};

double cpu_s() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

// Calls `work` n times and answers how often a CPU second would.
template <typename Work>
double per_second(int n, Work work) {
    const double from = cpu_s();
    for (int i = 0; i < n; ++i) work(i);
    return n / (cpu_s() - from);
}

void bench_adverts() {
    auto payload = kIBeacon;
    std::uint64_t sum = 0;
    Advert advert;
    const double parsed = per_second(20'000'000, [&](int i) {
        payload[28] = static_cast<std::uint8_t>(i);
        sum += static_cast<std::uint64_t>(beacon::parse_advert(payload, advert)) + advert.id[19];
    });
    std::array<std::uint8_t, 30> copy{};
    const double copied = per_second(20'000'000, [&](int i) {
        payload[28] = static_cast<std::uint8_t>(i);
        copy = payload;
        asm volatile("" : : "r"(copy.data()) : "memory");
        sum += copy[28];
    });
    std::printf("{\"case\":\"ibeacon\",\"per_s\":%.0f,\"copy_per_s\":%.0f,\"check\":%llu}\n",
                parsed, copied, static_cast<unsigned long long>(sum % 1000));
}

void bench_gateway() {
    const std::string text =
        R"({"id":"C0:DE:00:00:01:0E","mac_type":1,"rssi":-61,"brand":"GENERIC","model_id":"IBEACON","type":"BCON",)"
        R"("mfid":"4c00","uuid":"7e1f0c52a3d94b6e8f21c4d5a6b7c8d9","major":1,"minor":14,"txpower":-59})";
    const beacon::GatewayPayload payload{.topic = "home/gw-1/BTtoMQTT/C0DE0000010E", .bytes = text};
    std::size_t sum = 0;
    const double decoded = per_second(300'000, [&](int) {
        sum += beacon::decode_gateway(beacon::GatewayFormat::Theengs, payload).adverts.size();
    });
    const double parsed =
        per_second(300'000, [&](int) { sum += boost::json::parse(text).as_object().size(); });
    std::printf(
        "{\"case\":\"theengs\",\"per_s\":%.0f,\"json_only_per_s\":%.0f,\"ratio\":%.2f,\"check\":%"
        "zu}\n",
        decoded, parsed, decoded / parsed, sum % 1000);
}

}  // namespace

int main() {
    bench_adverts();
    bench_gateway();
}
