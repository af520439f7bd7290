#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "agent/core/money.hpp"
#include "drivers/pos/poslog_parser.hpp"

namespace aisle::pos {

// Reads the numbers of one transaction and remembers the first that is wrong, so that callers look
// once, at the end.
class Amounts {
public:
    explicit Amounts(int minor_digits) : minor_digits_{minor_digits} {}

    // Empty text is zero; whoever needs a number asks for it with refuse().
    Money money(std::string_view text, std::string_view what);
    std::int64_t milli(std::string_view text, std::string_view what);
    std::int32_t ppm_of_percent(std::string_view text, std::string_view what);
    void refuse(std::string reason, std::string detail);
    [[nodiscard]] const std::optional<Refusal>& problem() const { return problem_; }

private:
    int minor_digits_;
    std::optional<Refusal> problem_;
};

}  // namespace aisle::pos
