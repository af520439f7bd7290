#include "agent/presence/presence.hpp"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "tests/kit/builders.hpp"

namespace aisle::presence {
namespace {

const TagKey kTag{"tag7"};
const ZoneId kDairy{"dairy"};
const ZoneId kWine{"wine"};

PresenceSettings two_zones() {
    return {.scanners = {{"d1", kDairy}, {"d2", kDairy}, {"w1", kWine}},
            .smoothing = milliseconds{0}};
}

// A floor whose time moves with what is heard.
class Floor {
public:
    explicit Floor(PresenceSettings settings = two_zones()) : presence{std::move(settings)} {
        EXPECT_TRUE(presence.restore({}, now()));
        keep(presence.set_tags({{kTag, {.bearer = TagBearer::Trolley, .label = "trolley 7"}}},
                               now()));
    }

    [[nodiscard]] Stamp now() const { return kit::at(time); }

    void hear(const std::string& scanner, int rssi, const TagKey& tag = kTag) {
        keep(presence.hear({.at = now().mono,
                            .wall = now().wall,
                            .tag = tag,
                            .scanner = scanner,
                            .rssi_dbm = static_cast<std::int8_t>(rssi)},
                           now()));
    }
    // Both zones, twice a second, for so long.
    void hear_for(milliseconds length, int dairy, int wine) {
        for (const auto end = time + length; time < end; time += milliseconds{500}) {
            hear("d1", dairy);
            hear("w1", wine);
        }
    }
    void tick() { keep(presence.tick(now())); }
    void keep(PresenceEffects effects) {
        for (auto& visit : effects.opened) opened.push_back(visit);
        for (auto& visit : effects.closed) closed.push_back(visit);
        for (auto& change : effects.state) {
            ++rows_written;
            change.bytes.empty() ? stored.erase(change.key)
                                 : stored.insert_or_assign(change.key, change.bytes).second;
        }
    }
    [[nodiscard]] std::vector<StateChange> rows() const {
        std::vector<StateChange> rows;
        for (const auto& [key, bytes] : stored)
            rows.push_back({.room = "presence", .key = key, .bytes = bytes});
        return rows;
    }

