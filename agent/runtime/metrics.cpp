#include "agent/runtime/metrics.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <cassert>
#include <map>
#include <mutex>
#include <utility>

namespace aisle::runtime {

namespace {

class PrometheusCounter final : public Counter {
public:
    explicit PrometheusCounter(prometheus::Counter& counter) : counter_{counter} {}
    void add(double amount) override { counter_.Increment(amount); }
    [[nodiscard]] double value() const override { return counter_.Value(); }

private:
    prometheus::Counter& counter_;
};

class PrometheusGauge final : public Gauge {
public:
    explicit PrometheusGauge(prometheus::Gauge& gauge) : gauge_{gauge} {}
    void set(double value) override { gauge_.Set(value); }
    [[nodiscard]] double value() const override { return gauge_.Value(); }

private:
    prometheus::Gauge& gauge_;
};

class PrometheusHistogram final : public Histogram {
public:
    explicit PrometheusHistogram(prometheus::Histogram& histogram) : histogram_{histogram} {}
    void observe(double value) override { histogram_.Observe(value); }

private:
    prometheus::Histogram& histogram_;
};

using LabelMap = std::map<std::string, std::string>;

LabelMap label_map(const Labels& labels) {
    LabelMap map;
    for (const Label& label : labels) map.emplace(label.name, label.value);
    return map;
}

// One kind of metric by name and labels. prometheus-cpp hands out the same object for the same
// labels; ours is kept beside it, so that a reference stays good.
template <typename Ours>
using Kept = std::map<std::pair<std::string, LabelMap>, std::unique_ptr<Ours>>;

class PrometheusMetrics final : public Metrics {
public:
    Counter& counter(std::string_view name, std::string_view help, const Labels& labels) override {
        return kept(counters_, name, labels, [&](const LabelMap& map) {
            auto& family = prometheus::BuildCounter()
                               .Name(std::string{name})
                               .Help(std::string{help})
                               .Register(registry_);
            return std::make_unique<PrometheusCounter>(family.Add(map));
        });
    }

    Gauge& gauge(std::string_view name, std::string_view help, const Labels& labels) override {
        return kept(gauges_, name, labels, [&](const LabelMap& map) {
            auto& family = prometheus::BuildGauge()
                               .Name(std::string{name})
                               .Help(std::string{help})
                               .Register(registry_);
            return std::make_unique<PrometheusGauge>(family.Add(map));
        });
    }

    Histogram& histogram(std::string_view name, std::string_view help, std::vector<double> buckets,
                         const Labels& labels) override {
        return kept(histograms_, name, labels, [&](const LabelMap& map) {
            auto& family = prometheus::BuildHistogram()
                               .Name(std::string{name})
                               .Help(std::string{help})
                               .Register(registry_);
            return std::make_unique<PrometheusHistogram>(family.Add(map, std::move(buckets)));
        });
    }

    [[nodiscard]] std::string text() const override {
        return prometheus::TextSerializer{}.Serialize(registry_.Collect());
    }

private:
    template <typename Ours, typename Make>
    Ours& kept(Kept<Ours>& all, std::string_view name, const Labels& labels, Make&& make) {
        assert(name.starts_with("aisle_"));
        const std::scoped_lock lock{mutex_};
        auto key = std::pair{std::string{name}, label_map(labels)};
        auto& place = all[key];
        if (!place) place = make(key.second);
        return *place;
    }

    prometheus::Registry registry_;
    std::mutex mutex_;
    Kept<Counter> counters_;
    Kept<Gauge> gauges_;
    Kept<Histogram> histograms_;
};

}  // namespace

std::unique_ptr<Metrics> make_metrics() { return std::make_unique<PrometheusMetrics>(); }

}  // namespace aisle::runtime
