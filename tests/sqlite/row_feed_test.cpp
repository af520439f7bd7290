#include "agent/sqlite/row_feed.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "agent/sqlite/database.hpp"

namespace aisle::sqlite {
namespace {

// Numbers with their names; a number below zero has none.
struct Named final : RowFeed {
    [[nodiscard]] std::size_t rows() const override { return all.size(); }
    void give(std::size_t row, int column, FeedCell& cell) const override {
        if (column == 0) return cell.integer(all[row].first);
        if (all[row].first >= 0) cell.text(all[row].second);
    }
    std::vector<std::pair<std::int64_t, std::string>> all;
};

struct Scene {
    Scene() {
        EXPECT_TRUE(database.exec("CREATE TABLE t(a INTEGER PRIMARY KEY, b TEXT)"));
        EXPECT_TRUE(RowFeed::attach(database, "named", 2, feed));
    }
    Status insert() { return database.exec("INSERT OR FAIL INTO t SELECT * FROM named"); }

    Named feed;
    Database database = std::move(*Database::open(":memory:"));
};

TEST(RowFeed, PutsAllItsRowsIntoATable) {
    Scene scene;
    scene.feed.all = {{1, "one"}, {2, std::string{"t\0o", 3}}, {3, ""}};
    ASSERT_TRUE(scene.insert());
    EXPECT_EQ(scene.database.integer("SELECT count(*) FROM t").value(), 3);
    EXPECT_EQ(scene.database.text("SELECT b FROM t WHERE a = 2").value(), std::string("t\0o", 3));
    EXPECT_EQ(scene.database.text("SELECT typeof(b) FROM t WHERE a = 3").value(), "text");
}

TEST(RowFeed, ACellThatIsGivenNothingIsNull) {
    Scene scene;
    scene.feed.all = {{-1, "unused"}};
    ASSERT_TRUE(scene.insert());
    EXPECT_EQ(scene.database.text("SELECT typeof(b) FROM t").value(), "null");
}

TEST(RowFeed, IsReadAnewByEachStatement) {
    Scene scene;
    ASSERT_TRUE(scene.insert());
    EXPECT_EQ(scene.database.integer("SELECT count(*) FROM t").value(), 0);
    for (const std::int64_t number : {5, 9}) {
        scene.feed.all = {{number, "x"}};
        ASSERT_TRUE(scene.insert());
    }
    EXPECT_EQ(scene.database.integer("SELECT sum(a) FROM t").value(), 14);
}

TEST(RowFeed, AConstraintIsStillOne) {
    Scene scene;
    scene.feed.all = {{1, "one"}, {1, "again"}};
    const auto done = scene.insert();
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().fault, Fault::Denied);
}

TEST(RowFeed, IsNoTableOfTheFile) {
    Scene scene;
    EXPECT_EQ(
        scene.database.integer("SELECT count(*) FROM sqlite_schema WHERE name = 'named'").value(),
        0);
}

}  // namespace
}  // namespace aisle::sqlite