    Presence presence;
    milliseconds time{0};
    std::vector<ZoneVisit> opened;
    std::vector<ZoneVisit> closed;
    std::map<std::string, std::string> stored;
    int rows_written = 0;
};

TEST(Presence, CountsAnEntryAfterTheMinimumDwellFromItsFirstMoment) {
    Floor floor;
    floor.hear_for(milliseconds{3'000}, -60, -80);
    EXPECT_TRUE(floor.opened.empty());
    floor.hear_for(milliseconds{500}, -60, -80);
    ASSERT_EQ(floor.opened.size(), 1U);
    const ZoneVisit& visit = floor.opened[0];
    EXPECT_EQ(visit.zone, kDairy);
    EXPECT_EQ(visit.entered, kit::kNoon);
    EXPECT_EQ(visit.entered_mono, kit::at().mono);
    EXPECT_TRUE(visit.open);
    EXPECT_EQ(visit.label, "trolley 7");
    EXPECT_EQ(floor.stored.size(), 1U);
}

TEST(Presence, LetsAZoneBeAsStrongAsItsStrongestScanner) {
    Floor floor;
    for (; floor.time < seconds{4}; floor.time += milliseconds{500}) {
        floor.hear("d1", -90);
        floor.hear("w1", -75);
        floor.hear("d2", -60);
    }
    ASSERT_EQ(floor.opened.size(), 1U);
    EXPECT_EQ(floor.opened[0].zone, kDairy);
}

TEST(Presence, MovesWithOneInstantBetweenTheZones) {
    Floor floor;
    floor.hear_for(seconds{10}, -60, -80);
    floor.hear_for(seconds{10}, -80, -60);
    ASSERT_EQ(floor.closed.size(), 1U);
    ASSERT_EQ(floor.opened.size(), 2U);
    EXPECT_EQ(floor.closed[0].zone, kDairy);
    EXPECT_FALSE(floor.closed[0].open);
    EXPECT_EQ(floor.opened[1].zone, kWine);
    EXPECT_EQ(floor.closed[0].left, floor.opened[1].entered);
    EXPECT_EQ(floor.closed[0].left_mono, floor.opened[1].entered_mono);
    EXPECT_GT(floor.closed[0].left, floor.closed[0].entered);
    EXPECT_EQ(floor.stored.size(), 1U);
}

TEST(Presence, StaysWhereTheOtherZoneIsStrongerByLessThanTheMargin) {
    Floor floor;
    floor.hear_for(seconds{5}, -70, -80);
    floor.hear_for(seconds{60}, -70, -65);
    EXPECT_EQ(floor.opened.size(), 1U);
    EXPECT_TRUE(floor.closed.empty());
}

TEST(Presence, IgnoresALeadThatIsShorterThanTheDwell) {
    Floor floor;
    floor.hear_for(seconds{10}, -60, -80);
    floor.hear_for(milliseconds{2'500}, -80, -60);
    floor.hear_for(seconds{10}, -60, -80);
    EXPECT_EQ(floor.opened.size(), 1U);
}

TEST(Presence, MovesToAZoneThatAloneIsStillHeard) {
    Floor floor;
    floor.hear_for(seconds{5}, -60, -90);
    for (const auto end = floor.time + seconds{12}; floor.time < end;
         floor.time += milliseconds{500}) {
        floor.hear("w1", -90);
    }
    ASSERT_EQ(floor.opened.size(), 2U);
    EXPECT_EQ(floor.opened[1].zone, kWine);
}

TEST(Presence, ClosesAVisitAfterSilenceAtTheLastHearing) {
    Floor floor;
    floor.hear_for(seconds{5}, -60, -80);
    const auto last = floor.now().wall - milliseconds{500};
    floor.time += milliseconds{9'499};
    floor.tick();
    EXPECT_TRUE(floor.closed.empty());
    floor.time += milliseconds{1};
    floor.tick();
    ASSERT_EQ(floor.closed.size(), 1U);
    EXPECT_EQ(floor.closed[0].left, last);
    EXPECT_TRUE(floor.stored.empty());
    EXPECT_EQ(floor.presence.tags_tracked(), 0U);
}

TEST(Presence, WaitsEightIntervalsForSlowTags) {
    auto settings = two_zones();
    settings.advert_interval = seconds{5};
    Floor floor{settings};
    for (; floor.time <= seconds{30}; floor.time += seconds{5}) floor.hear("d1", -60);
    ASSERT_EQ(floor.opened.size(), 1U);
    floor.time = seconds{69};
    floor.tick();
    EXPECT_TRUE(floor.closed.empty());
    floor.time = seconds{70};
    floor.tick();
    EXPECT_EQ(floor.closed.size(), 1U);
}

TEST(Presence, StaysAliveOnHearingsOfUnknownStrength) {
    Floor floor;
    floor.hear_for(seconds{5}, -60, -80);
    for (; floor.time < seconds{30}; floor.time += seconds{1}) {
        floor.hear("w1", 127);
        floor.tick();
    }
    EXPECT_TRUE(floor.closed.empty());
    EXPECT_EQ(floor.presence.counts().no_rssi, 25U);
}

TEST(Presence, CountsScannersAndTagsThatItDoesNotKnow) {
    Floor floor;
    floor.hear("elsewhere", -60);
    floor.hear("d1", -60, TagKey{"stranger"});
    EXPECT_EQ(floor.presence.counts().unknown_scanner, 1U);
    EXPECT_EQ(floor.presence.counts().unknown_tag, 1U);
    EXPECT_EQ(floor.presence.tags_tracked(), 0U);
}

TEST(Presence, TracksABoundedNumberOfTags) {
    auto settings = two_zones();
    settings.tags_max = 2;
    Floor floor{settings};
    floor.keep(floor.presence.set_tags({{TagKey{"a"}, {}}, {TagKey{"b"}, {}}, {TagKey{"c"}, {}}},
                                       floor.now()));
    for (const char* tag : {"a", "b", "c", "a"}) floor.hear("d1", -60, TagKey{tag});
    EXPECT_EQ(floor.presence.tags_tracked(), 2U);
    EXPECT_EQ(floor.presence.counts().tags_refused, 1U);
}

TEST(Presence, KeepsABoundedNumberOfReadings) {
    auto settings = two_zones();
    settings.readings_max = 4;
    Floor floor{settings};
    for (int i = 0; i < 10; ++i) floor.hear("d1", -60);
    EXPECT_EQ(floor.presence.counts().readings_dropped, 6U);
}

TEST(Presence, IsSurerTheFurtherTheNextZoneIsBehind) {
    const auto confidence = [](int dairy, int wine) {
        Floor floor;
        floor.hear_for(seconds{4}, dairy, wine);
        return floor.opened.at(0).confidence_permille;
    };
    EXPECT_EQ(confidence(-60, -60 - 9), 881);  // 1 / (1 + exp(-2))
    EXPECT_LT(confidence(-60, -62), confidence(-60, -66));
    EXPECT_GT(confidence(-60, -90), 990);
}

TEST(Presence, ForgetsATagThatIsWithdrawn) {
    Floor floor;
    floor.keep(floor.presence.set_tags(
        {{kTag, {.bearer = TagBearer::Member, .label = "card", .member = MemberKey{"m"}}}},
        floor.now()));
    floor.hear_for(seconds{5}, -60, -80);
    EXPECT_EQ(floor.opened.at(0).member, MemberKey{"m"});
    floor.keep(floor.presence.set_tags({}, floor.now()));
    ASSERT_EQ(floor.closed.size(), 1U);
    EXPECT_EQ(floor.closed[0].bearer, TagBearer::Member);
    EXPECT_TRUE(floor.closed[0].member.empty());
    EXPECT_TRUE(floor.stored.empty());
    EXPECT_TRUE(floor.presence.open_visits().empty());
}

TEST(Presence, DropsTheMemberOfAnOpenVisitWithTheConsent) {
    Floor floor;
    floor.keep(floor.presence.set_tags(
        {{kTag, {.bearer = TagBearer::Member, .member = MemberKey{"m"}}}}, floor.now()));
    floor.hear_for(seconds{5}, -60, -80);
    floor.keep(floor.presence.set_tags({{kTag, {.bearer = TagBearer::Member}}}, floor.now()));
    EXPECT_TRUE(floor.presence.open_visits().at(0).member.empty());
    floor.time += seconds{20};
    floor.tick();
    EXPECT_TRUE(floor.closed.at(0).member.empty());
}

TEST(Presence, StoresNoSignalStrengthAndNoMember) {
    Floor floor;
    floor.keep(floor.presence.set_tags(
        {{kTag, {.label = "secret", .member = MemberKey{"m-secret"}}}}, floor.now()));
    floor.hear_for(seconds{5}, -61, -80);
    const std::string bytes = floor.stored.at(kTag.value);
    EXPECT_EQ(bytes.find("secret"), std::string::npos);
    EXPECT_EQ(bytes.find("-61"), std::string::npos);
}

TEST(Presence, RefreshesTheLastHearingOfALongVisit) {
    Floor floor;
    for (; floor.time < seconds{95}; floor.time += seconds{1}) {
        floor.hear("d1", -60);
        floor.tick();
    }
    EXPECT_EQ(floor.rows_written, 4);  // the entry and one every thirty seconds
}

TEST(PresenceRestore, ClosesAVisitThatEndedWhileNobodyListened) {
    Floor floor;
    floor.hear_for(seconds{5}, -60, -80);
    Presence later{two_zones()};
    EXPECT_TRUE(later.restore(floor.rows(), kit::at(minutes{10})));
    EXPECT_EQ(later.open_visits().size(), 1U);
    const auto effects = later.tick(kit::at(minutes{10}));
    ASSERT_EQ(effects.closed.size(), 1U);
    EXPECT_EQ(effects.closed[0].left, kit::kNoon + milliseconds{3'000});  // as stored at the entry
    EXPECT_TRUE(later.tick(kit::at(minutes{11})).empty());
}

TEST(PresenceRestore, KeepsAVisitOverAShortRestart) {
    Floor floor;
    floor.hear_for(seconds{5}, -60, -80);
    Presence later{two_zones()};
    EXPECT_TRUE(later.restore(floor.rows(), kit::at(seconds{8})));
    EXPECT_TRUE(later.tick(kit::at(seconds{8})).empty());
    EXPECT_EQ(later.open_visits().at(0).entered_mono, kit::at().mono);
}

Stamp in_next_boot(milliseconds after, ClockQuality quality) {
    Stamp stamp = kit::at(after);
    stamp.boot = 2;
    stamp.mono = MonoTime{seconds{20}};
    stamp.quality = quality;
    return stamp;
}

TEST(PresenceRestore, LetsAGoodWallClockJudgeAnotherBoot) {
    Floor floor;
    floor.hear_for(seconds{5}, -60, -80);
    Presence later{two_zones()};
    const Stamp now = in_next_boot(minutes{5}, ClockQuality::Ntp);
    EXPECT_TRUE(later.restore(floor.rows(), now));
    EXPECT_EQ(later.tick(now).closed.size(), 1U);
}

TEST(PresenceRestore, StartsTheWaitAgainWhereTheWallClockIsUnsure) {
    Floor floor;
    floor.hear_for(seconds{5}, -60, -80);
    Presence later{two_zones()};
    Stamp now = in_next_boot(minutes{5}, ClockQuality::Rtc);
    EXPECT_TRUE(later.restore(floor.rows(), now));
    EXPECT_TRUE(later.tick(now).empty());
    now.mono += seconds{41};
    EXPECT_EQ(later.tick(now).closed.size(), 1U);
}

TEST(PresenceRestore, SkipsRowsThatItCannotRead) {
    Floor floor;
    floor.hear_for(seconds{5}, -60, -80);
    auto rows = floor.rows();
    for (const char* bytes : {"{", "[]", "{}", R"({"zone":"dairy","boot":"1"})"}) {
        rows.push_back({.room = "presence", .key = "other", .bytes = bytes});
    }
    rows.push_back({.room = "offers", .key = "x", .bytes = "{}"});
    Presence later{two_zones()};
    EXPECT_FALSE(later.restore(rows, floor.now()));
    EXPECT_EQ(later.open_visits().size(), 1U);
}

}  // namespace
}  // namespace aisle::presence
