#include <gtest/gtest.h>

#include "agent/records/ledger_records.hpp"
#include "chain.hpp"

// Money that belongs to the whole chain, in shops that are cut off from HQ.
namespace aisle::chain {
namespace {

constexpr std::int64_t kTotal = 500'000;
const std::string kLimits = R"({"budget_fen": 500000, "store_lease": "auto"})";

std::int64_t integer(const boost::json::object& object, const char* name) {
    return object.at(name).to_number<std::int64_t>();
}

boost::json::object budget_at_hq(Chain& chain) {
    const auto budgets = chain.hq_json("GET /api/v1/budgets").at("budgets").as_array();
    return budgets.empty() ? boost::json::object{} : budgets.front().as_object();
}

// A till that asks for every basket and pays with whatever it is offered.
struct GreedyTill {
    GreedyTill(Chain& at, std::string name) : chain{at}, store{std::move(name)} {}

    void pay() {
        const std::string basket = store + "-" + std::to_string(++baskets);
        const auto answer = json_of(chain.shop(
            store, "POST /api/v1/baskets:decide",
            R"({"basket":")" + basket +
                R"(","till":"1","lines":[{"n":1,"sku":"A","qty_milli":1000,"gross":20000}]})"));
        std::int64_t off = 0;
        std::string discounts;
        for (const auto& offer : answer.at("offers").as_array()) {
            const auto amount = offer.at("amount").to_number<std::int64_t>();
            off += amount;
            discounts += (discounts.empty() ? "" : ",") + std::string{R"({"line":0,"offer":")"} +
                         std::string{offer.at("offer").as_string()} +
                         R"(","kind":"offer","amount":)" + std::to_string(amount) + "}";
        }
        const std::string net = std::to_string(20'000 - off);
        const auto sold = chain.shop(
            store, "POST /api/v1/sales",
            R"({"source":"till","store":")" + store + R"(","till":"1","seq":)" +
                std::to_string(baskets) + R"(,"vendor_id":")" + basket +
                R"(","business_date":"2026-06-12","ended_at":"2026-06-12T04:00:00Z",)"
                R"("currency":"CNY","lines":[{"n":1,"kind":"sale","sku":"A","text":"item",)"
                R"("qty_milli":1000,"unit":"ea","gross":20000,"discount":)" +
                std::to_string(off) + R"(,"net":)" + net + R"(}],"discounts":[)" + discounts +
                R"(],"tenders":[{"kind":"cash","amount":)" + net + R"(,"change":0}],"total":)" +
                net + "}");
        EXPECT_EQ(sold.status, 200) << sold.body;
    }
    // What the shop itself has booked of the leased budget.
    std::int64_t spent() {
        const auto leases = json_of(chain.shop(store, "GET /api/v1/bundles")).at("leases");
        std::int64_t sum = 0;
        for (const auto& lease : leases.as_array()) sum += integer(lease.as_object(), "spent");
        return sum;
    }

    Chain& chain;
    std::string store;
    int baskets = 0;
};

TEST(ThreeShopsThatAreCutOff, NeverSpendMoreThanHqShowsAsTheirExposure) {
    const std::vector<std::string> stores{"s-0001", "s-0002", "s-0003"};
    Chain chain{{.stores = stores, .campaigns = {basket_campaign("c", 2'000, kLimits)}}};
    ASSERT_EQ(chain.hq("PUT /api/v1/budgets/c", R"({"total":500000})").status, 200);
    ASSERT_TRUE(chain.until([&] {
        const auto budget = budget_at_hq(chain);
        return !budget.empty() && integer(budget, "exposure") >= 60'000;
    }));
    chain.pass(minutes{2});
    const auto shown = budget_at_hq(chain);
    const std::int64_t exposure = integer(shown, "exposure");
    ASSERT_GT(exposure, 0);
    EXPECT_LE(integer(shown, "spent") + exposure, kTotal);

    for (const auto& store : stores) chain.network.cut(store, true);
    std::vector<GreedyTill> tills;
    for (const auto& store : stores) tills.emplace_back(chain, store);
    std::int64_t spent = 0;
    for (int round = 0; round < 60; ++round) {
        spent = 0;
        for (GreedyTill& till : tills) {
            till.pay();
            // Power goes now and then: what was spent stays spent.
            if (round % 20 == 13) chain.device(till.store).kill(), chain.device(till.store).start();
            spent += till.spent();
        }
        ASSERT_LE(spent, exposure);
    }
    chain.pass(minutes{6});  // nobody has heard of them: they are away
    const auto silent = budget_at_hq(chain);
    EXPECT_EQ(integer(silent, "exposure"), exposure);
    EXPECT_EQ(integer(silent, "silent"), exposure);
    EXPECT_GT(spent, exposure / 2);  // the tills were greedy: what is left fits no further offer

    for (const auto& store : stores) chain.network.cut(store, false);
    ASSERT_TRUE(chain.until([&] { return integer(budget_at_hq(chain), "spent") >= spent; },
                            std::chrono::hours{1}));
    const auto healed = budget_at_hq(chain);
    EXPECT_LE(integer(healed, "spent") + integer(healed, "exposure"), kTotal);
    std::printf(
        "[ figures  ] three agents cut off, 180 greedy baskets of 20.00 off: exposure shown "
        "%lld, spent %lld; after healing HQ has spent %lld, exposure %lld of %lld\n",
        static_cast<long long>(exposure), static_cast<long long>(spent),
        static_cast<long long>(integer(healed, "spent")),
        static_cast<long long>(integer(healed, "exposure")), static_cast<long long>(kTotal));
}

}  // namespace
}  // namespace aisle::chain
