#pragma once

#include <algorithm>
#include <cmath>
#include <map>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <string>

#include "footfall_run.hpp"

// Pictures of a run, without a pixel of the video: where people walked, where they were most, and
// how the counts grew.
namespace aisle::bench {

inline constexpr int kHeatColumns = 32;  // as in the figures of a camera
inline constexpr int kHeatRows = 18;

struct Canvas {
    int width = 768;
    int height = 576;
};

inline cv::Point pixel(tracking::Point point) {
    return {static_cast<int>(std::lround(point.x)), static_cast<int>(std::lround(point.y))};
}

// A colour a track that differs from its neighbours': steps of the golden angle round the wheel.
inline cv::Scalar colour_of(std::int64_t id) {
    const cv::Mat hue(1, 1, CV_8UC3, cv::Scalar(static_cast<double>(id * 68 % 180), 200, 190));
    cv::Mat colour;
    cv::cvtColor(hue, colour, cv::COLOR_HSV2BGR);
    const auto& bgr = colour.at<cv::Vec3b>(0, 0);
    return {static_cast<double>(bgr[0]), static_cast<double>(bgr[1]), static_cast<double>(bgr[2])};
}

// Feet, their ways, the scene's lines with an arrow to the inside, and the counts.
inline cv::Mat plot_tracks(const Outcome& outcome, const tracking::Scene& scene, Canvas size) {
    cv::Mat picture(size.height, size.width, CV_8UC3, cv::Scalar(250, 250, 250));
    std::map<std::int64_t, cv::Point> last;
    for (const tracking::MotRow& row : outcome.rows) {
        const cv::Point foot = pixel(tracking::foot_point(row.box));
        const auto before = last.find(row.id);
        if (before == last.end()) {
            cv::circle(picture, foot, 3, colour_of(row.id), cv::FILLED, cv::LINE_AA);
        } else {
            cv::line(picture, before->second, foot, colour_of(row.id), 1, cv::LINE_AA);
        }
        last[row.id] = foot;
    }
    for (std::size_t i = 0; i < scene.lines.size(); ++i) {
        const tracking::Line& line = scene.lines[i];
        const tracking::Point along{line.to.x - line.from.x, line.to.y - line.from.y};
        const tracking::Point middle{line.from.x + along.x / 2, line.from.y + along.y / 2};
        const double turn = (line.swap ? -24 : 24) / std::hypot(along.x, along.y);
        const tracking::Point inside{middle.x - along.y * turn, middle.y + along.x * turn};
        cv::line(picture, pixel(line.from), pixel(line.to), cv::Scalar(40, 40, 40), 2, cv::LINE_AA);
        cv::arrowedLine(picture, pixel(middle), pixel(inside), cv::Scalar(40, 40, 40), 2,
                        cv::LINE_AA, 0, 0.3);
        const auto& count = outcome.counts[i];
        const std::string text =
            line.name + " in " + std::to_string(count.in) + " out " + std::to_string(count.out);
        cv::putText(picture, text, pixel(middle) + cv::Point(6, 20), cv::FONT_HERSHEY_SIMPLEX, 0.45,
                    cv::Scalar(0, 0, 0), 1, cv::LINE_AA);
    }
    return picture;
}

// How often feet were in each cell, dark to bright; the scale is by the square root, else the one
// who waited outshines all who walked.
inline cv::Mat plot_heat(const Outcome& outcome, Canvas size) {
    cv::Mat cells = cv::Mat::zeros(kHeatRows, kHeatColumns, CV_32F);
    for (const tracking::MotRow& row : outcome.rows) {
        const tracking::Point foot = tracking::foot_point(row.box);
        const int x = static_cast<int>(foot.x / size.width * kHeatColumns);
        const int y = static_cast<int>(foot.y / size.height * kHeatRows);
        cells.at<float>(std::clamp(y, 0, kHeatRows - 1), std::clamp(x, 0, kHeatColumns - 1)) += 1;
    }
    cv::sqrt(cells, cells);
    cv::Mat grey;
    cv::normalize(cells, grey, 0, 255, cv::NORM_MINMAX, CV_8U);
    cv::Mat picture;
    cv::applyColorMap(grey, picture, cv::COLORMAP_INFERNO);
    cv::resize(picture, picture, {size.width, size.height}, 0, 0, cv::INTER_NEAREST);
    return picture;
}

// Counts over frames, in above and out below the middle, one colour a counting place.
inline cv::Mat plot_counts(const Outcome& outcome, const tracking::Scene& scene, Canvas size) {
    cv::Mat picture(size.height, size.width, CV_8UC3, cv::Scalar(255, 255, 255));
    std::int64_t most = 1;
    std::int64_t frames = 1;
    for (const auto& count : outcome.counts) most = std::max({most, count.in, count.out});
    for (const auto& row : outcome.rows) frames = std::max(frames, row.frame);
    const int middle = size.height / 2;
    const auto place = [&](std::int64_t frame, std::int64_t count) {
        return cv::Point{static_cast<int>(40 + (size.width - 160) * frame / frames),
                         middle - static_cast<int>((middle - 20) * count / most)};
    };
    cv::line(picture, place(0, 0), place(frames, 0), cv::Scalar(150, 150, 150));
    for (std::size_t i = 0; i < outcome.counts.size(); ++i) {
        const cv::Scalar colour = colour_of(static_cast<std::int64_t>(i * 2 + 1));
        for (const auto direction : {Direction::In, Direction::Out}) {
            const int sign = direction == Direction::In ? 1 : -1;
            std::int64_t count = 0;
            std::int64_t since = 0;
            for (const auto& event : outcome.events) {
                if (event.line != i || event.direction != direction) continue;
                const auto frame = std::max(event.frame, since);
                cv::line(picture, place(since, sign * count), place(frame, sign * count), colour,
                         2);
                cv::line(picture, place(frame, sign * count), place(frame, sign * (count + 1)),
                         colour, 2);
                ++count;
                since = frame;
            }
            cv::line(picture, place(since, sign * count), place(frames, sign * count), colour, 2);
            cv::putText(picture,
                        tracking::counting_name(scene, i) + (sign > 0 ? " in " : " out ") +
                            std::to_string(count),
                        place(frames, sign * count) + cv::Point(4, 4), cv::FONT_HERSHEY_SIMPLEX,
                        0.4, colour, 1, cv::LINE_AA);
        }
    }
    return picture;
}

// PREFIX-tracks.png, PREFIX-heat.png and PREFIX-counts.png.
inline bool write_plots(const std::string& prefix, const Outcome& outcome,
                        const tracking::Scene& scene, Canvas size) {
    return cv::imwrite(prefix + "-tracks.png", plot_tracks(outcome, scene, size)) &&
           cv::imwrite(prefix + "-heat.png", plot_heat(outcome, size)) &&
           cv::imwrite(prefix + "-counts.png", plot_counts(outcome, scene, size));
}

}  // namespace aisle::bench
