#include "drivers/simulated/signals.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <cstdio>

#include "drivers/simulated/noise.hpp"

namespace aisle::simulated {
namespace {

namespace json = boost::json;

constexpr int kNearDbm = -52;
constexpr int kFarDbm = -76;       // from the zone next door
constexpr int kHeardMinDbm = -88;  // weaker is not heard

// Where the shopper is: the zone of the stay, or the one they walk towards.
const std::string* place(const Shopper& shopper, milliseconds at) {
    for (const Stay& stay : shopper.stays) {
        if (at < stay.to) return &stay.zone;
    }
    return nullptr;
}

// Sum of four dice: near enough to the 4 dB that radio shows, and integer.
int scatter_db(Noise& noise) {
    std::int64_t sum = 0;
    for (int i = 0; i < 4; ++i) sum += noise.between(-3, 3);
    return static_cast<int>(sum / 2);
}

json::object ibeacon(const Tag& tag, int rssi_dbm) {
    json::object advert;
    advert["id"] = tag.mac;
    advert["mac_type"] = 1;
    advert["rssi"] = rssi_dbm;
    advert["brand"] = "GENERIC";
    advert["model_id"] = "IBEACON";
    advert["type"] = "BCON";
    advert["mfid"] = "4c00";
    const auto major = tag.id.find('/');
    const auto minor = tag.id.rfind('/');
    advert["uuid"] = tag.id.substr(0, major);
    advert["major"] = std::stoi(tag.id.substr(major + 1, minor - major - 1));
    advert["minor"] = std::stoi(tag.id.substr(minor + 1));
    advert["txpower"] = -59;
    return advert;
}

Published heard(const std::string& zone, const std::string& mac, const json::object& advert) {
    std::string plain = mac;
    std::erase(plain, ':');
    return {"home/gw-" + zone + "/BTtoMQTT/" + plain, json::serialize(advert)};
}

// A phone with a random address and nothing we know.
Published stranger(Noise& noise, const std::string& zone) {
    std::array<char, 18> mac{};
    std::snprintf(mac.data(), mac.size(), "%02X:%02X:%02X:%02X:%02X:%02X",
                  static_cast<unsigned>(0x40 + noise.below(64)),
                  static_cast<unsigned>(noise.below(256)), static_cast<unsigned>(noise.below(256)),
                  static_cast<unsigned>(noise.below(256)), static_cast<unsigned>(noise.below(256)),
                  static_cast<unsigned>(noise.below(256)));
    json::object advert;
    advert["id"] = mac.data();
    advert["mac_type"] = 1;
    advert["rssi"] = -60 - noise.below(30);
    advert["manufacturerdata"] = "4c0010060319247bbc68";
    return heard(zone, mac.data(), advert);
}

}  // namespace

std::vector<Published> gateway_messages(const Plan& plan, milliseconds at) {
    const auto second = std::chrono::floor<seconds>(at);
    Noise noise{plan.settings.seed, 1000 + static_cast<std::uint64_t>(second.count())};
    std::vector<Published> messages;
    const auto& zones = plan.chain.zones;
    for (const Shopper& shopper : plan.shoppers) {
        if (shopper.tag == nullptr || at < shopper.enters || at >= shopper.leaves) continue;
        const std::string* here = place(shopper, at);
        if (here == nullptr) continue;
        const auto own = std::ranges::find(zones, *here) - zones.begin();
        for (std::ptrdiff_t zone = 0; zone < std::ssize(zones); ++zone) {
            const auto apart = static_cast<int>(std::min<std::ptrdiff_t>(std::abs(zone - own), 2));
            const int rssi =
                (apart == 0 ? kNearDbm : kFarDbm - (apart - 1) * 7) + scatter_db(noise);
            if (rssi < kHeardMinDbm) continue;
            const std::string& name = zones[static_cast<std::size_t>(zone)];
            messages.push_back(heard(name, shopper.tag->mac, ibeacon(*shopper.tag, rssi)));
        }
    }
    messages.push_back(
        stranger(noise, zones[static_cast<std::size_t>(noise.below(std::ssize(zones)))]));
    return messages;
}

Published door_message(const Plan& plan, milliseconds at) {
    const Plan::Doors doors = plan.doors_at(at);
    json::object totals;
    totals["id"] = "main-" + std::to_string(std::chrono::floor<seconds>(at).count());
    totals["at"] = to_rfc3339(plan.settings.start + at);
    totals["in"] = doors.in;
    totals["out"] = doors.out;
    return {"shop/doors/main", json::serialize(totals)};
}

}  // namespace aisle::simulated
