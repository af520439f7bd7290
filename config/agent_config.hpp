#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "agent/core/error.hpp"

// What aisled is told (config/aisle.toml documents each key). Plain values: the composition root
// turns them into the settings of the rooms. Validated as far as the file alone allows; that a zone
// or a directory exists is checked at wiring.
namespace aisle::config {

struct StoreConfig {
    std::string id;
    std::string name;
    std::string zone = "Asia/Shanghai";  // IANA
    std::string currency = "CNY";
    int minor_digits = 2;
    std::chrono::minutes business_day_cut{240};
    std::string data_dir = "/var/lib/aisle";
    std::int64_t outbox_quota_mb = 512;  // what may wait for headquarters
    std::int64_t ballast_mb = 32;        // set aside, to be released when the disk is full

    friend bool operator==(const StoreConfig&, const StoreConfig&) = default;
};

struct HttpConfig {
    std::string host = "127.0.0.1";
    std::uint16_t port = 8480;
    std::string unix_socket = "/run/aisle/aisled.sock";

    friend bool operator==(const HttpConfig&, const HttpConfig&) = default;
};

struct BrokerAddress {
    std::string host;
    std::uint16_t port = 1883;

    friend bool operator==(const BrokerAddress&, const BrokerAddress&) = default;
};

struct TlsConfig {
    bool enabled = false;
    std::string ca_file;  // empty: what the system trusts
    std::string cert_file;
    std::string key_file;
    bool plaintext_allowed = false;  // beyond loopback without TLS

    friend bool operator==(const TlsConfig&, const TlsConfig&) = default;
};

struct BrokerConfig {
    bool enabled = false;
    std::string host;
    std::uint16_t port = 1883;
    std::vector<BrokerAddress> further;  // of the same cluster: tried in turn
    TlsConfig tls;
    std::string client_id;  // empty: made from the store's id
    std::string username;
    std::string password_file;
    std::chrono::seconds reconnect_max{300};  // between two attempts, with full jitter

    friend bool operator==(const BrokerConfig&, const BrokerConfig&) = default;
};

struct PoslogDirConfig {
    std::string source;  // the till system's name: part of every sale id
    std::string directory;
    std::string profile = "generic";
    std::string done_dir;
    std::chrono::milliseconds scan_every{5000};
    std::chrono::milliseconds stable_for{2000};
    std::chrono::minutes incomplete_after{10};

    friend bool operator==(const PoslogDirConfig&, const PoslogDirConfig&) = default;
};

struct HttpPushConfig {
    bool enabled = true;
    std::string secret_file;  // empty: unsigned, loopback only

    friend bool operator==(const HttpPushConfig&, const HttpPushConfig&) = default;
};

struct DoorConfig {
    std::string id;
    bool counts = true;  // towards occupancy and conversion
    std::string zone;    // where staff's tags are heard when they are at this door; empty: nowhere

    friend bool operator==(const DoorConfig&, const DoorConfig&) = default;
};

struct FootfallConfig {
    // Outside of these only staff come and go. Equal: no rule.
    std::chrono::minutes opens{0};
    std::chrono::minutes closes{0};
    std::chrono::minutes long_stay{120};  // who stays longer in a scene's zone works there

    friend bool operator==(const FootfallConfig&, const FootfallConfig&) = default;
};

struct CounterConfig {
    std::string source;
    std::string door;
    std::string kind = "interval";  // event, interval, cumulative
    // generic (by `fields`), xovis_live, xovis_logics, axis_analytics, axis_people
    std::string format = "generic";
    std::map<std::string, std::string> lines;   // of a smart camera, by its names -> door
    std::vector<std::string> swapped;           // lines of which forward is out
    std::string topic;                          // empty: HTTP only
    std::map<std::string, std::string> fields;  // field -> JSON pointer
    std::chrono::seconds report_every{0};       // 0: it promises nothing
    std::string url;                            // asked for its sums; empty: it tells by itself
    std::chrono::seconds poll_every{60};
    std::string username;
    std::string password_file;

    friend bool operator==(const CounterConfig&, const CounterConfig&) = default;
};

struct VideoConfig {
    std::string source;
    std::string url;                           // a file, rtsp://..., /dev/videoN, pipe:/path
    std::string scene;                         // scene file; each of its lines names a door
    std::map<std::string, std::string> doors;  // line -> door; default: the line's own name
    bool loop = false;
    bool paced = true;
    std::string detector = "motion";  // motion or onnx
    std::string model;                // onnx: the file
    std::string model_sha256;         // hex; empty: not checked
    std::int64_t every = 1;           // onnx: the net looks at every so many frames

