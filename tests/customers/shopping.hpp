#pragma once

#include <gtest/gtest.h>

#include <cstdio>
#include <string>

#include "agent/customers/customers.hpp"
#include "tests/kit/builders.hpp"

// What a member does in the course of days, in a line each.
namespace aisle::customers {

inline constexpr std::chrono::days kDay{1};
inline const MemberKey kAda{"00000000000000000000000000000ada"};

inline Stamp day(int n) { return kit::at(n * kDay); }

inline Sale bought(std::int64_t total, std::int64_t seq, int on_day, const MemberKey& who = kAda) {
    Sale sale = kit::sale_of(total, seq);
    char id[33];
    std::snprintf(id, sizeof id, "%016llx%016d", static_cast<unsigned long long>(seq), 0);
    sale.sale = SaleId{id};
    sale.member = who.value;
    sale.ended_at = day(on_day).wall;
    return sale;
}

inline Sale returned(std::int64_t total, std::int64_t seq, int on_day) {
    Sale sale = bought(-total, seq, on_day);
    sale.type = SaleType::Return;
    return sale;
}

inline Customers fresh() { return Customers{Settings{}}; }

// Buys for 100.00 on each of these days.
inline Customers after_buying_on(std::initializer_list<int> days) {
    Customers customers = fresh();
    std::int64_t seq = 0;
    for (const int on : days) customers.sale(nullptr, bought(100'00, ++seq, on), day(on));
    return customers;
}

inline MemberRow row_of(std::map<std::string, Consent> consent = {}) {
    return {.member = kAda.value, .tags = {"vip"}, .tier = "gold", .consent = std::move(consent)};
}

inline std::map<std::string, Consent> granted_on(int on_day) {
    return {{std::string{kConsentMarketing}, {.at = day(on_day).wall, .version = "v1"}}};
}

inline ConsentChange said(bool granted, int on_day, std::string_view purpose = kConsentMarketing) {
    return {.member = kAda,
            .purpose = std::string{purpose},
            .granted = granted,
            .version = "v1",
            .by = "staff",
            .at = day(on_day)};
}

inline bool agrees(const Customers& customers, std::string_view purpose = kConsentMarketing) {
    return customers.consents(kAda, purpose);
}

}  // namespace aisle::customers
