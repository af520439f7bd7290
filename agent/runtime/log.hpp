#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

// Structured log to stderr, one line an event: `<N>level event key=value ...` for journald. From
// any thread. No personal data: ids of members and tags do not convert to a Field, only their
// eight-digit digests may be built.
namespace aisle::log {

struct Field {
    Field(std::string_view field_key, std::string_view text) : key{field_key}, value{text} {}
    Field(std::string_view field_key, const char* text) : key{field_key}, value{text} {}
    template <std::integral Number>
    Field(std::string_view field_key, Number number)
        : key{field_key}, value{std::to_string(number)} {}

    std::string key;
    std::string value;
};
using Fields = std::initializer_list<Field>;

enum class Level { Debug, Info, Warn, Error };

void set_level(Level level);
void error(std::string_view event, Fields fields = {});  // an operator must act
void warn(std::string_view event, Fields fields = {});   // degraded, mends itself
void info(std::string_view event, Fields fields = {});   // life-cycle
void debug(std::string_view event, Fields fields = {});

// Of one event at most ten lines a minute are written; the others are counted and summed up in one
// line, by the next line after that minute or by this, which the loop calls once a second.
void sum_up_repeated();

}  // namespace aisle::log