    friend bool operator==(const VideoConfig&, const VideoConfig&) = default;
};

struct GatewayConfig {
    std::string source;
    std::string format = "theengs";  // theengs, minew
    std::string topic;
    std::string scanner;  // empty: named by the payload or the topic

    friend bool operator==(const GatewayConfig&, const GatewayConfig&) = default;
};

struct ZoneConfig {
    std::string id;
    std::vector<std::string> scanners;

    friend bool operator==(const ZoneConfig&, const ZoneConfig&) = default;
};

struct PresenceConfig {
    std::chrono::milliseconds window{4000};
    int margin_db = 6;
    std::chrono::milliseconds min_dwell{3000};
    std::chrono::milliseconds exit_silence{10'000};

    friend bool operator==(const PresenceConfig&, const PresenceConfig&) = default;
};

struct OffersConfig {
    std::string campaigns_dir;
    std::string code_prefix =
        "29";  // EAN-13 codes start with it: a range that the till system leaves free
    // Over all campaigns; 0: no limit.
    std::int64_t zone_prompts_max = 0;
    std::int64_t staff_offers_max = 0;
    std::int64_t queue_max = 0;
    std::vector<std::string> queue_zones;  // who stands there waits
    std::int64_t was_price_days = 30;      // what a struck-through price has to be proven by

    friend bool operator==(const OffersConfig&, const OffersConfig&) = default;
};

// From when on something is worth a look (docs/offers.md, Abuse).
struct AbuseConfig {
    std::int64_t card_sales_day = 8;
    std::int64_t card_sales_rush = 5;
    std::int64_t rush_min = 30;
    std::int64_t split_baskets = 3;
    std::int64_t split_min = 15;
    std::int64_t split_over_bp = 1'500;
    std::int64_t refunds_week = 3;
    std::int64_t gift_grace_min = 30;
    std::int64_t false_per_till_week_permille = 1;

    friend bool operator==(const AbuseConfig&, const AbuseConfig&) = default;
};

struct CustomersConfig {
    std::vector<std::int64_t> recency_days{7, 30, 90, 180};  // R 5, 4, 3, 2, else 1
    std::vector<std::int64_t> frequency{2, 4, 8, 16};        // F 1 below the first
    std::vector<std::int64_t> monetary_minor{10'000, 50'000, 150'000, 500'000};
    std::int64_t at_risk_days = 45;
    std::int64_t dormant_days = 90;
    std::int64_t lost_days = 180;
    // R and M by the fifths of the shop's own customers instead of the cuts. F always by its cuts:
    // where half the customers came once, its fifths are one and the same.
    bool quantiles = false;
    // Receipts with one card's hash are one person's. Off: the hash is dropped before anything
    // else.
    bool link_cards = false;
    std::int64_t tag_confidence_permille = 500;  // tags that are less sure are no facts

    friend bool operator==(const CustomersConfig&, const CustomersConfig&) = default;
};

struct RetentionConfig {
    int ledger_days = 400;
    int offers_days = 90;
    int footfall_days = 90;
    int health_days = 14;
    int local_days = 2;
    int quarantine_days = 30;

    friend bool operator==(const RetentionConfig&, const RetentionConfig&) = default;
};

struct AgentConfig {
    StoreConfig store;
    HttpConfig http;
    BrokerConfig uplink;       // to HQ
    BrokerConfig shop_broker;  // where gateways and counters publish
    std::vector<PoslogDirConfig> poslog_dirs;
    HttpPushConfig http_push;
    std::vector<DoorConfig> doors;
    FootfallConfig footfall;
    std::vector<CounterConfig> counters;
    std::vector<VideoConfig> videos;
    std::vector<GatewayConfig> gateways;
    std::vector<ZoneConfig> zones;
    PresenceConfig presence;
    std::string reference_dir;
    OffersConfig offers;
    AbuseConfig abuse;
    CustomersConfig customers;
    RetentionConfig retention;
    std::string log_level = "info";

    friend bool operator==(const AgentConfig&, const AgentConfig&) = default;
};

// On failure the detail holds every fault, one a line, each with file:line:column and the nearest
// valid key.
Result<AgentConfig> load_agent_config(const std::string& path);
Result<AgentConfig> parse_agent_config(std::string_view text, const std::string& name);

}  // namespace aisle::config
