#include <array>
#include <boost/json.hpp>
#include <iostream>

#include "agent/app/aislectl/tool.hpp"
#include "config/toml_reader.hpp"

namespace aisle::app::ctl {
namespace {

namespace json = boost::json;

constexpr std::array<AddTool, 12> kTools{add_customers, add_pos,    add_footfall, add_beacon,
                                         add_offers,    add_live,   add_files,    add_setup,
                                         add_keys,      add_bundle, add_audit,    add_backup};

void write_pretty(std::ostream& out, const json::value& value, const std::string& indent);

template <typename Items, typename WriteItem>
void write_items(std::ostream& out, const Items& items, const char* brackets,
                 const std::string& indent, WriteItem write_item) {
    if (items.empty()) {
        out << brackets[0] << brackets[1];
        return;
    }
    out << brackets[0];
    const char* before = "\n";
    for (const auto& item : items) {
        out << before << indent << "  ";
        write_item(item);
        before = ",\n";
    }
    out << "\n" << indent << brackets[1];
}

void write_pretty(std::ostream& out, const json::value& value, const std::string& indent) {
    if (const auto* object = value.if_object()) {
        write_items(out, *object, "{}", indent, [&](const auto& member) {
            out << json::serialize(json::string{member.key()}) << ": ";
            write_pretty(out, member.value(), indent + "  ");
        });
    } else if (const auto* array = value.if_array()) {
        write_items(out, *array, "[]", indent,
                    [&](const auto& item) { write_pretty(out, item, indent + "  "); });
    } else {
        out << json::serialize(value);
    }
}

}  // namespace

void print(std::string_view text, const Outcome& outcome) {
    if (outcome.pretty) {
        json::error_code error;
        const json::value value = json::parse(json::string_view{text.data(), text.size()}, error);
        if (!error) {
            write_pretty(std::cout, value, "");
            std::cout << "\n";
            return;
        }
    }
    std::cout << text << "\n";
}

int fail(const Error& error) {
    std::cerr << "aislectl: " << error.detail << "\n";
    switch (error.fault) {
        case Fault::Malformed:
            return kBadInput;
        case Fault::Unavailable:
            return kUnavailable;
        case Fault::Full:
            return kAgain;
        case Fault::Denied:
            break;
    }
    return 77;
}

Result<std::string> read_input(const std::string& path) { return config::read_text_file(path); }

void add_all(CLI::App& app, Outcome& outcome) {
    for (const AddTool add : kTools) add(app, outcome);
}

}  // namespace aisle::app::ctl
