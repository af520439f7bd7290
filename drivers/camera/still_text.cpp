#include "drivers/camera/still_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>

namespace aisle::camera {
namespace {

constexpr std::size_t kNumbers = 5;  // of a place: x, y, w, h, minutes of evidence
constexpr std::int64_t kMinutesMax = 24 * 60;

std::string head_of(Frame::Size picture) {
    return std::to_string(picture.width) + "x" + std::to_string(picture.height);
}

std::optional<std::array<std::int64_t, kNumbers>> numbers_in(std::string_view row) {
    std::array<std::int64_t, kNumbers> numbers{};
    for (std::size_t i = 0; i < kNumbers; ++i) {
        const auto comma = row.find(',');
        const auto text = row.substr(0, comma);
        const auto [end, error] =
            std::from_chars(text.data(), text.data() + text.size(), numbers[i]);
        if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
        if ((comma == std::string_view::npos) != (i + 1 == kNumbers)) return std::nullopt;
        row.remove_prefix(comma == std::string_view::npos ? row.size() : comma + 1);
    }
    return numbers;
}

}  // namespace

std::string still_text(std::span<const tracking::StillPlace> places, Frame::Size picture) {
    std::string text = head_of(picture);
    for (const tracking::StillPlace& place : places) {
        if (!place.masked) continue;
        text += ';';
        const tracking::Box& box = place.box;
        for (const double side : {box.x, box.y, box.w, box.h})
            text += std::to_string(std::lround(side)) + ',';
        text += std::to_string(std::chrono::floor<minutes>(place.evidence).count());
    }
    return text;
}

std::vector<tracking::StillPlace> still_places(std::string_view text, Frame::Size picture) {
    std::vector<tracking::StillPlace> places;
    const std::string head = head_of(picture);
    if (!text.starts_with(head)) return {};
    text.remove_prefix(head.size());
    while (!text.empty() && places.size() < tracking::kStillPlacesMax) {
        if (text.front() != ';') return {};
        text.remove_prefix(1);
        const auto row = numbers_in(text.substr(0, text.find(';')));
        if (!row || (*row)[4] < 0 || (*row)[4] > kMinutesMax) return {};
        const auto side = [&](std::size_t i) { return static_cast<double>((*row)[i]); };
        // Less than a minute is told as none, and would be forgotten at once.
        places.push_back({.box = {.x = side(0), .y = side(1), .w = side(2), .h = side(3)},
                          .evidence = std::max<milliseconds>(minutes{(*row)[4]}, seconds{30}),
                          .masked = true});
        text.remove_prefix(std::min(text.size(), text.find(';')));
    }
    return places;
}

}  // namespace aisle::camera
