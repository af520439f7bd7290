#include "config/toml_reader.hpp"

#include <toml++/toml.h>
#include <algorithm>
#include <array>
#include <fstream>
#include <map>
#include <set>

#include "config/nearest.hpp"

namespace aisle::config {
namespace {

struct Fault {
    toml::source_position at;
    std::string what;
};

const toml::table* as_table(const void* node) { return static_cast<const toml::table*>(node); }
const toml::node* as_node(const void* node) { return static_cast<const toml::node*>(node); }

std::string joined(const std::string& path, std::string_view key) {
    return path.empty() ? std::string{key} : path + "." + std::string{key};
}

}  // namespace

struct TomlFile::State {
    std::string name;
    toml::table root;
    std::vector<Fault> faults;
    bool broken = false;  // not TOML: nothing else can be said about it
    std::map<const toml::table*, std::set<std::string>> asked;
    std::map<const toml::table*, std::string> paths;

    void fault(const toml::node* node, std::string what) {
        if (broken) return;
        faults.push_back(
            {node != nullptr ? node->source().begin : toml::source_position{}, std::move(what)});
    }

    void find_unknown(const toml::table& table) {
        const auto known = asked.find(&table);
        if (known == asked.end()) return;  // its parent has already complained about it
        const std::vector<std::string> words{known->second.begin(), known->second.end()};
        for (const auto& [key, value] : table) {
            if (!known->second.contains(std::string{key.str()})) {
                const std::string near = nearest(key.str(), words);
                faults.push_back({key.source().begin,
                                  "unknown key '" + joined(paths[&table], key.str()) + "'" +
                                      (near.empty() ? "" : " (did you mean '" + near + "'?)")});
            } else if (const auto* inner = value.as_table()) {
                find_unknown(*inner);
            } else if (const auto* list = value.as_array()) {
                for (const auto& item : *list) {
                    if (const auto* row = item.as_table()) find_unknown(*row);
                }
            }
        }
    }
};

TomlFile::TomlFile(std::string_view text, std::string name) : state_{std::make_unique<State>()} {
    state_->name = std::move(name);
    try {
        state_->root = toml::parse(text, state_->name);
    } catch (const toml::parse_error& error) {
        state_->faults.push_back({error.source().begin, std::string{error.description()}});
        state_->broken = true;
    }
}

TomlFile::~TomlFile() = default;

Table TomlFile::root() {
    state_->asked[&state_->root];
    return {*this, &state_->root, ""};
}

std::vector<std::string> TomlFile::faults() {
    if (state_->asked.contains(&state_->root)) state_->find_unknown(state_->root);
    std::ranges::stable_sort(state_->faults, [](const Fault& a, const Fault& b) {
        return std::pair{a.at.line, a.at.column} < std::pair{b.at.line, b.at.column};
    });
    std::vector<std::string> lines;
    for (const Fault& fault : state_->faults) {
        lines.push_back(state_->name + ":" + std::to_string(std::max(1U, fault.at.line)) + ":" +
                        std::to_string(std::max(1U, fault.at.column)) + ": " + fault.what);
    }
    return lines;
}

const void* Table::find(std::string_view key) {
    if (node_ == nullptr) return nullptr;
    file_->state_->asked[as_table(node_)].insert(std::string{key});
    return as_table(node_)->get(key);
}

bool Table::has(std::string_view key) const {
    return node_ != nullptr && as_table(node_)->contains(key);
}

void Table::fault(std::string_view key, std::string what) {
    const toml::node* place = node_ != nullptr ? as_table(node_)->get(key) : nullptr;
    if (place == nullptr) place = as_table(node_);
    file_->state_->fault(place, joined(path_, key) + " " + std::move(what));
}

std::string Table::text(std::string_view key, std::string_view fallback) {
    const auto* node = as_node(find(key));
    if (node == nullptr) return std::string{fallback};
    if (const auto* value = node->as_string()) return value->get();
    fault(key, "must be a text in quotes");
    return std::string{fallback};
}

std::string Table::required(std::string_view key) {
    if (find(key) == nullptr) fault(key, "is missing");
    std::string value = text(key, "");
    if (has(key) && as_table(node_)->get(key)->is_string() && value.empty()) {
        fault(key, "must not be empty");
    }
    return value;
}

bool Table::flag(std::string_view key, bool fallback) {
    const auto* node = as_node(find(key));
    if (node == nullptr) return fallback;
    if (const auto* value = node->as_boolean()) return value->get();
    fault(key, "must be true or false");
    return fallback;
}

std::int64_t Table::integer(std::string_view key, Range range) {
    const auto* node = as_node(find(key));
    if (node == nullptr) return range.fallback;
    const auto* value = node->as_integer();
    if (value != nullptr && value->get() >= range.min && value->get() <= range.max)
        return value->get();
    fault(key, "must be a whole number from " + std::to_string(range.min) + " to " +
                   std::to_string(range.max));
    return range.fallback;
}

std::size_t Table::choice(std::string_view key, const std::vector<std::string_view>& words) {
    const std::string value = text(key, words.front());
    const auto found = std::ranges::find(words, value);
    if (found != words.end()) return static_cast<std::size_t>(found - words.begin());
    const std::string near = nearest(value, {words.begin(), words.end()});
    std::string list;
    for (const auto word : words) list += (list.empty() ? "" : ", ") + std::string{word};
    fault(key, "must be one of " + list + (near.empty() ? "" : " (did you mean '" + near + "'?)"));
    return 0;
}

std::chrono::minutes Table::time_of_day(std::string_view key, std::chrono::minutes fallback) {
    if (find(key) == nullptr) return fallback;
    const std::string value = text(key, "");
    if (!as_table(node_)->get(key)->is_string()) return fallback;  // text() has said so
    const auto digit = [&](std::size_t i) { return value[i] >= '0' && value[i] <= '9'; };
    if (value.size() == 5 && value[2] == ':' && digit(0) && digit(1) && digit(3) && digit(4)) {
        const int hour = (value[0] - '0') * 10 + (value[1] - '0');
        const int minute = (value[3] - '0') * 10 + (value[4] - '0');
        if (hour < 24 && minute < 60) return std::chrono::minutes{hour * 60 + minute};
    }
    fault(key, "must be a time of day, as \"04:00\"");
    return fallback;
}

std::vector<std::string> Table::texts(std::string_view key, std::vector<std::string> fallback) {
    const auto* node = as_node(find(key));
    if (node == nullptr) return fallback;
    std::vector<std::string> values;
    if (const auto* list = node->as_array()) {
        for (const auto& item : *list) {
            if (const auto* value = item.as_string()) values.push_back(value->get());
        }
        if (values.size() == list->size()) return values;
    }
    fault(key, "must be a list of texts");
    return fallback;
}

std::vector<std::int64_t> Table::integers(std::string_view key,
                                          std::vector<std::int64_t> fallback) {
    const auto* node = as_node(find(key));
    if (node == nullptr) return fallback;
    std::vector<std::int64_t> values;
    if (const auto* list = node->as_array()) {
        for (const auto& item : *list) {
            if (const auto* value = item.as_integer()) values.push_back(value->get());
        }
        if (values.size() == list->size()) return values;
    }
    fault(key, "must be a list of whole numbers");
    return fallback;
}

Table Table::table(std::string_view key) {
    const std::string path = joined(path_, key);
    const auto* node = as_node(find(key));
    if (node != nullptr && !node->is_table()) fault(key, "must be a table");
    const toml::table* inner = node != nullptr ? node->as_table() : nullptr;
    if (inner != nullptr) file_->state_->asked[inner], file_->state_->paths[inner] = path;
    return {*file_, inner, path};
}

std::vector<Table> Table::tables(std::string_view key) {
    std::vector<Table> rows;
    const auto* node = as_node(find(key));
    if (node == nullptr) return rows;
    const auto* list = node->as_array();
    if (list == nullptr || !list->is_homogeneous(toml::node_type::table)) {
        fault(key, "must be a list of tables, as [[" + joined(path_, key) + "]]");
        return rows;
    }
    for (const auto& item : *list) {
        const std::string path = joined(path_, key);
        file_->state_->asked[item.as_table()], file_->state_->paths[item.as_table()] = path;
        rows.push_back(Table{*file_, item.as_table(), path});
    }
    return rows;
}

std::vector<std::string> Table::keys() {
    std::vector<std::string> all;
    if (node_ == nullptr) return all;
    for (const auto& [key, value] : *as_table(node_)) {
        all.emplace_back(key.str());
        file_->state_->asked[as_table(node_)].insert(all.back());
    }
    return all;
}

Result<std::string> read_text_file(const std::string& path) {
    std::ifstream file{path, std::ios::binary};
    if (!file) return unavailable("cannot read " + path);
    std::string text;
    std::array<char, 4096> part{};
    do {
        file.read(part.data(), part.size());
        text.append(part.data(), static_cast<std::size_t>(file.gcount()));
    } while (file);
    if (file.bad()) return unavailable("cannot read " + path);  // a directory, a broken disk
    return text;
}

}  // namespace aisle::config
