#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

// Prometheus metrics; prometheus-cpp stays inside metrics.cpp. Names start with aisle_, units last,
// counters end in _total. Labels are few and closed: never a customer, a tag, a SKU. From any
// thread.
namespace aisle::runtime {

struct Label {
    std::string name;
    std::string value;
};
using Labels = std::vector<Label>;

class Counter {
public:
    virtual ~Counter() = default;
    virtual void add(double amount = 1) = 0;
    [[nodiscard]] virtual double value() const = 0;
};

class Gauge {
public:
    virtual ~Gauge() = default;
    virtual void set(double value) = 0;
    [[nodiscard]] virtual double value() const = 0;
};

class Histogram {
public:
    virtual ~Histogram() = default;
    virtual void observe(double value) = 0;
};

// Owns the metrics; references stay good as long as it lives. Asking again for the same name and
// labels gives the same one.
class Metrics {
public:
    virtual ~Metrics() = default;
    virtual Counter& counter(std::string_view name, std::string_view help,
                             const Labels& labels = {}) = 0;
    virtual Gauge& gauge(std::string_view name, std::string_view help,
                         const Labels& labels = {}) = 0;
    virtual Histogram& histogram(std::string_view name, std::string_view help,
                                 std::vector<double> buckets, const Labels& labels = {}) = 0;
    [[nodiscard]] virtual std::string text() const = 0;  // text/plain; version=0.0.4
};

std::unique_ptr<Metrics> make_metrics();

}  // namespace aisle::runtime
