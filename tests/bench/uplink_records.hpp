#pragma once

#include <random>
#include <string>

#include "agent/records/floor_records.hpp"
#include "agent/records/sale_json.hpp"
#include "tests/kit/builders.hpp"

// Records as a shop makes them, from a seed, for the benches of the uplink.
namespace aisle::bench {

inline constexpr std::size_t kBodyBytes = 214;

inline std::string hex(std::mt19937_64& random, std::size_t digits) {
    std::string text;
    while (text.size() < digits) text += "0123456789abcdef"[random() % 16];
    return text;
}

// 214 bytes of JSON with the entropy of a retail event: a till, an article, amounts, a state.
inline std::string event_body(std::mt19937_64& random, const std::string& member = {}) {
    static constexpr std::array kWords{"milk",  "bread", "apple", "rice", "noodles", "soy sauce",
                                       "water", "tea",   "soap",  "eggs", "tofu",    "pork"};
    const auto pick = [&random](std::uint64_t below) { return std::to_string(random() % below); };
    std::string body = R"({"till":"till-)" + pick(7) + R"(","sku":"69)" + pick(5'000) +
                       R"(","qty_milli":)" + std::to_string(1'000 * (1 + random() % 3)) +
                       R"(,"net":)" + pick(20'000) + R"(,"tender":"cash","state":"completed")";
    if (!member.empty()) body += R"(,"member":")" + member + "\"";
    body += R"(,"text":")";
    while (body.size() < kBodyBytes - 12) body += std::string{kWords.at(random() % 12)} + " ";
    body.resize(kBodyBytes - 2, '.');
    return body + "\"}";
}

// A record of the offers stream in about as many bytes: an offer's id in the envelope and in the
// body, a pseudonym, and otherwise what few campaigns, zones and prices make of it.
inline Record offer(std::mt19937_64& random, std::int64_t n) {
    const auto pick = [&random](std::uint64_t below) { return std::to_string(random() % below); };
    Stamp at = kit::at(milliseconds{n * 700 + static_cast<std::int64_t>(random() % 700)});
    at.mono += microseconds{random() % 1'000};
    Record record{.kind = "outcome", .event_id = hex(random, 32), .at = at};
    record.body = R"({"offer":")" + record.event_id + R"(","member":")" + hex(random, 32) +
                  R"(","campaign":"autumn-)" + pick(40) + R"(","zone":"z)" + pick(30) +
                  R"(","price":)" + pick(90'000) + R"(,"reason":"tier","shares":[)" + pick(900) +
                  "," + pick(900) + R"(],"by":"tablet-2","state":"accepted","revision":1})";
    return record;
}

// A full receipt of three lines with its lineage.
inline Record sale(std::mt19937_64& random, std::int64_t n) {
    Sale sale = kit::sale_of(0, n);
    sale.sale = SaleId{hex(random, 32)};
    sale.ended_at += seconds{n * 31} + milliseconds{random() % 1'000};
    sale.lines.clear();
    for (int line = 1; line <= 3; ++line) {
        const Money net = Money::minor(static_cast<std::int64_t>(100 + random() % 5'000));
        const std::string sku = std::to_string(random() % 5'000);
        sale.lines.push_back({.n = line,
                              .sku = "SKU" + sku,
                              .gtin = "69012340" + sku,
                              .text = "article " + sku,
                              .qty_milli = 1'000,
                              .gross = net,
                              .net = net});
        sale.total = sale.total + net;
    }
    sale.tenders = {{.kind = TenderKind::WechatPay, .amount = sale.total, .change = Money{}}};
    sale.taxes = {{.code = "VAT", .rate_ppm = 130'000, .base = sale.total, .amount = Money{}}};
    sale.member = random() % 2 == 0 ? hex(random, 32) : "";
    sale.member_key = sale.member.empty() ? "" : "k1";
    sale.lineage = {.source = "till",
                    .driver = "poslog_dir/1",
                    .profile = "nrf6",
                    .origin = "poslog-20260612-" + std::to_string(n / 100) + ".xml",
                    .byte_from = n % 100 * 2'211,
                    .byte_to = n % 100 * 2'211 + 2'205,
                    .digest = hex(random, 64),
                    .received = sale.ended_at + milliseconds{random() % 2'000}};
    Stamp at = kit::at(seconds{n * 31});
    at.mono += microseconds{random() % 1'000'000};
    return records::sale_record(sale, hex(random, 64), at);
}

inline Record minute(std::mt19937_64& random, std::int64_t n) {
    const auto in = static_cast<std::int32_t>(random() % 9);
    const FootfallMinute minute{.door = DoorId{n % 2 == 0 ? "north" : "south"},
                                .start = kit::kNoon + minutes{n / 2},
                                .in = in,
                                .out = static_cast<std::int32_t>(random() % 9),
                                .occupancy = 20 + in};
    Stamp at = kit::at(minutes{n / 2 + 1});
    at.mono += microseconds{random() % 1'000};
    at.wall += milliseconds{random() % 3};
    return records::footfall_minute_record(minute, at);
}

}  // namespace aisle::bench
