#include "event_store_contract.hpp"

#include "hq_world.hpp"

namespace aisle::hq::contract {
namespace {

using Strings = std::vector<std::string>;

void shows_what_it_acknowledged(Bench& bench) {
    const auto applied = bench.apply({inbound(1, 3)});
    ASSERT_EQ(applied.answers.size(), 1U);
    EXPECT_EQ(applied.answers[0].ack.next, 4);
    EXPECT_EQ(applied.answers[0].ack.check, wire::check_of(line_for(3)));
    EXPECT_EQ(bench.events().size(), 3U);
    EXPECT_EQ(bench.completeness().at(0).received, 3);
}

void a_failed_batch_between_good_ones_changes_nothing(Bench& bench) {
    auto forked = header_for(3, 3);
    forked.prev = "ffffffffffffffff";
    const auto applied =
        bench.apply({inbound(1, 2), inbound(forked, lines_for(3, 3)), inbound(5, 6)});
    EXPECT_EQ(applied.forks, 1);
    EXPECT_EQ(applied.alarms.at(0).kind, "fork");
    EXPECT_EQ(applied.answers.at(0).ack.kind, wire::AckKind::Fork);
    EXPECT_EQ(bench.events().size(), 2U);
}

void what_was_numbered_again_is_shown_once(Bench& bench) {
    bench.apply({batch_of(kEpoch, {{.seq = 1, .body = R"({"n":1})"}, {2, R"({"n":2})"}})});
    const auto applied = bench.apply(
        {batch_of(kSecondEpoch, {{.seq = 1, .body = R"({"n":2})", .was = {{kEpoch, 2}}},
                                 {.seq = 2, .body = R"({"n":3})", .was = {{kEpoch, 3}}}})});
    EXPECT_EQ(applied.rows, 1);
    EXPECT_EQ(applied.again, 1);
    EXPECT_EQ(applied.answers.at(0).ack.next, 3);
    EXPECT_EQ(bench.bodies(), (Strings{R"({"n":1})", R"({"n":2})", R"({"n":3})"}));
    const auto report = bench.completeness();
    ASSERT_EQ(report.size(), 2U);
    EXPECT_EQ(report[1].expected, 2);
    EXPECT_EQ(report[1].received, 1);
    EXPECT_EQ(report[1].again, 1);
}

void a_clones_record_under_the_same_number_is_another_one(Bench& bench) {
    bench.apply({batch_of(kEpoch, {{.seq = 1, .body = R"({"n":1})"}})});
    const auto applied = bench.apply(
        {batch_of(kSecondEpoch, {{.seq = 1, .body = R"({"clone":1})", .was = {{kEpoch, 1}}}})});
    EXPECT_EQ(applied.again, 0);
    EXPECT_EQ(bench.bodies(), (Strings{R"({"n":1})", R"({"clone":1})"}));
}

void the_same_body_at_another_time_is_another_record(Bench& bench) {
    bench.apply({batch_of(kEpoch, {{.seq = 1}})});
    bench.apply({batch_of(kSecondEpoch, {{.seq = 1, .was = {{kEpoch, 1}}, .mono_ms = 5}})});
    EXPECT_EQ(bench.events().size(), 2U);
}

void a_later_epoch_that_overtakes_an_earlier_one_is_not_shown_twice(Bench& bench) {
    const std::vector<LineSpec> late{{.seq = 1, .body = R"({"n":1})", .was = {{kEpoch, 1}}},
                                     {.seq = 2, .body = R"({"n":2})", .was = {{kEpoch, 2}}}};
    bench.apply({batch_of(kSecondEpoch, late)});
    bench.reopen();
    const auto applied = bench.apply({batch_of(
        kEpoch, {{.seq = 1, .body = R"({"n":1})"}, {2, R"({"n":2})"}, {3, R"({"n":3})"}})});
    EXPECT_EQ(applied.again, 2);
    EXPECT_EQ(bench.events().size(), 3U);
    EXPECT_EQ(bench.completeness().size(), 2U);
}

void a_record_through_three_epochs_is_shown_once(Bench& bench) {
    const LineSpec first{.seq = 1, .body = R"({"n":1})"};
    bench.apply({batch_of(kEpoch, {first})});
    auto second = first;
    second.was = {{kEpoch, 1}};
    bench.apply({batch_of(kSecondEpoch, {second})});
    auto third = first;
    third.was = {{kSecondEpoch, 1}};  // the oldest place is forgotten
    const auto applied = bench.apply({batch_of(kThirdEpoch, {third})});
    EXPECT_EQ(applied.again, 1);
    EXPECT_EQ(bench.events().size(), 1U);
    EXPECT_EQ(bench.completeness().size(), 3U);
}

void a_gap_that_was_numbered_again_is_declared_once(Bench& bench) {
    const std::string body = gap_body("quota", 6);
    bench.apply({batch_of(kEpoch, {{1}, {.seq = 7, .body = body, .kind = "gap", .from = 2}})});
    bench.apply({batch_of(
        kSecondEpoch,
        {{.seq = 6, .body = body, .kind = "gap", .was = {{kEpoch, 7}}, .from = 1}, {.seq = 7}})});
    const auto report = bench.completeness();
    ASSERT_EQ(report.size(), 2U);
    EXPECT_EQ(report[0].gaps, (std::vector<GapCount>{{"quota", 1, 6}}));
    EXPECT_TRUE(report[1].gaps.empty());
    EXPECT_EQ(report[1].again, 6);
}

void a_gap_over_a_number_that_is_shown_elsewhere_counts_once(Bench& bench) {
    bench.apply({batch_of(kSecondEpoch, {{.seq = 1, .was = {{kEpoch, 3}}}})});
    bench.apply({batch_of(
        kEpoch, {{1}, {.seq = 5, .body = gap_body("quota", 4), .kind = "gap", .from = 2}})});
    const auto report = bench.completeness();
    ASSERT_EQ(report.size(), 2U);
    EXPECT_EQ(bench.events().size(), 3U);
}

// What a clone wrote under a number that HQ has from another one; an image of that clone numbers it
// again too.
void a_clones_record_that_comes_in_two_epochs_is_shown_once(Bench& bench) {
    const LineSpec clones{.seq = 1, .body = R"({"clone":1})", .was = {{kEpoch, 1}}};
    bench.apply({batch_of(kEpoch, {{.seq = 1, .body = R"({"n":1})"}})});
    bench.apply({batch_of(kSecondEpoch, {clones})});
    bench.reopen();
    const auto applied = bench.apply({batch_of(kThirdEpoch, {clones})});
    EXPECT_EQ(applied.again, 1);
    EXPECT_EQ(bench.bodies(), (Strings{R"({"n":1})", R"({"clone":1})"}));
    EXPECT_EQ(bench.completeness().size(), 3U);
}

void two_records_that_had_one_number_are_both_known_by_it(Bench& bench) {
    const LineSpec one{.seq = 1, .body = R"({"n":1})", .was = {{kEpoch, 1}}};
    const LineSpec other{.seq = 1, .body = R"({"clone":1})", .was = {{kEpoch, 1}}};
    bench.apply({batch_of(kSecondEpoch, {one})});
    bench.apply({batch_of(kThirdEpoch, {other})});
    EXPECT_EQ(bench.apply({batch_of("00000000000000dd", {other})}).again, 1);
    EXPECT_EQ(bench.apply({batch_of("00000000000000ee", {one})}).again, 1);
    EXPECT_EQ(bench.apply({batch_of(kEpoch, {{.seq = 1, .body = R"({"clone":1})"}})}).again, 1);
    EXPECT_EQ(bench.apply({batch_of("00000000000000ff", {one})}).again, 1);
    EXPECT_EQ(bench.events().size(), 2U);
    EXPECT_EQ(bench.completeness().size(), 6U);
}

void a_number_that_another_record_takes_still_leads_to_the_one_that_overtook_it(Bench& bench) {
    const LineSpec clones{.seq = 1, .body = R"({"clone":1})", .was = {{kEpoch, 1}}};
    bench.apply({batch_of(kSecondEpoch, {clones})});
    bench.apply({batch_of(kEpoch, {{.seq = 1, .body = R"({"n":1})"}})});
    EXPECT_EQ(bench.apply({batch_of(kThirdEpoch, {clones})}).again, 1);
    EXPECT_EQ(bench.events().size(), 2U);
    EXPECT_EQ(bench.completeness().size(), 3U);
}

void numbers_in_a_gap_still_lead_to_the_records_that_overtook_it(Bench& bench) {
    const std::vector<LineSpec> late{{.seq = 1, .body = R"({"n":3})", .was = {{kEpoch, 3}}},
                                     {.seq = 2, .body = R"({"n":4})", .was = {{kEpoch, 4}}}};
    bench.apply({batch_of(kSecondEpoch, late)});
    bench.apply({batch_of(
        kEpoch, {{1}, {.seq = 5, .body = gap_body("quota", 4), .kind = "gap", .from = 2}})});
    EXPECT_EQ(bench.apply({batch_of(kThirdEpoch, late)}).again, 2);
    EXPECT_EQ(bench.events().size(), 4U);
    EXPECT_EQ(bench.completeness().size(), 3U);
}

const std::string kOneEuro = R"({"sale":"a","revision":1,"total":100,"lineage":{"received":"x"}})";
const std::string kOneEuroReadAgain =
    R"({"lineage":{"received":"y"},"revision":1,"sale":"a","total":100})";
const std::string kTwoEuros = R"({"sale":"a","revision":1,"total":200})";

LineSpec sale(std::int64_t seq, const std::string& body, const std::string& id = "a") {
    return {.seq = seq, .body = body, .kind = "sale", .id = id, .mono_ms = seq};
}

void the_same_sale_read_again_in_a_new_epoch_is_not_shown(Bench& bench) {
    bench.apply({batch_of(kEpoch, {sale(1, kOneEuro), sale(2, kTwoEuros, "b")})});
    const auto applied = bench.apply({batch_of(kSecondEpoch, {sale(1, kOneEuroReadAgain)})});
    EXPECT_EQ(applied.again, 1);
    EXPECT_EQ(applied.alarms.at(0).kind, "new_epoch");
    EXPECT_EQ(bench.events().size(), 2U);
    EXPECT_EQ(bench.completeness().size(), 2U);
}

void another_body_in_a_new_epoch_is_the_next_revision(Bench& bench) {
    bench.apply({batch_of(kEpoch, {sale(1, kOneEuro)})});
    bench.apply({batch_of(kSecondEpoch, {sale(1, kTwoEuros)})});
    const auto events = bench.events();
    ASSERT_EQ(events.size(), 2U);
    EXPECT_EQ(events[0].revision, 1);
    EXPECT_EQ(events[1].revision, 2);
    EXPECT_EQ(events[1].epoch, kSecondEpoch);
}

void an_earlier_epoch_that_goes_on_is_compared_too(Bench& bench) {
    bench.apply({batch_of(kEpoch, {{1}}), batch_of(kSecondEpoch, {sale(1, kOneEuro)})});
    bench.reopen();
    EXPECT_EQ(bench.apply({batch_of(kEpoch, {sale(2, kOneEuroReadAgain)})}).again, 1);
    EXPECT_EQ(bench.events().size(), 2U);
}

void both_epochs_in_one_transaction_are_compared(Bench& bench) {
    const auto applied = bench.apply({batch_of(kEpoch, {sale(1, kOneEuro)}),
                                      batch_of(kSecondEpoch, {sale(1, kOneEuroReadAgain)}),
                                      batch_of(kEpoch, {sale(2, kTwoEuros, "b")}),
                                      batch_of(kSecondEpoch, {sale(2, kTwoEuros, "b")})});
    EXPECT_EQ(applied.again, 2);
    EXPECT_EQ(bench.events().size(), 2U);
}

void two_stores_never_compare(Bench& bench) {
    bench.apply({batch_of(kEpoch, {sale(1, kOneEuro)})});
    auto header = header_for(1, 1);
    header.store = StoreId{"s-0002"};
    header.epoch = kSecondEpoch;
    bench.apply({inbound(header, {line_of(sale(1, kOneEuro))})});
    EXPECT_EQ(bench.events().size(), 2U);
}

const char* kClockBody =
    R"({"boot":7,"offset_ms":2592000000,"error_ms":40,"source":"ntp","at":{"boot":8}})";

void a_clock_record_mends_its_boot_before_and_after(Bench& bench) {
    const LineSpec early{.seq = 1, .clock = ClockQuality::Rtc, .boot = 7};
    const LineSpec word{.seq = 2, .body = kClockBody, .kind = "clock", .boot = 8};
    const LineSpec late{.seq = 3, .clock = ClockQuality::None, .boot = 7};
    const LineSpec sure{.seq = 4, .clock = ClockQuality::Ntp, .boot = 7};
    bench.apply({batch_of(kEpoch, {early}), batch_of(kEpoch, {word, late, sure})});
    const auto events = bench.events();
    EXPECT_EQ(events.at(0).at, "2026-07-12T04:00:00.000Z");
    EXPECT_EQ(events.at(2).at, "2026-07-12T04:00:00.000Z");
    EXPECT_EQ(events.at(3).at, "2026-06-12T04:00:00.000Z");  // was true already
}

void a_better_clock_record_replaces_a_worse_one_and_not_the_other_way(Bench& bench) {
    const auto word = [](std::int64_t seq, const std::string& offset, const std::string& error) {
        return LineSpec{.seq = seq,
                        .body = R"({"boot":1,"offset_ms":)" + offset + R"(,"error_ms":)" + error +
                                R"(,"source":"ntp"})",
                        .kind = "clock"};
    };
    bench.apply({batch_of(kEpoch, {{.seq = 1, .clock = ClockQuality::None},
                                   word(2, "5000", "900"),
                                   word(3, "1000", "20"),
                                   word(4, "7000", "500")})});
    EXPECT_EQ(bench.events().at(0).at, "2026-06-12T04:00:01.000Z");
}

void a_boot_over_an_epochs_end_is_mended_in_both(Bench& bench) {
    bench.apply({batch_of(kEpoch, {{.seq = 1, .clock = ClockQuality::Rtc, .boot = 7}}),
                 batch_of(kSecondEpoch, {{.seq = 1, .clock = ClockQuality::Rtc, .boot = 7},
                                         {.seq = 2, .body = kClockBody, .kind = "clock"}})});
    EXPECT_EQ(bench.events().at(0).at, "2026-07-12T04:00:00.000Z");
    EXPECT_EQ(bench.events().at(1).at, "2026-07-12T04:00:00.000Z");
    // What an epoch says of its own boot is worth more than what another one says.
    const std::string own = R"({"boot":7,"offset_ms":1000,"error_ms":90,"source":"ntp"})";
    bench.apply({batch_of(kEpoch, {{.seq = 2, .body = own, .kind = "clock"}})});
    EXPECT_EQ(bench.events().at(0).at, "2026-06-12T04:00:01.000Z");
    EXPECT_EQ(bench.events().at(2).at, "2026-07-12T04:00:00.000Z");
}

void a_bad_line_becomes_a_gap_and_the_rest_is_kept(Bench& bench) {
    auto lines = lines_for(1, 4);
    lines[1] = R"({"seq":2,"kind":"test","body":{"half":)";
    const auto applied = bench.apply({inbound(header_for(1, 4), lines), inbound(5, 5)});
    EXPECT_EQ(applied.answers.at(0).ack.next, 6);
    EXPECT_EQ(applied.quarantined, 1);
    EXPECT_EQ(applied.alarms.at(0).kind, "unreadable");
    const auto events = bench.events();
    ASSERT_EQ(events.size(), 5U);
    EXPECT_EQ(events[1].kind, "gap");
    const auto report = bench.completeness();
    EXPECT_EQ(report.at(0).gaps, (std::vector<GapCount>{{"unreadable", 1, 1}}));
    EXPECT_EQ(report.at(0).quarantined, 1);
}

void a_bad_last_line_is_acknowledged_by_its_own_check(Bench& bench) {
    const std::string half = R"({"seq":2,"kind":"test","body":{"half":)";
    const auto applied = bench.apply({inbound(header_for(1, 2), {line_for(1), half})});
    EXPECT_EQ(applied.answers.at(0).ack.next, 3);
    EXPECT_EQ(applied.answers.at(0).ack.check, wire::check_of(half));
}

void a_poisoned_batch_is_set_aside_the_third_time(Bench& bench) {
    const auto poison = inbound(header_for(2, 4), {line_for(2), line_for(9), line_for(4)});
    bench.apply({inbound(1, 1)});
    for (int i = 0; i < 2; ++i) {
        const auto refused = bench.apply({poison});
        EXPECT_EQ(refused.answers.at(0).ack.kind, wire::AckKind::Nack);
        EXPECT_EQ(refused.answers.at(0).ack.next, 2);
    }
    const auto applied = bench.apply({poison, inbound(5, 6)});
    EXPECT_EQ(applied.answers.at(0).ack.kind, wire::AckKind::Ack);
    EXPECT_EQ(applied.answers.at(0).ack.next, 7);
    EXPECT_EQ(applied.alarms.at(0).kind, "unreadable");
    EXPECT_EQ(bench.completeness().at(0).gaps, (std::vector<GapCount>{{"unreadable", 1, 3}}));
}

void a_poisoned_batch_out_of_line_is_never_set_aside(Bench& bench) {
    const auto poison = inbound(header_for(5, 6), {line_for(5), line_for(9)});
    for (int i = 0; i < 5; ++i)
        EXPECT_EQ(bench.apply({poison}).answers.at(0).ack.kind, wire::AckKind::Nack);
    EXPECT_TRUE(bench.events().empty());
}

void what_a_restored_hq_has_lost_raises_an_alarm(Bench& bench) {
    const auto applied = bench.apply({batch_of(
        kEpoch, {{.seq = 5, .body = gap_body("acked_before", 5), .kind = "gap", .from = 1}})});
    ASSERT_EQ(applied.alarms.size(), 1U);
    EXPECT_EQ(applied.alarms[0].kind, "acked_before");
    EXPECT_EQ(bench.completeness().at(0).gaps, (std::vector<GapCount>{{"acked_before", 1, 5}}));
}

Inbound first_batch_that_knows(const wire::EndedMark& mark) {
    auto header = header_for(1, 1);
    header.epoch = kSecondEpoch;
    header.ended = {{kEpoch, {mark}}};
    return inbound(header, {line_for(1)});
}

void what_was_lost_of_an_ended_epoch_becomes_a_gap(Bench& bench) {
    bench.apply({inbound(1, 3)});
    const auto applied =
        bench.apply({first_batch_that_knows({Stream::Ledger, 9, "ba7816bf8f01cfea"})});
    ASSERT_EQ(applied.answers.size(), 1U);  // to the batch alone
    EXPECT_EQ(applied.answers[0].ack.epoch, kSecondEpoch);
    const auto report = bench.completeness();
    ASSERT_EQ(report.size(), 2U);
    EXPECT_EQ(report[0].gaps, (std::vector<GapCount>{{"acked_before", 1, 5}}));
    // A clone that goes on in the ended epoch is chained to what was declared.
    auto header = header_for(9, 9);
    header.prev = "ba7816bf8f01cfea";
    EXPECT_EQ(bench.apply({inbound(header, lines_for(9, 9))}).rows, 1);
}

void what_is_there_of_an_ended_epoch_is_left_alone(Bench& bench) {
    bench.apply({inbound(1, 3)});
    const auto knows = first_batch_that_knows({Stream::Ledger, 4, ""});
    EXPECT_TRUE(bench.apply({knows}).alarms.size() <= 1);  // the new epoch's own
    EXPECT_TRUE(bench.apply({knows}).alarms.empty());
    EXPECT_EQ(bench.events().size(), 4U);
    EXPECT_TRUE(bench.completeness().at(0).gaps.empty());
}

void an_ended_epoch_that_hq_never_saw_is_one_gap(Bench& bench) {
    bench.apply({first_batch_that_knows({Stream::Offers, 6, ""})});
    const auto all = bench.events();
    ASSERT_EQ(all.size(), 2U);
    EXPECT_EQ(all[0].stream, "offers");
    EXPECT_EQ(all[0].kind, "gap");
    EXPECT_EQ(all[0].from, 1);
    EXPECT_EQ(all[0].seq, 5);
}

void notices_come_in_order_and_once(Bench& bench) {
    const auto applied = bench.apply(
        {batch_of(kEpoch, {{.seq = 1, .body = R"({"b":1})", .kind = "budget"}, sale(2, kOneEuro)}),
         batch_of(kEpoch, {{.seq = 1, .body = R"({"h":1})", .kind = "health"}}, Stream::Health)});
    EXPECT_EQ(applied.notices, 2);
    bench.reopen();
    bench.apply({batch_of(kEpoch, {{.seq = 3, .kind = "consent", .id = "c"}})});
    const auto all = *bench.store().notices(0, 10);
    ASSERT_EQ(all.size(), 3U);
    EXPECT_EQ(all[0].kind, "budget");
    EXPECT_EQ(all[0].store, "s-0001");
    EXPECT_EQ(all[0].epoch, kEpoch);
    EXPECT_EQ(all[0].stream, "ledger");
    EXPECT_EQ(all[0].seq, 1);
    EXPECT_EQ(all[0].body, R"({"b":1})");
    EXPECT_EQ(all[0].received, kit::kNoon);
    EXPECT_EQ(all[2].event_id, "c");
    const auto rest = *bench.store().notices(all[0].id, 1);
    ASSERT_EQ(rest.size(), 1U);
    EXPECT_EQ(rest[0].id, all[1].id);
}

void a_notice_that_is_received_again_is_not_repeated(Bench& bench) {
    bench.apply({batch_of(kEpoch, {{.seq = 1, .kind = "budget"}})});
    bench.apply({batch_of(kSecondEpoch, {{.seq = 1, .kind = "budget", .was = {{kEpoch, 1}}}})});
    EXPECT_EQ(bench.store().notices(0, 10)->size(), 1U);
}

void keeps_its_own_state(Bench& bench) {
    const std::string bytes{"\0\xff", 2};
    ASSERT_TRUE(bench.store().write_state(
        std::vector<StateChange>{{"room", "a", "1"}, {"room", "b", bytes}, {"other", "a", "2"}}));
    bench.reopen();
    ASSERT_TRUE(bench.store().write_state(std::vector<StateChange>{{"room", "a", ""}}));
    const auto rows = *bench.store().read_state("room");
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_EQ(rows[0].key, "b");
    EXPECT_EQ(rows[0].bytes, bytes);
}

void unknown_kinds_are_kept(Bench& bench) {
    bench.apply({batch_of(kEpoch, {{.seq = 1, .body = R"({"x":[1]})", .kind = "of_tomorrow"}})});
    EXPECT_EQ(bench.events().at(0).kind, "of_tomorrow");
}

void shows_each_record_once_through_clones_and_restores(Bench& bench) {
    play_epochs(bench, 1, 400);
}

}  // namespace

#define AISLE_CHECK(name) \
    Check { #name, name }
const std::vector<Check>& all_checks() {
    static const std::vector<Check> checks{
        AISLE_CHECK(shows_what_it_acknowledged),
        AISLE_CHECK(a_failed_batch_between_good_ones_changes_nothing),
        AISLE_CHECK(what_was_numbered_again_is_shown_once),
        AISLE_CHECK(a_clones_record_under_the_same_number_is_another_one),
        AISLE_CHECK(the_same_body_at_another_time_is_another_record),
        AISLE_CHECK(a_later_epoch_that_overtakes_an_earlier_one_is_not_shown_twice),
        AISLE_CHECK(a_record_through_three_epochs_is_shown_once),
        AISLE_CHECK(a_gap_that_was_numbered_again_is_declared_once),
        AISLE_CHECK(a_gap_over_a_number_that_is_shown_elsewhere_counts_once),
        AISLE_CHECK(a_clones_record_that_comes_in_two_epochs_is_shown_once),
        AISLE_CHECK(two_records_that_had_one_number_are_both_known_by_it),
        AISLE_CHECK(a_number_that_another_record_takes_still_leads_to_the_one_that_overtook_it),
        AISLE_CHECK(numbers_in_a_gap_still_lead_to_the_records_that_overtook_it),
        AISLE_CHECK(the_same_sale_read_again_in_a_new_epoch_is_not_shown),
        AISLE_CHECK(another_body_in_a_new_epoch_is_the_next_revision),
        AISLE_CHECK(an_earlier_epoch_that_goes_on_is_compared_too),
        AISLE_CHECK(both_epochs_in_one_transaction_are_compared),
        AISLE_CHECK(two_stores_never_compare),
        AISLE_CHECK(a_clock_record_mends_its_boot_before_and_after),
        AISLE_CHECK(a_better_clock_record_replaces_a_worse_one_and_not_the_other_way),
        AISLE_CHECK(a_boot_over_an_epochs_end_is_mended_in_both),
        AISLE_CHECK(a_bad_line_becomes_a_gap_and_the_rest_is_kept),
        AISLE_CHECK(a_bad_last_line_is_acknowledged_by_its_own_check),
        AISLE_CHECK(a_poisoned_batch_is_set_aside_the_third_time),
        AISLE_CHECK(a_poisoned_batch_out_of_line_is_never_set_aside),
        AISLE_CHECK(what_a_restored_hq_has_lost_raises_an_alarm),
        AISLE_CHECK(what_was_lost_of_an_ended_epoch_becomes_a_gap),
        AISLE_CHECK(what_is_there_of_an_ended_epoch_is_left_alone),
        AISLE_CHECK(an_ended_epoch_that_hq_never_saw_is_one_gap),
        AISLE_CHECK(notices_come_in_order_and_once),
        AISLE_CHECK(a_notice_that_is_received_again_is_not_repeated),
        AISLE_CHECK(keeps_its_own_state),
        AISLE_CHECK(unknown_kinds_are_kept),
        AISLE_CHECK(shows_each_record_once_through_clones_and_restores),
    };
    return checks;
}
#undef AISLE_CHECK

namespace {

class SqliteBench final : public Bench {
public:
    SqliteBench() { reopen(); }
    EventStore& store() override { return *store_; }
    void reopen() override {
        store_.reset();
        // The time of a test's machine must not cut its transactions.
        store_ = std::move(*open_event_store("sqlite:" + folder_.file("hq.db"),
                                             {.limits = {.time_max = minutes{10}}}));
    }
    std::vector<ShownEvent> events() override {
        auto database = sqlite::Database::open(folder_.file("hq.db"), {.read_only = true});
        auto rows = database->prepare(
            "SELECT epoch, stream, seq, from_seq, kind, event_id, revision, at, body FROM events "
            "ORDER BY epoch, stream, seq");
        std::vector<ShownEvent> all;
        while (*rows->step())
            all.push_back({.epoch = rows->text(0),
                           .stream = rows->text(1),
                           .seq = rows->integer(2),
                           .from = rows->integer(3),
                           .kind = rows->text(4),
                           .event_id = rows->text(5),
                           .revision = rows->integer(6),
                           .at = rows->text(7),
                           .body = rows->text(8)});
        return all;
    }

private:
    TempFolder folder_;
    std::unique_ptr<EventStore> store_;
};

class SqliteContract : public testing::TestWithParam<Check> {};

TEST_P(SqliteContract, Holds) {
    SqliteBench bench;
    GetParam().run(bench);
}

INSTANTIATE_TEST_SUITE_P(Every, SqliteContract, testing::ValuesIn(all_checks()), check_name);

class SqliteEpochs : public testing::TestWithParam<std::uint64_t> {};

TEST_P(SqliteEpochs, AreShownAsTheModelSays) {
    SqliteBench bench;
    play_epochs(bench, GetParam(), 600);
}

INSTANTIATE_TEST_SUITE_P(Seeds, SqliteEpochs, testing::Range<std::uint64_t>(1, 21));

}  // namespace
}  // namespace aisle::hq::contract
