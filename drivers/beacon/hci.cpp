#include "drivers/beacon/hci.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "drivers/beacon/advert_parser.hpp"

namespace aisle::beacon {
namespace {

using Bytes = std::span<const std::uint8_t>;

constexpr std::uint8_t kLeMeta = 0x3e;
constexpr std::uint8_t kLegacyReport = 0x02;
constexpr std::uint8_t kExtendedReport = 0x0d;

// Takes bytes from the front, all or nothing.
class Cursor {
public:
    explicit Cursor(Bytes bytes) : rest_{bytes} {}
    std::optional<Bytes> take(std::size_t n) {
        if (n > rest_.size()) return std::nullopt;
        const Bytes taken = rest_.first(n);
        rest_ = rest_.subspan(n);
        return taken;
    }
    [[nodiscard]] std::size_t left() const { return rest_.size(); }

private:
    Bytes rest_;
};

// btsnoop is big endian, HCI itself little endian.
std::uint64_t big_endian(Bytes bytes) {
    std::uint64_t value = 0;
    for (const std::uint8_t byte : bytes) value = value << 8 | byte;
    return value;
}

std::size_t little_16(Bytes bytes) { return static_cast<std::size_t>(bytes[0] | bytes[1] << 8); }

// One advertising report, whichever event brought it. Views into the event.
struct Report {
    std::uint8_t address_type = 0;
    Bytes address;  // little endian
    std::int8_t rssi_dbm = 127;
    Bytes data;
    bool whole = true;
};

// The arrayed parameters of the event come report by report (vol 4, part E, 5.2), and rssi is
// behind the data.
std::optional<Report> take_legacy(Cursor& cursor) {
    const auto head = cursor.take(9);  // event type, address type, address, length
    if (!head) return std::nullopt;
    const auto data = cursor.take((*head)[8]);
    const auto rssi = data ? cursor.take(1) : std::nullopt;
    if (!rssi) return std::nullopt;
    return Report{.address_type = (*head)[1],
                  .address = head->subspan(2, 6),
                  .rssi_dbm = static_cast<std::int8_t>((*rssi)[0]),
                  .data = *data};
}

std::optional<Report> take_extended(Cursor& cursor) {
    // event type 2, address type, address 6, two PHYs, SID, power, rssi, interval 2, direct type,
    // direct address 6, length
    const auto head = cursor.take(24);
    if (!head) return std::nullopt;
    const auto data = cursor.take((*head)[23]);
    if (!data) return std::nullopt;
    const std::size_t status = little_16(*head) >> 5 & 3;
    return Report{.address_type = (*head)[2],
                  .address = head->subspan(3, 6),
                  .rssi_dbm = static_cast<std::int8_t>((*head)[13]),
                  .data = *data,
                  .whole = status == 0};
}

// Strangers are kept too: captures are for commissioning, by people, on their own machine.
void keep(const Report& report, const Heard& heard, Problem problem, Decoded& into) {
    Advert advert;
    advert.at = heard.at;
    advert.scanner = heard.scanner;
    std::ranges::reverse_copy(report.address, advert.address.begin());
    advert.address_random = (report.address_type & 1) != 0;
    advert.rssi_dbm = report.rssi_dbm;
    const AdFault fault = parse_advert(report.data, advert);
    if (!report.whole) {
        problem.reason = "truncated";
        problem.detail = "an extended advertisement in pieces";
        into.complain(problem);
    } else if (fault != AdFault::None) {
        problem.reason = to_text(fault);
        problem.detail = "advertising data";
        into.complain(problem);
    }
    into.adverts.push_back(std::move(advert));
}

// Where an H4 packet ends can only be told from its own head.
struct Packet {
    std::size_t head = 0;    // bytes before the parameters, without the type
    std::size_t length = 0;  // of the parameters
};

// Nothing: an unknown type, or a head that is not all there.
std::optional<Packet> h4_packet(std::uint8_t type, Bytes rest) {
    const auto sized = [&](std::size_t head, std::size_t length_at,
                           bool wide) -> std::optional<Packet> {
        if (rest.size() < head) return std::nullopt;
        const std::size_t length = wide ? little_16(rest.subspan(length_at)) : rest[length_at];
        return Packet{.head = head, .length = length};
    };
    switch (type) {
        case 0x01:
            return sized(3, 2, false);
        case 0x02:
            return sized(4, 2, true);
        case 0x03:
            return sized(3, 2, false);
        case 0x04:
            return sized(2, 1, false);
        case 0x05: {
            auto packet = sized(4, 2, true);
            if (packet) packet->length &= 0x3fff;
            return packet;
        }
        default:
            return std::nullopt;
    }
}

}  // namespace

void decode_event(Bytes event, const Heard& heard, std::size_t offset, Decoded& into) {
    if (event.size() < 4 || event[0] != kLeMeta) return;
    const bool legacy = event[2] == kLegacyReport;
    if (!legacy && event[2] != kExtendedReport) return;

    const Problem where{.from = offset, .to = offset + event.size()};
    const Bytes parameters = event.subspan(2, std::min<std::size_t>(event.size() - 2, event[1]));
    Cursor cursor{parameters.subspan(std::min<std::size_t>(parameters.size(), 2))};
    // The count is a byte and each report takes some: neither can run away.
    for (int reports = event[3]; reports > 0; --reports) {
        const auto report = legacy ? take_legacy(cursor) : take_extended(cursor);
        if (!report) {
            Problem problem = where;
            problem.reason = "truncated";
            problem.detail = "an advertising report ends before its length";
            return into.complain(std::move(problem));
        }
        keep(*report, heard, where, into);
    }
}

Decoded decode_h4(Bytes bytes, std::string_view scanner) {
    Decoded decoded;
    std::size_t at = 0;
    while (at < bytes.size() && decoded.adverts.size() < kCaptureAdvertsMax) {
        const Bytes rest = bytes.subspan(at + 1);
        const auto packet = h4_packet(bytes[at], rest);
        if (!packet || packet->head + packet->length > rest.size()) {
            // Without a length there is no way to find the next packet.
            const bool known = bytes[at] >= 1 && bytes[at] <= 5;
            decoded.complain({.reason = known ? "truncated" : "format",
                              .detail = known ? "ends inside a packet" : "no H4 packet type",
                              .from = at,
                              .to = bytes.size()});
            return decoded;
        }
        const std::size_t size = packet->head + packet->length;
        if (bytes[at] == 0x04) {
            decode_event(rest.first(size), {.at = {}, .scanner = scanner}, at + 1, decoded);
        }
        at += 1 + size;
    }
    if (at < bytes.size()) {
        decoded.complain(
            {.reason = "limit", .detail = "too many adverts", .from = at, .to = bytes.size()});
    }
    return decoded;
}

namespace {

constexpr std::size_t kSnoopHead = 16;
constexpr std::size_t kRecordHead = 24;
constexpr std::uint64_t kSnoopEpochUs = 0x00dcddb30f2f8000;  // from year 0 to 1970
constexpr std::uint64_t kHci = 1001;
constexpr std::uint64_t kH4 = 1002;
constexpr std::uint64_t kMonitor = 2001;
constexpr std::uint32_t kMonitorEvent = 3;
constexpr std::uint32_t kFlagReceived = 1;
constexpr std::uint32_t kFlagControl = 2;  // command or event

// A record's data and what its head says of it. Views into the file.
struct SnoopRecord {
    Bytes data;
    std::uint32_t flags = 0;
    MonoTime at{};
    std::size_t offset = 0;  // of the data
};

// The event that a record holds, or nothing where it holds something else.
std::optional<Bytes> event_of(std::uint64_t datalink, const SnoopRecord& record) {
    if (datalink == kMonitor) {
        return (record.flags & 0xffff) == kMonitorEvent ? std::optional{record.data} : std::nullopt;
    }
    if (datalink == kHci) {
        const bool event =
            (record.flags & (kFlagControl | kFlagReceived)) == (kFlagControl | kFlagReceived);
        return event ? std::optional{record.data} : std::nullopt;
    }
    if (record.data.empty() || record.data[0] != 0x04) return std::nullopt;
    return record.data.subspan(1);
}

// The included length counts; the original one may be larger where the tracer cut the packet.
std::optional<SnoopRecord> take_record(Bytes bytes, std::size_t at) {
    if (bytes.size() - at < kRecordHead) return std::nullopt;
    const Bytes head = bytes.subspan(at, kRecordHead);
    const std::uint64_t length = big_endian(head.subspan(4, 4));
    if (length > bytes.size() - at - kRecordHead) return std::nullopt;
    const std::uint64_t us = big_endian(head.subspan(16, 8)) - kSnoopEpochUs;
    return SnoopRecord{.data = bytes.subspan(at + kRecordHead, static_cast<std::size_t>(length)),
                       .flags = static_cast<std::uint32_t>(big_endian(head.subspan(8, 4))),
                       .at = MonoTime{microseconds{static_cast<std::int64_t>(us)}},
                       .offset = at + kRecordHead};
}

}  // namespace

Decoded decode_btsnoop(Bytes bytes, std::string_view scanner) {
    Decoded decoded;
    constexpr std::string_view kMagic{"btsnoop\0", 8};
    // The version (1) is not checked: no other was ever written.
    const bool ours = bytes.size() >= kSnoopHead &&
                      std::ranges::equal(bytes.first(8), kMagic, {}, {},
                                         [](char c) { return static_cast<std::uint8_t>(c); });
    const std::uint64_t datalink = ours ? big_endian(bytes.subspan(12, 4)) : 0;
    if (datalink != kHci && datalink != kH4 && datalink != kMonitor) {
        decoded.complain({.reason = "format",
                          .detail = "not a btsnoop file of datalink 1001, 1002 or 2001",
                          .from = 0,
                          .to = std::min(bytes.size(), kSnoopHead)});
        return decoded;
    }
    std::size_t at = kSnoopHead;
    while (at < bytes.size()) {
        const auto record = take_record(bytes, at);
        if (!record || decoded.adverts.size() >= kCaptureAdvertsMax) {
            decoded.complain({.reason = record ? "limit" : "truncated",
                              .detail = record ? "too many adverts" : "ends inside a record",
                              .from = at,
                              .to = bytes.size()});
            return decoded;
        }
        if (const auto event = event_of(datalink, *record)) {
            decode_event(*event, {.at = record->at, .scanner = scanner}, record->offset, decoded);
        }
        at = record->offset + record->data.size();
    }
    return decoded;
}

}  // namespace aisle::beacon
