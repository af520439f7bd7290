#pragma once

#include <string_view>

namespace pugi {
class xml_node;
}

// Finding things in a POSLog by their LOCAL names: vendors agree on neither namespace nor version
// (reference/pos.md section 1.1). The views live as long as the document.
namespace aisle::pos {

std::string_view local_name(const pugi::xml_node& node);
// The first child element of that name; an empty node where there is none. All of these take empty
// nodes.
pugi::xml_node child_named(const pugi::xml_node& parent, std::string_view name);
pugi::xml_node next_named(const pugi::xml_node& node, std::string_view name);
// The first in document order at any depth.
pugi::xml_node descendant_named(const pugi::xml_node& root, std::string_view name);
// Trimmed; empty where it is absent.
std::string_view text_of(const pugi::xml_node& node);
std::string_view text_of(const pugi::xml_node& parent, std::string_view name);
std::string_view attribute_of(const pugi::xml_node& node, std::string_view name);
// An attribute or, failing that, a child element of that name.
std::string_view either_of(const pugi::xml_node& node, std::string_view name);
bool is_true(std::string_view text);

}  // namespace aisle::pos
