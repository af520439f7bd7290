#include "drivers/simulated/plan.hpp"

#include <openssl/sha.h>
#include <algorithm>
#include <array>
#include <cstdio>
#include <map>
#include <set>

#include "drivers/simulated/noise.hpp"
#include "drivers/simulated/receipts.hpp"

namespace aisle::simulated {
namespace {

constexpr milliseconds kWalk{1500};  // from one zone to the next

class Planner {
public:
    explicit Planner(const PlanSettings& settings)
        : noise_{settings.seed, 2}, receipts_{settings, noise_} {
        plan_.settings = settings;
        plan_.chain = make_chain(settings.seed);
    }

    Plan make() {
        const auto mean = plan_.settings.between_shoppers.count();
        milliseconds at{500};
        while (at < plan_.settings.length) {
            add_shopper(at);
            at += milliseconds{noise_.between(mean / 4, mean * 7 / 4)};
        }
        ring_up();
        std::erase_if(plan_.receipts,
                      [&](const Receipt& r) { return r.dropped > plan_.settings.length; });
        number();
        std::ranges::stable_sort(plan_.receipts, {}, &Receipt::dropped);
        return std::move(plan_);
    }

private:
    struct Payment {
        milliseconds at{};
        std::string member;
        std::set<std::string> seen;
    };

    void add_shopper(milliseconds enters) {
        Shopper shopper{.number = static_cast<int>(plan_.shoppers.size()) + 1, .enters = enters};
        if (noise_.chance(400)) {
            shopper.member = static_cast<int>(noise_.below(std::ssize(plan_.chain.members)));
        }
        shopper.tag = free_tag(shopper, enters);
        std::set<std::string> seen;
        milliseconds now = walk(shopper, enters, seen);
        const bool buys = noise_.chance(620);
        if (buys) now = pay(shopper, now, seen);
        shopper.leaves = now;
        if (shopper.tag != nullptr) busy_until_[shopper.tag] = now + seconds{20};
        plan_.shoppers.push_back(std::move(shopper));
    }

    // Members with a card tag are heard by it; others may push a trolley.
    const Tag* free_tag(const Shopper& shopper, milliseconds at) {
        const Chain& chain = plan_.chain;
        if (shopper.member >= 0 && shopper.member < std::ssize(chain.member_tags)) {
            const Tag& card = chain.member_tags[static_cast<std::size_t>(shopper.member)];
            if (busy_until_[&card] <= at) return &card;
        }
        if (!noise_.chance(600)) return nullptr;
        const auto& trolleys = chain.trolleys;
        const auto found =
            std::ranges::find_if(trolleys, [&](const Tag& t) { return busy_until_[&t] <= at; });
        return found == trolleys.end() ? nullptr : &*found;
    }

    milliseconds walk(Shopper& shopper, milliseconds now, std::set<std::string>& seen) {
        const auto& zones = plan_.chain.zones;
        const auto visit = [&](const std::string& zone, milliseconds stay) {
            shopper.stays.push_back({zone, now, now + stay});
            now += stay + kWalk;
            seen.insert(zone);
        };
        visit(zones.front(), milliseconds{noise_.between(5000, 8000)});
        const auto stops = noise_.between(1, 3);
        auto next = 1 + noise_.below(std::ssize(zones) - 2);
        for (std::int64_t i = 0; i < stops; ++i) {
            visit(zones[static_cast<std::size_t>(next)],
                  milliseconds{noise_.between(6000, 20'000)});
            next = 1 + next % (std::ssize(zones) - 2);
        }
        return now;
    }

    milliseconds pay(Shopper& shopper, milliseconds now, const std::set<std::string>& seen) {
        const milliseconds queue{noise_.between(4000, 7000)};
        shopper.stays.push_back({plan_.chain.zones.back(), now, now + queue});
        now += queue;
        const std::string member =
            shopper.member >= 0 ? plan_.chain.members[static_cast<std::size_t>(shopper.member)].id
                                : "";
        payments_.push_back({now, member, seen});
        return now + milliseconds{2000};
    }

    // In the order of time: what is taken back must have been sold before.
    void ring_up() {
        std::ranges::stable_sort(payments_, {}, &Payment::at);
        for (const Payment& payment : payments_) {
            for (Receipt& receipt :
                 receipts_.ring_up(plan_.chain, payment.seen, payment.at, payment.member)) {
                plan_.receipts.push_back(std::move(receipt));
            }
        }
    }

    // As a till does: from 1, without a gap, in the order in which its receipts were rung. A
    // correction keeps the number of what it corrects.
    void number() {
        std::ranges::stable_sort(plan_.receipts, {}, &Receipt::rung);
        std::map<TillId, std::int64_t> last;
        std::map<std::pair<TillId, std::int64_t>, std::int64_t> numbers;
        for (Receipt& receipt : plan_.receipts) {
            Sale& sale = receipt.sale;
            const auto [number, fresh] = numbers.try_emplace({sale.till, sale.seq}, 0);
            if (fresh) number->second = ++last[sale.till];
            sale.seq = number->second;
            sale.sale = expected_sale_id(sale);
        }
    }

    Plan plan_;
    Noise noise_;
    Receipts receipts_;
    std::vector<Payment> payments_;
    std::map<const Tag*, milliseconds> busy_until_;
};

}  // namespace

Plan make_plan(const PlanSettings& settings) {
    Planner planner{settings};
    return planner.make();
}

Plan::Doors Plan::doors_at(milliseconds at) const {
    const milliseconds until = std::min(at, settings.length);
    Doors doors;
    for (const Shopper& shopper : shoppers) {
        if (shopper.enters <= until) ++doors.in;
        if (shopper.leaves <= until) ++doors.out;
    }
    return doors;
}

SaleId expected_sale_id(const Sale& sale) {
    const std::string key = sale.source + "|" + sale.store.value + "|" + sale.till.value + "|" +
                            to_text(sale.business_date) + "|" + std::to_string(sale.seq);
    std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
    SHA256(reinterpret_cast<const unsigned char*>(key.data()), key.size(), digest.data());
    std::string hex;
    for (std::size_t i = 0; i < 16; ++i) {
        std::array<char, 3> two{};
        std::snprintf(two.data(), two.size(), "%02x", digest[i]);
        hex += two.data();
    }
    return SaleId{hex};
}

}  // namespace aisle::simulated
