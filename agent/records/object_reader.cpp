#include "agent/records/object_reader.hpp"

namespace aisle::records {
namespace {

namespace json = boost::json;

const json::object kNothing;

}  // namespace

ObjectReader ObjectReader::parse(std::string_view text) {
    ObjectReader reader;
    reader.document_ = std::make_shared<Document>();
    reader.first_error_ = &reader.document_->error;
    reader.object_ = &kNothing;
    boost::system::error_code failed;
    reader.document_->value = json::parse(json::string_view{text.data(), text.size()}, failed);
    if (failed) {
        reader.document_->error = malformed("not JSON: " + failed.message());
    } else if (const auto* object = reader.document_->value.if_object()) {
        reader.object_ = object;
    } else {
        reader.document_->error = malformed("not a JSON object");
    }
    return reader;
}

const json::value* ObjectReader::find(std::string_view key) const {
    const auto* value = object_->if_contains(json::string_view{key.data(), key.size()});
    return value && !value->is_null() ? value : nullptr;
}

bool ObjectReader::has(std::string_view key) const { return find(key) != nullptr; }

void ObjectReader::fail(std::string_view key, std::string_view why) const {
    if (*first_error_) return;
    *first_error_ = malformed(path_ + std::string{key} + ": " + std::string{why});
}

std::string ObjectReader::text(std::string_view key) const {
    const auto* value = find(key);
    if (!value) return {};
    if (const auto* found = value->if_string()) return {found->data(), found->size()};
    fail(key, "not a text");
    return {};
}

bool ObjectReader::flag(std::string_view key, bool otherwise) const {
    const auto* value = find(key);
    if (!value) return otherwise;
    if (const auto* found = value->if_bool()) return *found;
    fail(key, "neither true nor false");
    return otherwise;
}

// Doubles that happen to be whole are refused too: an amount is never written as 1e3.
std::int64_t ObjectReader::integer64(std::string_view key, std::int64_t otherwise) const {
    const auto* value = find(key);
    if (!value) return otherwise;
    if (const auto* found = value->if_int64()) return *found;
    fail(key, "not a whole number of 64 bits");
    return otherwise;
}

double ObjectReader::number(std::string_view key) const {
    const auto* value = find(key);
    if (!value) return 0;
    if (const auto* whole = value->if_int64()) return static_cast<double>(*whole);
    if (const auto* found = value->if_double()) return *found;
    fail(key, "not a number");
    return 0;
}

WallTime ObjectReader::time(std::string_view key) const {
    if (!has(key)) return {};
    const auto found = parse_rfc3339(text(key));
    if (!found) fail(key, "not an RFC 3339 time");
    return found.value_or(WallTime{});
}

ObjectReader ObjectReader::child(const json::value& value, std::string path) const {
    ObjectReader reader{*this};
    reader.object_ = value.if_object();
    reader.path_ = path + '.';
    if (!reader.object_) {
        if (!*first_error_) *first_error_ = malformed(path + ": not an object");
        reader.object_ = &kNothing;
    }
    return reader;
}

ObjectReader ObjectReader::object(std::string_view key) const {
    const auto* value = find(key);
    if (value) return child(*value, path_ + std::string{key});
    ObjectReader empty{*this};
    empty.object_ = &kNothing;
    return empty;
}

const json::array* ObjectReader::array(std::string_view key) const {
    const auto* value = find(key);
    if (!value) return nullptr;
    if (!value->is_array()) fail(key, "not an array");
    return value->if_array();
}

void ObjectReader::require(std::initializer_list<std::string_view> keys) const {
    for (const auto key : keys) {
        if (!has(key)) fail(key, "missing");
    }
}

Status ObjectReader::status() const {
    if (*first_error_) return **first_error_;
    return {};
}

}  // namespace aisle::records
