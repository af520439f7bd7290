#pragma once

#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <boost/json.hpp>

#include "agent/core/error.hpp"
#include "agent/core/money.hpp"
#include "agent/core/time.hpp"
#include "agent/records/names.hpp"

// Reads our own JSON objects field by field. The first thing wrong is kept and names the field
// ("lines[2].gross"); everything read afterwards is a default, so that callers look once, at the
// end.
namespace aisle::records {

class ObjectReader {
public:
    // The whole of a body. Not an object, or not JSON: `status()` says so.
    static ObjectReader parse(std::string_view json);

    [[nodiscard]] bool has(std::string_view key) const;  // there and not null
    // Absent or null gives the default; another type is an error.
    [[nodiscard]] std::string text(std::string_view key) const;
    [[nodiscard]] bool flag(std::string_view key, bool otherwise = false) const;
    [[nodiscard]] Money money(std::string_view key) const {
        return Money::minor(integer<std::int64_t>(key));
    }
    [[nodiscard]] double number(std::string_view key) const;
    [[nodiscard]] WallTime time(std::string_view key) const;
    template <typename Int>
    [[nodiscard]] Int integer(std::string_view key, Int otherwise = 0) const;
    template <typename Enum>
    [[nodiscard]] Enum word(std::string_view key) const;

    // Absent: an empty object.
    [[nodiscard]] ObjectReader object(std::string_view key) const;
    // Calls `each(ObjectReader)` for every element of an array of objects.
    template <typename Each>
    void objects(std::string_view key, Each each) const;
    template <typename Each>
    void texts(std::string_view key, Each each) const;
    [[nodiscard]] const boost::json::object& raw() const { return *object_; }

    // Absent or null is an error as well.
    void require(std::initializer_list<std::string_view> keys) const;
    void fail(std::string_view key, std::string_view why) const;
    [[nodiscard]] Status status() const;
    // `value`, unless something was wrong.
    template <typename T>
    [[nodiscard]] Result<T> finish(T value) const {
        if (!*first_error_) return value;
        return **first_error_;
    }

private:
    struct Document {
        boost::json::value value;
        std::optional<Error> error;
    };
    ObjectReader() = default;
    [[nodiscard]] const boost::json::value* find(std::string_view key) const;
    [[nodiscard]] const boost::json::array* array(std::string_view key) const;
    [[nodiscard]] std::int64_t integer64(std::string_view key, std::int64_t otherwise) const;
    [[nodiscard]] ObjectReader child(const boost::json::value& value, std::string path) const;

    std::shared_ptr<Document> document_;  // shared with the children
    std::optional<Error>* first_error_ = nullptr;
    const boost::json::object* object_ = nullptr;
    std::string path_;
};

template <typename Int>
Int ObjectReader::integer(std::string_view key, Int otherwise) const {
    const std::int64_t value = integer64(key, otherwise);
    if (std::in_range<Int>(value)) return static_cast<Int>(value);
    fail(key, "out of range");
    return otherwise;
}

template <typename Enum>
Enum ObjectReader::word(std::string_view key) const {
    if (!has(key)) return Enum{};
    const auto value = from_text<Enum>(text(key));
    if (!value) fail(key, "unknown word");
    return value.value_or(Enum{});
}

template <typename Each>
void ObjectReader::objects(std::string_view key, Each each) const {
    const auto* elements = array(key);
    if (!elements) return;
    for (std::size_t i = 0; i < elements->size(); ++i) {
        each(child((*elements)[i], path_ + std::string{key} + '[' + std::to_string(i) + ']'));
    }
}

template <typename Each>
void ObjectReader::texts(std::string_view key, Each each) const {
    const auto* elements = array(key);
    if (!elements) return;
    for (const auto& element : *elements) {
        if (const auto* text = element.if_string()) {
            each(std::string{text->data(), text->size()});
        } else {
            fail(key, "not an array of texts");
        }
    }
}

}  // namespace aisle::records
