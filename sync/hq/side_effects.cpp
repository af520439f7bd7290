#include "sync/hq/side_effects.hpp"

#include <algorithm>
#include <boost/json.hpp>

namespace aisle::hq {
namespace {

namespace json = boost::json;

constexpr std::size_t kReasonBytesMax = 32;
constexpr std::int64_t kUnknownErrorMs = 60'000;
// A thousand years: beyond, a time could no longer be written as one.
constexpr std::int64_t kOffsetMsMax = 1'000LL * 366 * 86'400'000;

json::object object_in(std::string_view body) {
    boost::system::error_code error;
    auto value = json::parse({body.data(), body.size()}, error);
    return error || !value.is_object() ? json::object{} : std::move(value.get_object());
}

std::optional<std::int64_t> integer_in(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains({name.data(), name.size()});
    if (value == nullptr || !value->is_int64()) return std::nullopt;
    return value->get_int64();
}

std::string text_in(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains({name.data(), name.size()});
    return value != nullptr && value->is_string() ? std::string{value->get_string()} : "";
}

std::int64_t boot_in(const json::object& body, const EventLine& line) {
    if (const auto boot = integer_in(body, "boot")) return *boot;
    const auto* at = body.if_contains("at");
    if (at == nullptr || !at->is_object()) return line.boot;
    return integer_in(at->get_object(), "boot").value_or(line.boot);
}

}  // namespace

std::string gap_reason(std::string_view body) {
    const std::string reason = text_in(object_in(body), "reason");
    return reason.empty() ? "unknown" : reason.substr(0, kReasonBytesMax);
}

std::optional<BootClock> boot_clock_of(const StreamName& name, const EventLine& line) {
    const auto body = object_in(line.body);
    const auto offset = integer_in(body, "offset_ms");
    if (!offset || *offset > kOffsetMsMax || *offset < -kOffsetMsMax) return std::nullopt;
    return BootClock{.epoch = name.epoch,
                     .boot = boot_in(body, line),
                     .offset_ms = *offset,
                     .error_ms = integer_in(body, "error_ms").value_or(kUnknownErrorMs),
                     .source = text_in(body, "source")};
}

Status keep_clock(EventTable& table, std::string_view store, const BootClock& clock) {
    const auto known = table.boots(store);
    if (!known) return known.error();
    for (const std::string& epoch : {clock.epoch, std::string{kAnyEpoch}}) {
        const auto better = [&](const BootClock& other) {
            return other.epoch == epoch && other.boot == clock.boot &&
                   other.error_ms < clock.error_ms;
        };
        if (std::ranges::any_of(*known, better)) continue;
        auto kept = clock;
        kept.epoch = epoch;
        if (auto done = table.set_boot(store, kept); !done) return done;
    }
    return {};
}

}  // namespace aisle::hq
