#include "agent/app/storage.hpp"

#include "shop_world.hpp"

namespace aisle::app {
namespace {

Batch batch_of(std::uint64_t order, const std::string& kind) {
    Batch batch{.order = order, .records = {}, .quarantine = {}, .state = {}, .positions = {}};
    batch.records.push_back(
        {.stream = Stream::Ledger, .kind = kind, .at = kit::at(), .body = "{}"});
    return batch;
}

// The result of the one call that `call` makes, after the loop has run.
template <typename Answer, typename Call>
std::optional<Answer> answer_of(ShopWorld& world, Call call) {
    std::optional<Answer> answer;
    call([&](Answer said) { answer = std::move(said); });
    world.loop.run_ready();
    return answer;
}

std::optional<Status> append(ShopWorld& world, Batch batch) {
    return answer_of<Status>(world,
                             [&](auto answer) { world.storage.append(std::move(batch), answer); });
}

TEST(Storage, AnswersOnTheLoopAndNotWithinTheCall) {
    ShopWorld world;
    bool answered = false;
    world.storage.append(batch_of(0, "a"), [&](const Status&) { answered = true; });
    EXPECT_FALSE(answered);
    EXPECT_EQ(world.loop.run_ready(1), 1U);
    EXPECT_FALSE(answered) << "the work itself must not answer";
    world.loop.run_ready();
    EXPECT_TRUE(answered);
}

TEST(Storage, HasCommittedWhatItAnswersFor) {
    ShopWorld world;
    EXPECT_TRUE(*append(world, batch_of(1, "a")));
    EXPECT_EQ(world.journal("a").size(), 1U);
}

TEST(Storage, HoldsABatchBackUntilTheOneBeforeHasCommitted) {
    ShopWorld world;
    const auto early = append(world, batch_of(2, "b"));
    ASSERT_FALSE(*early);
    EXPECT_EQ(early->error().fault, Fault::Full);
    EXPECT_TRUE(*append(world, batch_of(1, "a")));
    EXPECT_TRUE(*append(world, batch_of(2, "b")));
    EXPECT_EQ(world.journal("").size(), 2U);
}

TEST(Storage, TakesABatchWithoutOrderAtAnyTime) {
    ShopWorld world;
    EXPECT_TRUE(*append(world, batch_of(0, "a")));
    EXPECT_TRUE(*append(world, batch_of(1, "b")));
    EXPECT_TRUE(*append(world, batch_of(0, "c")));
}

TEST(Storage, LeavesTheNextBatchWaitingAfterOneThatFailed) {
    ShopWorld world;
    Batch twice = batch_of(1, "sale");
    twice.records.front().event_id = "x";
    twice.records.front().revision = 1;
    twice.records.push_back(twice.records.front());
    const auto first = append(world, twice);
    ASSERT_FALSE(*first);
    EXPECT_EQ(first->error().fault, Fault::Denied) << "the same revision twice";
    EXPECT_EQ(append(world, batch_of(2, "b"))->error().fault, Fault::Full);
    EXPECT_TRUE(world.journal("").empty());
}

TEST(Storage, IsFullWhenItsThreadTakesNothing) {
    ShopWorld world;
    world.room = 0;
    const auto appended = append(world, batch_of(1, "a"));
    ASSERT_TRUE(appended && !*appended);
    EXPECT_EQ(appended->error().fault, Fault::Full);
    const auto found = answer_of<Result<std::vector<Found>>>(
        world, [&](auto answer) { world.storage.find({}, answer); });
    ASSERT_TRUE(found && !*found);
    EXPECT_EQ(found->error().fault, Fault::Full);
}

TEST(Storage, BearsACallerWhoWantsNoAnswer) {
    ShopWorld world;
    world.storage.append(batch_of(1, "a"), nullptr);
    world.room = 1;
    world.storage.append(batch_of(2, "b"), {});
    world.storage.append(batch_of(3, "c"), {});
    world.loop.run_ready();
    EXPECT_EQ(world.journal("").size(), 2U);
}

TEST(Storage, FindsWhatWasAppendedBeforeInOneRun) {
    ShopWorld world;
    Batch batch = batch_of(1, "sale");
    batch.records.front().event_id = "x";
    batch.records.front().digest = "d";
    world.storage.append(batch, {});
    const auto found = answer_of<Result<std::vector<Found>>>(world, [&](auto answer) {
        world.storage.find({{"sale", "x", "d"}, {"sale", "y", "d"}, {"sale", "x", "e"}}, answer);
    });
    ASSERT_TRUE(found && *found);
    ASSERT_EQ((*found)->size(), 3U);
    EXPECT_EQ((**found)[0].known, Known::Same);
    EXPECT_EQ((**found)[1].known, Known::Absent);
    EXPECT_EQ((**found)[2].known, Known::Other);
}

TEST(Storage, CarriesTheOutboxToHeadquarters) {
    ShopWorld world;
    EXPECT_TRUE(*append(world, batch_of(1, "a")));
    EXPECT_TRUE(*append(world, batch_of(2, "b")));
    EXPECT_TRUE(*answer_of<Status>(
        world, [&](auto answer) { world.storage.freeze(Stream::Ledger, 1, answer); }));
    EXPECT_TRUE(*answer_of<Status>(world, [&](auto answer) {
        world.storage.replace_by_gap(Stream::Ledger, 2, 2, "too_old", answer);
    }));
    const auto rows = answer_of<Result<std::vector<OutboxRow>>>(
        world, [&](auto answer) { world.storage.read(OutboxRead{}, answer); });
    ASSERT_EQ((*rows)->size(), 2U);
    EXPECT_EQ((**rows)[0].record.kind, "a");
    EXPECT_EQ((**rows)[1].record.kind, "gap");
}

TEST(Storage, ForgetsWhatHeadquartersHasAcknowledged) {
    ShopWorld world;
    EXPECT_TRUE(*append(world, batch_of(1, "a")));
    EXPECT_TRUE(*append(world, batch_of(2, "b")));
    EXPECT_TRUE(*answer_of<Status>(
        world, [&](auto answer) { world.storage.acknowledged(Stream::Ledger, 2, answer, {}); }));
    const auto depths = answer_of<Result<std::vector<StreamDepth>>>(
        world, [&](auto answer) { world.storage.depths(answer); });
    EXPECT_EQ((**depths)[0].first, 2);
    EXPECT_EQ((**depths)[0].next, 3);
}

TEST(Storage, HandsTheStoresRefusalOn) {
    ShopWorld world;
    const auto refused = answer_of<Status>(
        world, [&](auto answer) { world.storage.acknowledged(Stream::Ledger, 9, answer, {}); });
    ASSERT_FALSE(*refused);
    EXPECT_EQ(refused->error().fault, Fault::Malformed);
}

TEST(Storage, ReadsTheJournalAndItsSizes) {
    ShopWorld world;
    EXPECT_TRUE(*append(world, batch_of(1, "a")));
    const auto rows = answer_of<Result<std::vector<JournalRow>>>(
        world, [&](auto answer) { world.storage.read(JournalQuery{.kind = "a"}, answer); });
    EXPECT_EQ((*rows)->size(), 1U);
    const auto sizes = answer_of<Result<store::StoreSizes>>(
        world, [&](auto answer) { world.storage.sizes(answer); });
    EXPECT_EQ((*sizes)->journal_rows, 1);
}

TEST(Storage, PrunesWhatIsOldAndNoLongerInTheOutbox) {
    ShopWorld world;
    Batch batch = batch_of(1, "crossing");
    batch.records.front().stream = Stream::Local;
    EXPECT_TRUE(*append(world, batch));
    EXPECT_TRUE(*append(world, batch_of(2, "sale")));
    world.clock.advance(std::chrono::hours{24 * 500});
    const auto pruned = answer_of<Result<store::Pruned>>(world, [&](auto answer) {
        world.storage.prune(world.clock.now(), retention_of({}), answer);
    });
    EXPECT_EQ((*pruned)->journal_rows, 1);
    EXPECT_EQ(world.journal("sale").size(), 1U);
}

}  // namespace
}  // namespace aisle::app
