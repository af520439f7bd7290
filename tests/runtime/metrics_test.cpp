#include "agent/runtime/metrics.hpp"

#include <gtest/gtest.h>

namespace aisle::runtime {
namespace {

bool shows(const Metrics& metrics, const std::string& line) {
    return metrics.text().find(line + "\n") != std::string::npos;
}

TEST(Metrics, CountUp) {
    const auto metrics = make_metrics();
    Counter& sales = metrics->counter("aisle_sales_total", "Sales taken");
    sales.add();
    sales.add(2);
    EXPECT_EQ(sales.value(), 3);
    EXPECT_TRUE(shows(*metrics, "# HELP aisle_sales_total Sales taken"));
    EXPECT_TRUE(shows(*metrics, "# TYPE aisle_sales_total counter"));
    EXPECT_TRUE(shows(*metrics, "aisle_sales_total 3")) << metrics->text();
}

TEST(Metrics, AreTheSameForTheSameNameAndLabels) {
    const auto metrics = make_metrics();
    Counter& one = metrics->counter("aisle_x_total", "x", {{"a", "1"}, {"b", "2"}});
    Counter& same = metrics->counter("aisle_x_total", "x", {{"b", "2"}, {"a", "1"}});
    Counter& other = metrics->counter("aisle_x_total", "x", {{"a", "2"}, {"b", "2"}});
    EXPECT_EQ(&one, &same);
    EXPECT_NE(&one, &other);
}

TEST(Metrics, ShowTheLastValueOfAGauge) {
    const auto metrics = make_metrics();
    Gauge& rows = metrics->gauge("aisle_outbox_rows", "Rows", {{"stream", "ledger"}});
    rows.set(5);
    rows.set(4);
    EXPECT_EQ(rows.value(), 4);
    EXPECT_TRUE(shows(*metrics, R"(aisle_outbox_rows{stream="ledger"} 4)")) << metrics->text();
}

TEST(Metrics, SortIntoBuckets) {
    const auto metrics = make_metrics();
    Histogram& took = metrics->histogram("aisle_decision_duration_seconds", "Time", {0.01, 0.1});
    took.observe(0.005);
    took.observe(0.05);
    took.observe(5);
    EXPECT_TRUE(shows(*metrics, R"(aisle_decision_duration_seconds_bucket{le="0.01"} 1)"))
        << metrics->text();
    EXPECT_TRUE(shows(*metrics, R"(aisle_decision_duration_seconds_bucket{le="0.1"} 2)"));
    EXPECT_TRUE(shows(*metrics, R"(aisle_decision_duration_seconds_bucket{le="+Inf"} 3)"));
    EXPECT_TRUE(shows(*metrics, "aisle_decision_duration_seconds_count 3"));
}

TEST(Metrics, EscapeLabels) {
    const auto metrics = make_metrics();
    metrics->gauge("aisle_door", "d", {{"door", "a\"b\\\n"}}).set(1);
    EXPECT_TRUE(shows(*metrics, R"(aisle_door{door="a\"b\\\n"} 1)")) << metrics->text();
}

}  // namespace
}  // namespace aisle::runtime
