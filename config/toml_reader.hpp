#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "agent/core/error.hpp"

// Reads TOML so that every fault names its place: `file:line:column: what is wrong (did you mean
// ...?)`. Faults are gathered, not thrown: one look at a file tells all that is wrong with it.
// toml++ stays in the .cpp.
namespace aisle::config {

class TomlFile;

// One table. Asking for a key makes it known; keys nobody asked for are faults in the end.
// A fault gives the fallback, so that reading goes on.
class Table {
public:
    [[nodiscard]] bool present() const { return node_ != nullptr; }
    [[nodiscard]] bool has(std::string_view key) const;

    std::string text(std::string_view key, std::string_view fallback);
    std::string required(std::string_view key);
    bool flag(std::string_view key, bool fallback);

    struct Range {
        std::int64_t fallback;
        std::int64_t min;
        std::int64_t max;
    };
    std::int64_t integer(std::string_view key, Range range);
    // One of `words`; the first is the fallback. Answers the index.
    std::size_t choice(std::string_view key, const std::vector<std::string_view>& words);
    // "HH:MM".
    std::chrono::minutes time_of_day(std::string_view key, std::chrono::minutes fallback);
    std::vector<std::string> texts(std::string_view key, std::vector<std::string> fallback = {});
    std::vector<std::int64_t> integers(std::string_view key, std::vector<std::int64_t> fallback);

    Table table(std::string_view key);                // absent: one that answers fallbacks
    std::vector<Table> tables(std::string_view key);  // [[key]]
    // Keys that the file chooses itself (a map of names). All become known.
    std::vector<std::string> keys();

    void fault(std::string_view key, std::string what);  // at the place of `key`, or of the table

private:
    friend class TomlFile;
    Table(TomlFile& file, const void* node, std::string path)
        : file_{&file}, node_{node}, path_{std::move(path)} {}

    const void* find(std::string_view key);

    TomlFile* file_;
    const void* node_;  // toml::table, or null where the file has none
    std::string path_;
};

class TomlFile {
public:
    // `name` is used in faults only. Broken TOML is one fault and an empty table.
    TomlFile(std::string_view text, std::string name);
    ~TomlFile();
    TomlFile(const TomlFile&) = delete;
    TomlFile& operator=(const TomlFile&) = delete;

    [[nodiscard]] Table root();
    // All faults in the order of the file, keys nobody asked for included; empty: the file is good.
    [[nodiscard]] std::vector<std::string> faults();

private:
    friend class Table;
    struct State;
    std::unique_ptr<State> state_;
};

// The whole file, or Unavailable with the reason.
Result<std::string> read_text_file(const std::string& path);

}  // namespace aisle::config
