#include "agent/app/drivers.hpp"

#include "agent/app/camera_module.hpp"
#include "agent/runtime/random.hpp"
#include "agent/runtime/secret_file.hpp"
#include "drivers/beacon/gateway_mqtt.hpp"
#include "drivers/counter/counter.hpp"
#include "drivers/counter/counter_poll.hpp"
#include "drivers/pos/http_push.hpp"
#include "drivers/pos/poslog_dir.hpp"
#include "drivers/reference/reference_dir.hpp"

namespace aisle::app {
namespace {

using config::AgentConfig;

Status add_poslog_dirs(const AgentConfig& config, const DriverPorts& ports, Drivers& drivers) {
    for (const config::PoslogDirConfig& dir : config.poslog_dirs) {
        const auto positions = ports.store.positions(dir.source);
        if (!positions) return positions.error();
        auto driver = pos::make_poslog_dir(
            {.name = dir.source,
             .directory = dir.directory,
             .done_dir = dir.done_dir,
             .profile = dir.profile,
             .store = StoreId{config.store.id},
             .currency = config.store.currency,
             .minor_digits = config.store.minor_digits,
             .scan = dir.scan_every,
             .settle = dir.stable_for,
             .incomplete_after = dir.incomplete_after},
            {ports.sink, ports.loop, ports.zone, ports.metrics, ports.hints}, *positions);
        if (!driver) return driver.error();
        drivers.push_back(std::move(*driver));
    }
    return {};
}

Status add_http_push(const AgentConfig& config, const DriverPorts& ports, Drivers& drivers) {
    if (!config.http_push.enabled) return {};
    pos::HttpPushSettings settings{.minor_digits = config.store.minor_digits};
    if (!config.http_push.secret_file.empty()) {
        auto secret = runtime::read_secret_file(config.http_push.secret_file);
        if (!secret) return secret.error();
        settings.secret = std::move(*secret);
    }
    drivers.push_back(std::make_unique<pos::HttpPush>(
        settings, pos::HttpPushPorts{ports.sink, ports.loop, ports.metrics}, ports.routes));
    return {};
}

counter::CounterSource counter_source(const config::CounterConfig& from) {
    static const std::map<std::string, counter::CountKind> kKinds{
        {"event", counter::CountKind::Event},
        {"interval", counter::CountKind::Interval},
        {"cumulative", counter::CountKind::Cumulative}};
    static const std::map<std::string, counter::CountFormat> kFormats{
        {"generic", counter::CountFormat::Generic},
        {"xovis_live", counter::CountFormat::XovisLive},
        {"xovis_logics", counter::CountFormat::XovisLogics},
        {"axis_analytics", counter::CountFormat::AxisAnalytics},
        {"axis_people", counter::CountFormat::AxisPeople}};
    const auto field = [&](const char* name) { return from.fields.at(name); };
    counter::CounterSource source;
    source.format = kFormats.at(from.format);
    for (const auto& [line, door] : from.lines) source.doors[line] = DoorId{door};
    source.swapped = from.swapped;
    source.name = from.source;
    source.filter = from.topic;
    source.kind = kKinds.at(from.kind);
    source.door = DoorId{from.door};
    source.fields = {.records = field("records"),
                     .id = field("id"),
                     .door = field("door"),
                     .at = field("at"),
                     .from = field("from"),
                     .to = field("to"),
                     .in = field("in"),
                     .out = field("out"),
                     .direction = field("direction"),
                     .count = field("count"),
                     .object = field("object")};
    source.report_every = from.report_every;
    // Who is asked has promised to answer.
    if (!from.url.empty() && source.report_every == milliseconds{0})
        source.report_every = from.poll_every;
    return source;
}

// Those that have to be asked, beside the one counter that takes what they answer.
Status add_counter_polls(const AgentConfig& config, const DriverPorts& ports,
                         counter::Counter& counters, Drivers& drivers) {
    std::vector<counter::PollSettings> polls;
    for (const config::CounterConfig& from : config.counters) {
        if (from.url.empty()) continue;
        counter::PollSettings poll{
            .source = from.source, .url = from.url, .every = from.poll_every};
        poll.login.username = from.username;
        if (!from.password_file.empty()) {
            auto password = runtime::read_secret_file(from.password_file);
            if (!password) return password.error();
            poll.login.password = *std::move(password);
        }
        polls.push_back(std::move(poll));
    }
    if (polls.empty()) return {};
    auto driver = counter::CounterPoll::make(polls, {.loop = ports.loop,
                                                     .elsewhere = ports.elsewhere,
                                                     .counter = counters,
                                                     .metrics = ports.metrics,
                                                     .random = runtime::random_u64});
    if (!driver) return driver.error();
    drivers.push_back(*std::move(driver));
    return {};
}

Status add_counters(const AgentConfig& config, const DriverPorts& ports, Drivers& drivers) {
    if (config.counters.empty()) return {};
    counter::CounterSettings settings;
    std::vector<SourcePosition> positions;
    for (const config::CounterConfig& from : config.counters) {
        settings.sources.push_back(counter_source(from));
        const auto stored = ports.store.positions(from.source);
        if (!stored) return stored.error();
        positions.insert(positions.end(), stored->begin(), stored->end());
    }
    auto counters =
        std::make_unique<counter::Counter>(settings, ports.loop, ports.sink, ports.metrics);
    counters->restore(positions);
    counter::register_counter_http(ports.routes, *counters);
    ports.router.add(counters->filters(),
                     [&c = *counters](const Message& message) { return c.handle(message); });
    counter::Counter& all = *counters;
    drivers.push_back(std::move(counters));
    return add_counter_polls(config, ports, all, drivers);
}

Status add_gateways(const AgentConfig& config, const DriverPorts& ports, Drivers& drivers) {
    if (config.gateways.empty()) return {};
    beacon::GatewayMqttSettings settings;
    for (const config::GatewayConfig& from : config.gateways) {
        settings.gateways.push_back({.filter = from.topic,
                                     .format = from.format == "minew"
                                                   ? beacon::GatewayFormat::Minew
                                                   : beacon::GatewayFormat::Theengs,
                                     .scanner = from.scanner});
    }
    auto gateways = std::make_unique<beacon::GatewayMqtt>(
        settings, ports.enrolment, ports.loop.clock(), ports.sink, ports.metrics);
    ports.router.add(gateways->filters(),
                     [&g = *gateways](const Message& message) { return g.handle(message); });
    drivers.push_back(std::move(gateways));
    return {};
}

Status add_reference(const AgentConfig& config, const DriverPorts& ports, Drivers& drivers) {
    if (config.reference_dir.empty()) return {};
    const reference::ReferenceDirSettings settings{.dir = config.reference_dir};
    const auto positions = ports.store.positions(settings.source);
    if (!positions) return positions.error();
    auto driver = std::make_unique<reference::ReferenceDir>(settings, ports.loop, ports.elsewhere,
                                                            ports.sink, ports.metrics);
    driver->restore(*positions);
    drivers.push_back(std::move(driver));
    return {};
}

// A named pipe, which need not be there yet: `pipe:/run/door.y4m`.
constexpr std::string_view kPipeUrl = "pipe:";

camera::SourceKind video_kind(const std::string& url) {
    if (url.starts_with("rtsp://") || url.starts_with("rtsps://")) return camera::SourceKind::Rtsp;
    if (url.starts_with(kPipeUrl)) return camera::SourceKind::Pipe;
    return url.starts_with("/dev/video") ? camera::SourceKind::V4l2 : camera::SourceKind::File;
}

Status add_videos(const AgentConfig& config, const DriverPorts& ports, Drivers& drivers) {
    if (config.videos.empty()) return {};
    const auto module = camera_module();
    if (!module) return module.error();
    for (const config::VideoConfig& from : config.videos) {
        camera::VideoSettings settings{.name = from.source, .scene = from.scene};
        const camera::SourceKind kind = video_kind(from.url);
        const bool pipe = kind == camera::SourceKind::Pipe;
        settings.source = {.kind = kind,
                           .location = pipe ? from.url.substr(kPipeUrl.size()) : from.url,
                           .loop = from.loop,
                           .paced = from.paced};
        settings.detector = {.kind = from.detector,
                             .model = from.model,
                             .sha256 = from.model_sha256,
                             .every = static_cast<int>(from.every)};
        const auto stored = ports.store.positions(from.source);
        if (!stored) return stored.error();
        for (const SourcePosition& each : *stored)
            if (each.item == camera::kRememberedItem) settings.remembered = each.position;
        for (const auto& [line, door] : from.doors) settings.doors[line] = DoorId{door};
        if (ports.cameras != nullptr) settings.preview = std::make_shared<camera::Preview>();
        auto driver = (*module)->make_video_driver(settings, ports.sink, ports.loop, ports.metrics);
        if (!driver) return driver.error();
        drivers.push_back(std::move(*driver));
        if (ports.cameras != nullptr) {
            ports.cameras->add({settings.name, settings.scene, settings.doors, settings.preview},
                               **module);
        }
    }
    return {};
}

}  // namespace

// One line a driver.
std::vector<DriverFamily> all_drivers() {
    return {
        add_reference, add_poslog_dirs, add_http_push, add_counters, add_gateways, add_videos,
    };
}

Result<Drivers> make_drivers(const std::vector<DriverFamily>& families, const AgentConfig& config,
                             const DriverPorts& ports) {
    Drivers drivers;
    for (const DriverFamily& family : families) {
        const Status added = family(config, ports, drivers);
        if (!added) return added.error();
    }
    return drivers;
}

}  // namespace aisle::app
