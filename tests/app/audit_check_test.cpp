#include "agent/app/audit_check.hpp"

#include "agent/sqlite/database.hpp"
#include "shop_world.hpp"

// Somebody with the database in hand changes what was done.
namespace aisle::app {
namespace {

struct AuditedShop {
    AuditedShop() {
        ShopWorld world{{}, &folder};
        for (const char* raw : {"M1", "M2", "M3", "M4"})
            world.agree(world.member(raw), kConsentMarketing);
    }
    void tamper(const std::string& sql) const {
        auto database = sqlite::Database::open(folder.file("aisle.db"));
        ASSERT_TRUE(database);
        ASSERT_TRUE(database->exec(sql));
        ASSERT_GT(database->changes(), 0);
    }
    [[nodiscard]] AuditReport report() const {
        const auto reader = store::StoreReader::open(folder.path());
        EXPECT_TRUE(reader);
        const auto checked = check_audit(**reader);
        EXPECT_TRUE(checked);
        return checked ? *checked : AuditReport{.entries = -1};
    }
    Folder folder;
};

TEST(AuditCheck, FindsNothingWhereNobodyMeddled) {
    const AuditReport report = AuditedShop{}.report();
    EXPECT_EQ(report.entries, 4);
    EXPECT_EQ(report.breaks, 0) << report.first_break;
}

TEST(AuditCheck, HoldsOverARestart) {
    const AuditedShop shop;
    {
        ShopWorld again{{}, &shop.folder};
        again.agree(again.member("M5"), kConsentMarketing);
    }
    EXPECT_EQ(shop.report().entries, 5);
    EXPECT_EQ(shop.report().breaks, 0);
}

// The store tells of itself under the same kind, and knows no chain.
TEST(AuditCheck, PassesOverWhatTheStoreTellsOfItself) {
    const AuditedShop shop;
    std::filesystem::remove(shop.folder.file("manifest"));
    shop.tamper("INSERT INTO meta VALUES ('copy', '1')");
    { const ShopWorld restored{{}, &shop.folder}; }
    EXPECT_EQ(shop.report().entries, 4);
    EXPECT_EQ(shop.report().beside, 1);
    EXPECT_EQ(shop.report().breaks, 0) << shop.report().first_break;
}

TEST(AuditCheck, HoldsWhereEntriesWereEmptiedForSomebodyWhoWasForgotten) {
    const AuditedShop shop;
    {
        ShopWorld world{{}, &shop.folder};
        const auto member = world.member("M2").value;
        for (std::int64_t after = 0;;) {
            const auto work = world.store->erase({.member = member}, after);
            ASSERT_TRUE(work);
            if (!work->more) break;
            after = work->next_id;
        }
    }
    EXPECT_EQ(shop.report().erased, 1);
    EXPECT_EQ(shop.report().breaks, 0) << shop.report().first_break;
}

// A start looks at the newest rows only.
TEST(AuditCheck, BelievesTheFirstEntryAmongTheRowsThatItLooksAt) {
    const AuditedShop shop;
    shop.tamper("UPDATE journal SET body = '{}' WHERE kind = 'audit' AND body LIKE '%\"n\":1,%'");
    EXPECT_GT(shop.report().breaks, 0);
    const auto reader = store::StoreReader::open(shop.folder.path());
    const auto rows = (*reader)->sizes()->journal_rows;
    const auto audits = (*reader)->read(JournalQuery{.kind = "audit", .limit = 10});
    const auto newest = check_audit(**reader, rows - audits->at(0).id);
    EXPECT_EQ(newest->entries, 3);
    EXPECT_EQ(newest->breaks, 0) << newest->first_break;
}

TEST(AuditCheck, FindsAnEntryThatWasEdited) {
    const AuditedShop shop;
    shop.tamper(
        "UPDATE journal SET body = replace(body, '\"actor\":\"s-2\"', '\"actor\":\"s-9\"') WHERE "
        "id = (SELECT id FROM journal WHERE kind = 'audit' ORDER BY id LIMIT 1 OFFSET 1)");
    EXPECT_EQ(shop.report().breaks, 1);
    EXPECT_NE(shop.report().first_break.find("entry 2"), std::string::npos);
}

TEST(AuditCheck, FindsAnEntryThatWasDeleted) {
    const AuditedShop shop;
    shop.tamper(
        "DELETE FROM journal WHERE id = (SELECT id FROM journal WHERE kind = 'audit' ORDER BY id "
        "LIMIT 1 OFFSET 2)");
    EXPECT_GT(shop.report().breaks, 0);
}

TEST(AuditCheck, FindsThatTheEndWasCutOff) {
    const AuditedShop shop;
    shop.tamper("DELETE FROM journal WHERE kind = 'audit' AND body LIKE '%\"n\":4,%'");
    EXPECT_EQ(shop.report().breaks, 1);
}

TEST(AuditCheck, FindsAnEntryThatIsNoneAnyMore) {
    const AuditedShop shop;
    shop.tamper("UPDATE journal SET body = '{}' WHERE kind = 'audit' AND body LIKE '%\"n\":4,%'");
    EXPECT_GT(shop.report().breaks, 0);
}

}  // namespace
}  // namespace aisle::app
