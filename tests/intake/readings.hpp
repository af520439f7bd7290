#pragma once

#include <string>
#include <utility>

#include "agent/intake/intake.hpp"
#include "tests/kit/builders.hpp"

// What the tests of this room feed to intake.
namespace aisle::intake {

inline IntakeSettings settings_of_s1() {
    static const kit::FixedZone shanghai;
    IntakeSettings settings{.store = StoreId{"s-0001"}, .zone = &shanghai, .currency = "CNY"};
    settings.key.bytes.fill(7);
    settings.key.id = "k1";
    return settings;
}

// As a driver would hand it over: nothing that is ours.
inline Sale draft_of(std::int64_t total_minor, std::int64_t seq = 1) {
    Sale sale = kit::sale_of(total_minor, seq);
    sale.sale = {};
    sale.key.clear();
    sale.revision = 0;
    sale.reconciled = {};
    return sale;
}

inline CleanedSale cleaned(Sale draft, std::string raw = {}) {
    return Intake{settings_of_s1()}.sale({std::move(draft), std::move(raw)}, kit::at());
}

// Of a draft that is expected to be good.
inline Sale good(Sale draft) { return std::get<CleanSale>(cleaned(std::move(draft))).sale; }
inline std::string digest(Sale draft) {
    return std::get<CleanSale>(cleaned(std::move(draft))).digest;
}
// Why a draft was put aside; empty: it was not.
inline std::string reason(Sale draft) {
    const auto result = cleaned(std::move(draft));
    const auto* aside = std::get_if<Quarantined>(&result);
    return aside ? aside->reason : std::string{};
}

inline bool fired(const Sale& sale, std::string_view rule) {
    for (const auto& each : sale.lineage.rules) {
        if (each == rule) return true;
    }
    return false;
}

inline Money yuan(std::int64_t fen) { return Money::minor(fen); }

}  // namespace aisle::intake
