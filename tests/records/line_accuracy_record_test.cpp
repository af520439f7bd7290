#include "agent/records/line_accuracy_record.hpp"

#include <gtest/gtest.h>

#include "tests/kit/builders.hpp"

namespace aisle::records {
namespace {

TEST(LineAccuracyBytes, AreThoseOfTheWireFormat) {
    const Record record = line_accuracy_record({.door = DoorId{"main"},
                                                .from = kit::kNoon,
                                                .to = kit::kNoon + minutes{10},
                                                .in = {.tapped = 20, .right = 18, .missed = 2},
                                                .out = {.phantom = 1},
                                                .unjudged = 1,
                                                .blind_ms = 1500,
                                                .accuracy_permille = 857,
                                                .low_permille = 653,
                                                .high_permille = 951,
                                                .kept = true},
                                               kit::at());
    EXPECT_EQ(record.kind, "line_accuracy");
    EXPECT_EQ(record.stream, Stream::Footfall);
    EXPECT_TRUE(record.event_id.empty());
    EXPECT_EQ(record.body,
              R"({"door":"main","from":"2026-06-12T04:00:00.000Z","to":"2026-06-12T04:10:00.000Z",)"
              R"("accuracy_permille":857,"low_permille":653,"high_permille":951,)"
              R"("in":{"tapped":20,"right":18,"missed":2,"phantom":0},)"
              R"("out":{"tapped":0,"right":0,"missed":0,"phantom":1},)"
              R"("unjudged":1,"blind_ms":1500,"sums":false,"kept":true})");
}

}  // namespace
}  // namespace aisle::records
