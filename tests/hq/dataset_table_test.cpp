#include "sync/hq/dataset_table.hpp"

#include <gtest/gtest.h>

#include <random>

#include "rollout_kit.hpp"
#include "sync/hq/dataset_pack.hpp"
#include "sync/wire/seal.hpp"

namespace aisle::hq {
namespace {

using Content = std::map<std::string, std::string>;

LoadedRows rows_of(const Content& content) {
    LoadedRows loaded{.valid_until = kit::kNoon + seconds{3'600}, .source = "test"};
    for (const auto& [key, text] : content)
        loaded.rows.push_back({.key = key, .text = text, .gone = text.empty()});
    return loaded;
}

Content content_of(const DatasetTable& table) {
    Content content;
    for (const auto& row : table.rows)
        if (!row.gone) content[row.key] = row.text;
    return content;
}

DatasetTable load(const DatasetTable& before, const Content& content,
                  LoadMode mode = LoadMode::Replace, seconds later = seconds{0}) {
    return next_table(before, rows_of(content), mode, kit::kNoon + later);
}

TEST(DatasetTable, CountsItsVersionsByTheSecondSoThatARestoredHqIsNotBehind) {
    const auto first = load({}, {{"a", "1"}});
    EXPECT_EQ(first.version, kit::kNoon.time_since_epoch() / seconds{1});
    EXPECT_EQ(load(first, {{"a", "1"}}).version, first.version + 1);
    EXPECT_EQ(load(first, {{"a", "1"}}, LoadMode::Replace, seconds{60}).version,
              first.version + 60);
}

TEST(DatasetTable, MarksOnlyWhatChanged) {
    const auto first = load({}, {{"a", "1"}, {"b", "2"}, {"c", "3"}});
    const auto second = load(first, {{"a", "1"}, {"b", "9"}, {"d", "4"}});
    ASSERT_EQ(second.rows.size(), 4U);
    EXPECT_EQ(second.rows[0].changed, first.version);
    EXPECT_EQ(second.rows[1].changed, second.version);
    EXPECT_TRUE(second.rows[2].gone);
    EXPECT_EQ(second.rows[3].changed, second.version);
    EXPECT_EQ(second.size(), 3);
}

TEST(DatasetTable, KeepsWhatAMergeDoesNotName) {
    const auto first = load({}, {{"a", "1"}, {"b", "2"}});
    const auto second = load(first, {{"b", ""}, {"c", "3"}, {"x", ""}}, LoadMode::Merge);
    EXPECT_EQ(content_of(second), (Content{{"a", "1"}, {"c", "3"}}));
}

TEST(DatasetTable, BringsBackARowThatHadGone) {
    const auto first = load({}, {{"a", "1"}});
    const auto second = load(first, {{"b", "1"}});
    const auto third = load(second, {{"a", "1"}, {"b", "1"}});
    EXPECT_EQ(content_of(third), (Content{{"a", "1"}, {"b", "1"}}));
    EXPECT_EQ(third.rows[0].changed, third.version);
}

TEST(DatasetTable, IsTheSameWhenItIsReadBack) {
    Rows rows;
    DatasetTable table{.name = wire::Dataset::Weather};
    std::mt19937_64 random{5};
    for (int i = 0; i < 20; ++i) {
        Content content;
        for (int k = 0; k < 300; ++k)
            if (random() % 3 != 0)
                content["key " + std::to_string(k)] = std::to_string(random() % 4);
        auto next =
            load(table, content, i % 2 == 0 ? LoadMode::Replace : LoadMode::Merge, seconds{i});
        rows.take(dataset_rows(table, next));
        table = std::move(next);
        const auto back = tables_from(rows.of(kDatasetRoom));
        ASSERT_TRUE(back);
        const auto& read = *back->at(wire::Dataset::Weather);
        ASSERT_EQ(read.rows, table.rows);
        ASSERT_EQ(read.version, table.version);
        ASSERT_EQ(read.horizon, table.horizon);
        ASSERT_EQ(read.valid_until, table.valid_until);
    }
}

// Who is erased leaves no deletion behind either; a shop that has not heard of it then needs all.
TEST(WithoutErased, SendsASnapshotToWhoeverIsBehindTheDeletion) {
    const auto first = load({}, {{"a", "1"}, {"b", "1"}});
    auto second = load(first, {{"b", "1"}});
    for (auto& row : second.rows)
        if (row.gone) row.text = "erasure-1";
    const auto third = load(second, {{"b", "2"}}, LoadMode::Replace, seconds{5});
    EXPECT_FALSE(without_erased(third, "erasure-2")) << "nothing to be dropped";
    const auto left = without_erased(third, "erasure-1");
    ASSERT_TRUE(left);
    EXPECT_EQ(left->table.rows.size(), 1U);
    EXPECT_EQ(left->table.version, third.version);
    EXPECT_EQ(left->table.horizon, second.version) << "whoever is at least there has heard it";
    EXPECT_GT(left->table.horizon, first.version);
    Rows rows;
    rows.take(dataset_rows({}, third));
    rows.take(left->state);
    const auto back = tables_from(rows.of(kDatasetRoom));
    ASSERT_TRUE(back);
    EXPECT_EQ(back->begin()->second->horizon, left->table.horizon) << "over a restart too";
    EXPECT_EQ(back->begin()->second->rows, left->table.rows);
}

TEST(DatasetTable, WritesOneBucketForOneChangedRow) {
    Content content;
    for (int k = 0; k < 5'000; ++k) content["key" + std::to_string(k)] = "1";
    const auto first = load({}, content);
    content["key77"] = "2";
    EXPECT_EQ(dataset_rows(first, load(first, content)).size(), 2U);  // and its course
}

TEST(DatasetTable, WithADamagedRowIsNotTakenUp) {
    EXPECT_FALSE(tables_from({{kDatasetRoom, "dances", "{}"}}));
    EXPECT_FALSE(tables_from({{kDatasetRoom, "weather/00", "x\t0\t\tkey\t1\n"}}));
    EXPECT_FALSE(tables_from({{kDatasetRoom, "weather", "no json"}}));
}

// A shop as docs/downlink.md says it: what comes makes its rows, or is refused.
struct ModelStore {
    Content rows;
    std::int64_t version = 0;

    void take(const Pack& pack, const wire::Keyring& keys) {
        std::vector<std::string> texts;
        wire::DatasetHeader header;
        for (const auto& part : pack.parts) {
            const auto opened = wire::unseal(part, keys, wire::Purpose::Data);
            ASSERT_TRUE(opened);
            auto read = wire::parse_dataset(opened->payload);
            ASSERT_TRUE(read);
            header = read->header;
            texts.push_back(std::move(read->rows));
        }
        ASSERT_EQ(wire::rows_digest(texts), header.sha256);
        ASSERT_EQ(static_cast<std::int64_t>(texts.size()), header.parts);
        if (header.base)
            ASSERT_EQ(*header.base, version);
        else
            rows.clear();
        std::int64_t n = 0;
        for (const auto& text : texts) {
            const auto parsed = wire::parse_dataset_rows(header.name, text);
            ASSERT_TRUE(parsed) << to_text(parsed.error());
            for (const auto& row : *parsed) {
                ++n;
                if (row.row)
                    rows[row.key] = std::to_string(std::get<ProductRow>(*row.row).price.minor());
                else
                    rows.erase(row.key);
            }
        }
        ASSERT_EQ(n, header.n);
        version = header.version;
    }
};

wire::SigningKey test_key() {
    std::array<std::uint8_t, 32> seed{};
    seed[0] = 7;
    return wire::signing_key("hq", seed);
}

TEST(DatasetPack, BringsAStoreFromAnyVersionToTheLatest) {
    const auto key = test_key();
    wire::Keyring keys;
    ASSERT_TRUE(keys.add(key.public_key()));
    std::mt19937_64 random{9};
    DatasetTable table{.name = wire::Dataset::Products};
    std::vector<ModelStore> stores(6);
    for (int round = 0; round < 60; ++round) {
        LoadedRows loaded{.valid_until = kit::kNoon + seconds{86'400}};
        Content prices;
        for (int i = 0; i < 40; ++i)
            if (random() % 5 != 0) prices["sku" + std::to_string(i)] = std::to_string(random() % 3);
        for (const auto& [sku, price] : prices)
            loaded.rows.push_back(
                {.key = sku, .text = "{\"sku\":\"" + sku + "\",\"price\":" + price + "}"});
        table = next_table(table, std::move(loaded), LoadMode::Replace, kit::kNoon);
        ModelStore& store = stores[random() % stores.size()];
        const auto base =
            store.version == 0 ? std::nullopt : std::optional<std::int64_t>{store.version};
        const auto pack = pack_dataset(table, {.store = "s-1", .base = base}, nullptr, key);
        ASSERT_TRUE(pack);
        store.take(*pack, keys);
        ASSERT_EQ(store.rows, prices) << "round " << round;
        ASSERT_EQ(store.version, table.version);
    }
}

TEST(DatasetPack, SendsOneRowWhereOneHasChanged) {
    LoadedRows loaded{.valid_until = kit::kNoon + seconds{60}};
    for (int i = 1'000; i < 2'000; ++i)
        loaded.rows.push_back({.key = std::to_string(i), .text = "{}"});
    const auto first =
        next_table({.name = wire::Dataset::Products}, loaded, LoadMode::Replace, kit::kNoon);
    loaded.rows[5].text = "{\"brand\":\"x\"}";
    const auto second = next_table(first, loaded, LoadMode::Replace, kit::kNoon);
    const auto pack =
        pack_dataset(second, {.store = "s-1", .base = first.version}, nullptr, test_key());
    EXPECT_EQ(pack->rows, 1);
    EXPECT_EQ(pack->order.base, first.version);
}

TEST(DatasetPack, SendsAllToAStoreWithAVersionThatNobodyKnowsAnyMore) {
    const auto table = load({.name = wire::Dataset::Products}, {{"a", "{}"}});
    for (const std::int64_t base : {std::int64_t{1}, table.version + 5})
        EXPECT_FALSE(
            pack_dataset(table, {.store = "s-1", .base = base}, nullptr, test_key())->order.base);
}

TEST(DatasetPack, SaysWithoutRowsThatTheDataStillHold) {
    const auto first = load({.name = wire::Dataset::Products}, {{"a", "{}"}});
    const auto second = load(first, {{"a", "{}"}});
    const auto pack =
        pack_dataset(second, {.store = "s-1", .base = first.version}, nullptr, test_key());
    EXPECT_EQ(pack->rows, 0);
    EXPECT_EQ(pack->parts.size(), 1U);
}

TEST(DatasetPack, GivesAStoreItsOwnRowsOnly) {
    DatasetTable table{.name = wire::Dataset::Stock, .version = 5};
    table.rows = {{.store = "s-1", .key = "a", .text = "{\"sku\":\"a\",\"qty\":1}", .changed = 5},
                  {.store = "s-2", .key = "a", .text = "{\"sku\":\"a\",\"qty\":2}", .changed = 5}};
    const auto pack = pack_dataset(table, {.store = "s-2"}, nullptr, test_key());
    EXPECT_EQ(pack->rows, 1);
}

TEST(DatasetPack, NamesMembersByTheStoresPseudonyms) {
    StoreKeys keys;
    ASSERT_TRUE(keys.add("s-1", std::string(64, 'a'), kit::kNoon));
    const auto* key = keys.current("s-1");
    const auto base = kit::kNoon.time_since_epoch() / seconds{1} + 1;
    DatasetTable table{.name = wire::Dataset::Members, .version = base + 4};
    table.rows = {{.key = "13800138000", .text = ",\"tier\":\"gold\"}", .changed = base + 4},
                  {.key = "13800138001", .changed = base + 4, .gone = true}};
    for (int i = 0; i < 9; ++i) table.rows.push_back({.key = "m", .text = "}", .changed = base});
    const auto pack = pack_dataset(table, {.store = "s-1", .base = base}, key, test_key());
    ASSERT_TRUE(pack);
    wire::Keyring ring;
    ASSERT_TRUE(ring.add(test_key().public_key()));
    const auto opened = wire::unseal(pack->parts.at(0), ring, wire::Purpose::Data);
    const auto part = wire::parse_dataset(opened->payload);
    EXPECT_EQ(part->header.member_key, key->id);
    EXPECT_EQ(part->rows, "{\"member\":\"" + pseudonym(*key, "13800138000") +
                              "\",\"tier\":\"gold\"}\n{\"key\":\"" +
                              pseudonym(*key, "13800138001") + "\",\"gone\":true}\n");
    EXPECT_EQ(opened->payload.find("13800138"), std::string::npos);
}

TEST(DatasetPack, SendsAllMembersToAStoreWhoseKeyIsYoungerThanWhatItHas) {
    StoreKeys keys;
    ASSERT_TRUE(keys.add("s-1", std::string(64, 'a'), kit::kNoon));
    const auto made = kit::kNoon.time_since_epoch() / seconds{1};
    DatasetTable table{.name = wire::Dataset::Members, .version = made + 9};
    for (int i = 0; i < 9; ++i) table.rows.push_back({.key = "m", .text = "}", .changed = 1});
    const auto sent = [&](std::int64_t base) {
        return pack_dataset(table, {.store = "s-1", .base = base}, keys.current("s-1"), test_key())
            ->order.base;
    };
    EXPECT_FALSE(sent(made - 5));
    EXPECT_TRUE(sent(made + 5));
}

TEST(DatasetPack, RefusesMembersForAStoreWithoutAKey) {
    const DatasetTable table{.name = wire::Dataset::Members, .version = 5};
    EXPECT_EQ(pack_dataset(table, {.store = "s-1"}, nullptr, test_key()).error().fault,
              Fault::Denied);
}

TEST(DatasetPack, CutsManyRowsIntoPartsBelowTheBound) {
    LoadedRows loaded{.valid_until = kit::kNoon + seconds{60}};
    for (int i = 10'000; i < 40'000; ++i) {
        const auto sku = std::to_string(i);
        loaded.rows.push_back({.key = sku,
                               .text = "{\"sku\":\"" + sku + "\",\"brand\":\"" +
                                       std::string(60, 'b') + "\",\"price\":5}"});
    }
    const auto table =
        next_table({.name = wire::Dataset::Products}, loaded, LoadMode::Replace, kit::kNoon);
    const auto pack = pack_dataset(table, {.store = "s-1"}, nullptr, test_key());
    EXPECT_EQ(pack->parts.size(), 4U);
    wire::Keyring ring;
    ASSERT_TRUE(ring.add(test_key().public_key()));
    ModelStore store;
    store.take(*pack, ring);
    EXPECT_EQ(store.rows.size(), 30'000U);
}

}  // namespace
}  // namespace aisle::hq
