#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "drivers/camera/frame.hpp"
#include "drivers/tracking/scene.hpp"

// A picture with a textured floor, noise of our own and dark people who walk across it. Same frame,
// same bytes.
namespace aisle::camera {

inline constexpr Frame::Size kPicture{.width = 192, .height = 144};
inline constexpr int kWalkerWidth = 14;
inline constexpr int kWalkerHeight = 36;

struct Place {
    int x = 0;
    int y = 0;
};
inline std::size_t offset(const Frame& frame, Place at) {
    return static_cast<std::size_t>(at.y * frame.width + at.x) * 3;
}
inline std::uint8_t* pixel(Frame& frame, Place at) { return frame.bgr.data() + offset(frame, at); }
inline const std::uint8_t* pixel(const Frame& frame, Place at) {
    return frame.bgr.data() + offset(frame, at);
}

class Shopfloor {
public:
    // A walker goes from the left edge to the right one in 60 frames, or the other way.
    struct Walker {
        int begins = 0;
        bool leftwards = false;
        int y = 10;
    };

    explicit Shopfloor(std::vector<Walker> walkers) : walkers_{std::move(walkers)} {}

    [[nodiscard]] Frame frame(int number, double light = 1) const {
        Frame picture;
        picture.shape(kPicture);
        std::uint32_t state = 12345 + static_cast<std::uint32_t>(number) * 7919U;
        for (int y = 0; y < picture.height; ++y) {
            for (int x = 0; x < picture.width; ++x) {
                state = state * 1664525U + 1013904223U;
                const int floor =
                    130 + ((x / 16 + y / 16) % 2) * 12 + static_cast<int>(state >> 30);
                std::fill_n(pixel(picture, {x, y}), 3, static_cast<std::uint8_t>(floor * light));
            }
        }
        for (const Walker& walker : walkers_) draw(picture, walker, number);
        return picture;
    }

    // The left edge of a walker in a frame.
    static int place_of(const Walker& walker, int number) {
        const int along = (number - walker.begins) * (kPicture.width + 20) / 60 - 20;
        return walker.leftwards ? kPicture.width - 20 - along : along;
    }

private:
    static void draw(Frame& picture, const Walker& walker, int number) {
        if (number < walker.begins || number > walker.begins + 60) return;
        const int left = place_of(walker, number);
        for (int y = walker.y; y < walker.y + kWalkerHeight; ++y) {
            for (int x = std::max(0, left); x < std::min(picture.width, left + kWalkerWidth); ++x) {
                std::fill_n(pixel(picture, {x, y}), 3, static_cast<std::uint8_t>(45));
            }
        }
    }

    std::vector<Walker> walkers_;
};

// An AVI file of raw pictures at ten a second, by the book (RIFF, rows from the bottom).
class RawAvi {
public:
    void add(const Frame& frame) {
        std::string rows;
        for (int y = frame.height - 1; y >= 0; --y) {
            rows.append(reinterpret_cast<const char*>(pixel(frame, {0, y})),
                        static_cast<std::size_t>(frame.width) * 3);
        }
        pictures_ += chunk("00db", rows);
        ++count_;
    }

    [[nodiscard]] std::string bytes() const {
        const std::uint32_t picture = kPicture.width * kPicture.height * 3;
        const std::string avih = numbers({100'000, picture * 10, 0, 0, count_, 0, 1, picture,
                                          kPicture.width, kPicture.height, 0, 0, 0, 0});
        const std::string strh =
            "vidsDIB " + numbers({0, 0, 0, 1, 10, 0, count_, picture, 0, 0, 0, 0});
        const std::string strf =
            numbers({40, kPicture.width, kPicture.height, 1U | 24U << 16, 0, picture, 0, 0, 0, 0});
        const std::string strl = chunk("LIST", "strl" + chunk("strh", strh) + chunk("strf", strf));
        const std::string hdrl = chunk("LIST", "hdrl" + chunk("avih", avih) + strl);
        return chunk("RIFF", "AVI " + hdrl + chunk("LIST", "movi" + pictures_));
    }

private:
    static std::string numbers(std::initializer_list<std::uint32_t> values) {
        std::string text;
        for (const std::uint32_t value : values) {
            for (int shift = 0; shift < 32; shift += 8) text += static_cast<char>(value >> shift);
        }
        return text;
    }
    static std::string chunk(const std::string& name, const std::string& body) {
        return name + numbers({static_cast<std::uint32_t>(body.size())}) + body;
    }

    std::string pictures_;
    std::uint32_t count_ = 0;
};

inline tracking::Scene middle_line() {
    return {{{.name = "middle", .from = {96, 0}, .to = {96, 143}}}};
}

// A folder of its own for a test's files, gone afterwards.
class Folder {
public:
    Folder() {
        std::string path =
            (std::filesystem::temp_directory_path() / "aisle-camera-XXXXXX").string();
        path_ = ::mkdtemp(path.data());
    }
    ~Folder() { std::filesystem::remove_all(path_); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    [[nodiscard]] std::string file(const std::string& name, const std::string& content = {}) const {
        const auto path = path_ / name;
        if (!content.empty()) std::ofstream{path, std::ios::binary} << content;
        return path.string();
    }

    // A video of `frames` pictures at ten a second.
    [[nodiscard]] std::string video(const Shopfloor& floor, int frames) const {
        RawAvi avi;
        for (int i = 0; i < frames; ++i) avi.add(floor.frame(i));
        return file("floor.avi", avi.bytes());
    }

private:
    std::filesystem::path path_;
};

inline const char* const kMiddleScene =
    "[[line]]\nname = \"middle\"\npoints = [[96, 0], [96, 143]]\n";

}  // namespace aisle::camera
