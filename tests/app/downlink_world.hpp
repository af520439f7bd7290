#pragma once

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "agent/app/downlink.hpp"
#include "agent/records/downlink_records.hpp"
#include "shop_world.hpp"
#include "sync/wire/command.hpp"
#include "sync/wire/dataset.hpp"

// A shop with everything that HQ may send down, and HQ's key.
namespace aisle::app {

inline wire::SigningKey hq_key(std::uint8_t seed = 1, std::string id = "hq-1") {
    std::array<std::uint8_t, 32> bytes{};
    bytes.fill(seed);
    return wire::signing_key(std::move(id), bytes);
}

inline const std::string kEpoch = "00000000000000aa";

struct DownWorld {
    explicit DownWorld(const std::vector<std::string>& own = {}, const Folder* folder = nullptr,
                       Stamp now = kit::at(), const std::string& epoch = kEpoch)
        : shop{own, folder, now} {
        const std::string keys = shop.path + "/keys/hq";
        std::filesystem::create_directories(keys);
        std::ofstream{keys + "/hq-1.pub"} << wire::to_hex(hq_key().public_key()) << "\n";
        down = std::make_unique<Downlink>(Downlink::Settings{.store = StoreId{"s-0001"},
                                                             .version = "0.1.0",
                                                             .data_dir = shop.path,
                                                             .member_key = "k1"},
                                          parts());
        EXPECT_TRUE(down->prepare(campaigns_of(own), epoch));
        down->start();
        shop.settle();
    }

    Downlink::Parts parts() {
        return {.pipeline = shop.pipeline,
                .engines = *shop.engines,
                .floor = shop.floor,
                .readings = shop.readings,
                .storage = shop.storage,
                .store = *shop.store,
                .write = shop.run,
                .slow = shop.run,
                .loop = shop.loop,
                .metrics = *shop.metrics,
                .zone = shop.zone,
                .apply = [this](const auto& settings) { applied = settings; },
                .flush = [this] { ++flushed; },
                .announce = [this] { ++announced; },
                .diagnose = [] { return std::string{R"({"rows":7})"}; }};
    }

    void send(wire::Channel channel, const std::string& sealed) {
        down->message({.store = StoreId{"s-0001"}, .channel = channel}, sealed);
        shop.settle();
    }
    void bundle(const wire::Bundle& bundle) {
        send(wire::Channel::DownBundle,
             wire::seal(wire::Purpose::Bundle, hq_key(), wire::to_json(bundle)));
        pass(seconds{1});
    }
    void command(wire::CommandArgs args, const wire::SigningKey& key = hq_key()) {
        const wire::Command command{.id = "c-" + std::to_string(++commands),
                                    .store = StoreId{"s-0001"},
                                    .issued = shop.clock.now().wall,
                                    .expires = shop.clock.now().wall + std::chrono::hours{1},
                                    .args = std::move(args)};
        send(wire::Channel::DownCommand,
             wire::seal(wire::Purpose::Command, key, wire::to_json(command)));
        pass(seconds{1});
    }
    void data(wire::DatasetHeader header, const std::string& rows) {
        const std::vector<std::string> parts{rows};
        header.store = "s-0001";
        header.valid_until = shop.clock.now().wall + std::chrono::hours{24};
        header.n = std::ranges::count(rows, '\n');
        header.sha256 = wire::rows_digest(parts);
        send(wire::Channel::DownData,
             wire::seal(wire::Purpose::Data, hq_key(), wire::header_line(header) + "\n" + rows));
        pass(seconds{1});
    }
    void pass(milliseconds time) {
        for (milliseconds gone{0}; gone < time; gone += seconds{1}) shop.loop.advance(seconds{1});
        // As the heartbeat does; then what follows from it.
        shop.pipeline.submit_inner(
            {.apply = [this](Turn& turn, std::span<const Found>) { shop.floor.tick(turn); }});
        shop.settle();
        shop.loop.advance(seconds{1});
        shop.settle();
    }
    void lease(const std::string& campaign, std::int64_t fen,
               std::chrono::hours lasts = std::chrono::hours{8}) {
        command(wire::LeaseGrant{.lease = "l-" + std::to_string(commands),
                                 .campaign = CampaignId{campaign},
                                 .amount = Money::minor(fen),
                                 .until = shop.clock.now().wall + lasts,
                                 .epoch = kEpoch});
    }

    // "active 3", "refused 4 guard", ...
    std::vector<std::string> states() {
        std::vector<std::string> words;
        for (const std::string& body : shop.journal("bundle_state")) {
            const auto state = records::bundle_state_from_json(body);
            words.push_back(state->state + " " + std::to_string(state->version) +
                            (state->reason.empty() ? "" : " " + state->reason));
        }
        return words;
    }
    records::CommandResult result() {
        const auto bodies = shop.journal("command_result");
        if (bodies.empty()) return {};
        return *records::command_result_from_json(bodies.back());
    }
    std::vector<records::LeaseMove> lease_moves() {
        std::vector<records::LeaseMove> moves;
        for (const std::string& body : shop.journal("budget"))
            if (auto move = records::lease_from_json(body)) moves.push_back(std::move(*move));
        return moves;
    }
    offers::LeaseStatus lease_of(const std::string& campaign) {
        for (const offers::LeaseStatus& one : shop.engines->offers->leases())
            if (one.campaign.value == campaign) return one;
        return {};
    }

    ShopWorld shop;
    std::unique_ptr<Downlink> down;
    std::map<std::string, std::int64_t> applied;
    int flushed = 0;
    int announced = 0;
    int commands = 0;
};

inline wire::Bundle bundle_of(std::int64_t version, std::vector<std::string> campaigns) {
    return {.version = version, .campaigns = std::move(campaigns)};
}

}  // namespace aisle::app
