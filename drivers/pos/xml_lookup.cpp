#include "drivers/pos/xml_lookup.hpp"

#include <pugixml.hpp>

namespace aisle::pos {
namespace {

constexpr std::string_view kBlanks = " \t\r\n";

std::string_view behind_colon(std::string_view name) {
    const auto colon = name.rfind(':');
    if (colon != std::string_view::npos) name.remove_prefix(colon + 1);
    return name;
}

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(kBlanks);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

pugi::xml_node from_here(pugi::xml_node node, std::string_view name) {
    while (node && local_name(node) != name) node = node.next_sibling();
    return node;
}

// Document order without recursion: down, else right, else up until there is a right.
pugi::xml_node after(const pugi::xml_node& root, pugi::xml_node node) {
    if (node.first_child()) return node.first_child();
    while (node && node != root && !node.next_sibling()) node = node.parent();
    return node == root ? pugi::xml_node{} : node.next_sibling();
}

}  // namespace

std::string_view local_name(const pugi::xml_node& node) { return behind_colon(node.name()); }

pugi::xml_node child_named(const pugi::xml_node& parent, std::string_view name) {
    return from_here(parent.first_child(), name);
}

pugi::xml_node next_named(const pugi::xml_node& node, std::string_view name) {
    return from_here(node.next_sibling(), name);
}

pugi::xml_node descendant_named(const pugi::xml_node& root, std::string_view name) {
    if (!root) return {};
    auto node = after(root, root);
    while (node && local_name(node) != name) node = after(root, node);
    return node;
}

std::string_view text_of(const pugi::xml_node& node) { return trimmed(node.child_value()); }

std::string_view text_of(const pugi::xml_node& parent, std::string_view name) {
    return text_of(child_named(parent, name));
}

std::string_view attribute_of(const pugi::xml_node& node, std::string_view name) {
    for (const auto& attribute : node.attributes()) {
        if (behind_colon(attribute.name()) == name) return trimmed(attribute.value());
    }
    return {};
}

std::string_view either_of(const pugi::xml_node& node, std::string_view name) {
    const auto attribute = attribute_of(node, name);
    return attribute.empty() ? text_of(node, name) : attribute;
}

bool is_true(std::string_view text) { return text == "true" || text == "1"; }

}  // namespace aisle::pos
