#include "agent/app/store_care.hpp"

#include "agent/sqlite/database.hpp"
#include "shop_world.hpp"

// What a start leaves to be done, done while the shop is open.
namespace aisle::app {
namespace {

StoreCare care_of(ShopWorld& world) {
    return StoreCare{
        {world.storage, *world.store, world.loop, *world.metrics, world.pipeline, world.floor}};
}

void run(ShopWorld& world) {
    for (int i = 0; i < 100; ++i) world.loop.advance(milliseconds{100});
    world.settle();
}

TEST(StoreCare, ReadsADamagedDatabaseToItsEndBesideTheSales) {
    const Folder folder;
    {
        ShopWorld world{{}, &folder};
        for (std::int64_t n = 1; n <= 5; ++n) EXPECT_TRUE(world.sell(draft(50'00, n)));
    }
    {
        std::fstream file{folder.file("aisle.db"), std::ios::in | std::ios::out | std::ios::binary};
        file.seekp(68) << "none";  // of another program, as far as it says
    }
    {
        const auto store = store::Store::open(
            folder.path(), {.store = StoreId{"s-0001"}, .salvaged_at_once_bytes = 0}, kit::kNoon);
        ASSERT_TRUE(store);
        ASSERT_TRUE((*store)->opening().salvaging);
    }
    ShopWorld world{{}, &folder};
    ASSERT_TRUE(world.journal("sale").empty());
    auto care = care_of(world);
    care.start(world.store->opening());
    EXPECT_TRUE(world.sell(draft(50'00, 6)));
    run(world);
    EXPECT_EQ(world.journal("sale").size(), 6U);
    EXPECT_FALSE(world.store->opening().salvaging);
}

struct Broken {
    Broken() {
        {
            ShopWorld world{{}, &folder};
            for (const char* raw : {"M1", "M2", "M3"})
                world.agree(world.member(raw), kConsentMarketing);
        }
        auto database = sqlite::Database::open(folder.file("aisle.db"));
        EXPECT_TRUE(database->exec(
            "UPDATE journal SET body = replace(body, '\"actor\":\"s-2\"', '\"actor\":\"s-9\"') "
            "WHERE kind = 'audit' AND body LIKE '%\"n\":2,%'"));
    }
    Folder folder;
};

TEST(StoreCare, TellsOfABrokenAuditChainAtAStart) {
    const Broken shop;
    ShopWorld world{{}, &shop.folder};
    auto care = care_of(world);
    care.start(world.store->opening());
    run(world);
    EXPECT_EQ(world.metrics->gauge("aisle_audit_breaks", "").value(), 1);
    EXPECT_NE(world.journal("audit").back().find("audit.broken"), std::string::npos);
}

TEST(StoreCare, SaysNothingOfAChainThatHolds) {
    ShopWorld world;
    world.agree(world.member("M1"), kConsentMarketing);
    auto care = care_of(world);
    care.start(world.store->opening());
    run(world);
    EXPECT_EQ(world.journal("audit").size(), 1U);
}

}  // namespace
}  // namespace aisle::app
